"""What a client may register about itself (RFC 7591), and what is made of it."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field, ValidationError, field_validator

from oauth_app.authorization_server.clients import cleaned_name
from oauth_app.authorization_server.redirects import RedirectNotAllowed, read_redirect

AuthMethod = Literal["none", "client_secret_basic", "client_secret_post"]
MOST_BYTES = 16 * 1024
MOST_REDIRECTS = 10


class RegistrationRefused(Exception):
    """A registration that breaks a rule: `code` of RFC 7591 and a sentence for developers."""

    def __init__(self, code: str, description: str, *, status: int = 400) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.status = status


class ClientMetadata(BaseModel):
    """The members that count; all others are ignored, as the RFC allows."""

    redirect_uris: Annotated[list[str], Field(min_length=1, max_length=MOST_REDIRECTS)]
    client_name: str = ""
    grant_types: list[str] = ["authorization_code"]
    token_endpoint_auth_method: AuthMethod = "client_secret_basic"  # noqa: S105  # a method's name
    # Sent by a client that replaces its registration; which one, the address says.
    client_id: str | None = None

    @field_validator("redirect_uris")
    @classmethod
    def _are_allowed(cls, uris: list[str]) -> list[str]:
        for uri in uris:
            try:
                read_redirect(uri)
            except RedirectNotAllowed as refusal:
                raise ValueError(str(refusal)) from None
        return uris

    @field_validator("client_name")
    @classmethod
    def _is_clean(cls, name: str) -> str:
        return cleaned_name(name)

    @field_validator("grant_types")
    @classmethod
    def _are_ours(cls, grant_types: list[str]) -> list[str]:
        # A server may register less than was asked for (RFC 7591 2), and says so in its answer.
        if "authorization_code" not in grant_types:
            raise ValueError("authorization_code is the only way to a token here")
        return ["authorization_code", "refresh_token"]


def read_client_metadata(body: bytes) -> ClientMetadata:
    """Return the metadata in `body`, cleaned. Raises `RegistrationRefused`."""
    if len(body) > MOST_BYTES:
        raise RegistrationRefused("invalid_client_metadata", "Too large.", status=413)
    try:
        return ClientMetadata.model_validate_json(body)
    except ValidationError as failure:
        first = failure.errors(include_url=False, include_input=False)[0]
        member = str(first["loc"][0]) if first["loc"] else "The body"
        code = "redirect_uri" if member == "redirect_uris" else "client_metadata"
        reason = first["msg"].removeprefix("Value error, ").rstrip(".")
        raise RegistrationRefused(f"invalid_{code}", f"{member}: {reason}.") from None
