"""What registration, metadata and metadata documents of clients must never do."""

from tests.oauth_app.authorization_server.musts import Must

_CIMD = "draft-ietf-oauth-client-id-metadata-document-01"

CLIENT_MUSTS: dict[str, Must] = {
    # --- documents (CIMD) -----------------------------------------------------------------------
    "no_name_leads_to_an_address_inside": Must(
        "MCP 2025-11-25, client ID metadata documents, SSRF; " + _CIMD + " 6.5",
        "2025-11-25",
        "A document is not fetched from special-use addresses, whatever name stands for them.",
    ),
    "no_spelling_of_an_address_leads_inside": Must(
        "MCP 2025-11-25, client ID metadata documents, SSRF; " + _CIMD + " 6.5",
        "2025-11-25",
        "A document is not fetched from special-use addresses, however they are written.",
    ),
    "a_name_that_changes_its_address_in_between_gains_nothing": Must(
        "MCP 2025-11-25, security best practices, SSRF",
        "2025-11-25",
        "What is connected to is the address that was checked, not a later answer of the name.",
    ),
    "no_redirect_of_a_document_is_followed": Must(
        _CIMD + " 4",
        "2025-11-25",
        "The authorization server does not follow redirects when it fetches a document.",
    ),
    "an_address_of_another_form_is_never_asked": Must(
        _CIMD + " 3",
        "2025-11-25",
        "A client identifier URL is https, has a path, and neither dot segments, fragment nor "
        "user name.",
    ),
}
