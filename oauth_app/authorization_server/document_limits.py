"""How often strangers may make this server fetch the document of a client."""

from typing import Final

from oauthlib.common import Request

from oauth_app.address_limits import AddressLimit

# Each may leave a row here and sends a request to an address that a stranger chose.
DOCUMENTS: Final = AddressLimit("documents", most=60)


class FetchesOfEachAddress:
    """One of django-oauth-toolkit's permission classes for clients identified by a document."""

    def has_permission(
        self,
        request: Request | None,
        client_id: str,  # noqa: ARG002  # the library's signature
    ) -> bool:
        """Whether one more may be fetched; without a request it is that of a known client."""
        if request is None:
            return True
        return DOCUMENTS.spend(request.headers.get("REMOTE_ADDR", "")).is_allowed
