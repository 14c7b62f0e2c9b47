"""What came of an authorization request: an error at the client, a page of ours, or a code."""

import re
from typing import Any

from django.http import HttpResponse
from oauth2_provider.models import Grant

from tests.oauth_app.authorization_server.mcp_client import ISSUER, query_of

# RFC 6749 4.1.2.1
_DESCRIPTION = re.compile(r"[\x20\x21\x23-\x5b\x5d-\x7e]*")


def error_at(redirect_uri: str, response: HttpResponse, *, state: str | None = "st-1") -> str:
    """Return the error that a client was sent at its address, with all that belongs to it."""
    assert response.status_code == 302, response.content.decode()
    assert response["Location"].startswith(redirect_uri)
    found = query_of(response["Location"])
    assert found["iss"] == ISSUER
    assert found.get("state") == state
    assert _DESCRIPTION.fullmatch(found.get("error_description", ""))
    assert "code" not in found
    assert not Grant.objects.exists()
    return found["error"]


def is_page_of_ours(response: HttpResponse) -> bool:
    """Whether the browser stays here, because the address is not to be trusted."""
    return response.status_code == 400 and "Location" not in response and not Grant.objects.exists()


def code_at(redirect_uri: str, response: HttpResponse) -> str:
    """Return the code that a client was sent."""
    assert response.status_code == 302, response.content.decode()
    assert response["Location"].startswith(redirect_uri)
    found: dict[str, Any] = query_of(response["Location"])
    assert found["iss"] == ISSUER
    return str(found["code"])
