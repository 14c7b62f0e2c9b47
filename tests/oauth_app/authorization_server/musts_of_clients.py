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
    "a_registration_answer_leaves_nothing_out": Must(
        "RFC 7591 3.2.1",
        "2025-03-26",
        "The answer tells the id, the secret and its expiry, and all metadata as registered.",
    ),
    "a_registration_is_managed_with_its_own_token_only": Must(
        "RFC 7592 2, 3",
        "2025-03-26",
        "Only the registration access token of a client reads, changes or deletes it.",
    ),
    "an_access_token_manages_no_registration": Must(
        "RFC 7592 3",
        "2025-03-26",
        "Tokens of people manage no registration.",
    ),
    "a_registration_that_does_not_exist_is_answered_as_a_wrong_token": Must(
        "RFC 7592 2.1",
        "2025-03-26",
        "Where the client does not exist the answer is 401.",
    ),
    "a_deleted_registration_takes_all_its_credentials_along": Must(
        "RFC 7592 2.3",
        "2025-03-26",
        "A deleted client's id, secret and registration token are invalid, and its tokens.",
    ),
    "a_registration_is_not_replaced_by_that_of_another_client": Must(
        "RFC 7592 2.2",
        "2025-03-26",
        "The client_id of an update is the one that was issued.",
    ),
    "a_client_cannot_choose_its_own_secret": Must(
        "RFC 7592 2.2",
        "2025-03-26",
        "A client does not overwrite its secret with a value of its own.",
    ),
    "every_other_redirect_is_refused_with_the_code_of_rfc_7591": Must(
        "MCP authorization, communication security; RFC 7591 3.2.2",
        "2025-03-26",
        "Redirect addresses are https, this computer, or the scheme of a known application.",
    ),
    "wrong_metadata_is_refused_naming_the_member": Must(
        "RFC 7591 3.2.2",
        "2025-03-26",
        "Invalid metadata is answered with an error code of the RFC.",
    ),
    "a_body_that_is_not_an_object_is_refused": Must(
        "RFC 7591 3.1",
        "2025-03-26",
        "A registration is a JSON object.",
    ),
    "only_posts_register": Must(
        "RFC 7591 3.1",
        "2025-03-26",
        "Clients are registered with POST.",
    ),
    "reading_and_deleting_a_registration_takes_its_own_token": Must(
        "RFC 7592 2.1, 2.3",
        "2025-03-26",
        "Reading and deleting take the registration access token.",
    ),
    "replacing_a_registration_obeys_the_same_policy": Must(
        "RFC 7592 2.2",
        "2025-03-26",
        "What an update asks for is checked as at registration.",
    ),
    "the_issuer_is_the_public_address_byte_for_byte": Must(
        "RFC 8414 3.3",
        "2025-03-26",
        "The issuer in the metadata is identical to the one it was asked for by.",
    ),
    "the_issuer_does_not_follow_the_host_header": Must(
        "RFC 8414 3.3; RFC 9207 2",
        "2025-03-26",
        "Nobody but the operator decides who the issuer is.",
    ),
    "only_the_code_flow_with_s256_and_client_credentials_are_offered": Must(
        "MCP authorization code protection; RFC 9700 2.1.1",
        "2025-11-25",
        "The metadata lists S256, without which clients refuse to go on.",
    ),
    "public_clients_issuer_answers_and_url_identified_clients_are_announced": Must(
        "RFC 9207 3; RFC 8414 2",
        "2026-07-28",
        "The metadata says that answers carry the issuer and which ways of clients are known.",
    ),
    "the_protected_resource_is_the_address_itself_byte_for_byte": Must(
        "RFC 9728 3.3",
        "2025-06-18",
        "The resource in the metadata is identical to the address it was asked for by.",
    ),
    "no_metadata_is_made_up_for_other_paths": Must(
        "RFC 9728 3.1; RFC 8414 3.1",
        "2025-06-18",
        "Metadata is told of resources that exist only.",
    ),
    "no_other_page_of_the_toolkit_is_reachable": Must(
        "RFC 9700 2.1.2, 2.4",
        "2025-03-26",
        "No endpoint is there for a flow that must not be used.",
    ),
    "a_document_that_names_another_client_is_refused": Must(
        "MCP authorization, client ID metadata documents",
        "2025-11-25",
        "The client_id in the document is the address it was fetched from, exactly.",
    ),
    "a_document_cannot_get_around_the_redirect_policy": Must(
        "MCP authorization, communication security",
        "2025-11-25",
        "The redirect addresses of a document obey the same rules.",
    ),
    "a_redirect_that_is_not_in_the_document_is_refused": Must(
        "MCP authorization, client ID metadata documents",
        "2025-11-25",
        "The redirect address is one of those in the document.",
    ),
    "a_document_with_a_secret_is_refused": Must(
        "draft-ietf-oauth-client-id-metadata-document-01 4.1",
        "2025-11-25",
        "A document has neither a shared secret nor a method that needs one.",
    ),
    "a_document_never_takes_over_a_registered_client": Must(
        "draft-ietf-oauth-client-id-metadata-document-01 4",
        "2025-11-25",
        "What a document says holds for the client of its own address alone.",
    ),
    "an_update_takes_no_secret_away_and_leaves_none_untold": Must(
        "RFC 7592 2.2; RFC 7591 3.2.1",
        "2025-03-26",
        "A secret that is issued is told in the answer, and credentials are not downgraded.",
    ),
}
