"""Every address of the server: who may open it, and that whoever may not is refused.

An address that is new has to be put into one of these lists, or the first test fails. The pages of
the admin have a walk of their own (`tests/admin/test_no_secret_in_admin.py`), `/mcp` its own tests.
"""

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from oauth_app.models import User
from tests.mcp_app.portal.pages import nothing_was_issued

pytestmark = pytest.mark.usefixtures("db")

# Only whoever signed in with ServiceNow, in their own browser.
PERSONS = {
    "connection",
    "connection/tokens",
    "connection/tokens/revoke",
    "connection/clients",
    "connection/services",
    "connection/services/revoke",
    "o/authorize/",
}
SCRIPTS_OF_A_PERSON = {"oauth/reconnect-token"}
# Signing in, and what has to be open for it; each guards itself by what is sent along.
EVERYBODYS = {
    "",
    "oauth/authorize",
    "oauth/callback",
    "oauth/sign-out",
    ".well-known/oauth-authorization-server",
    ".well-known/oauth-protected-resource",
    ".well-known/oauth-protected-resource/mcp",
    ".well-known/oauth-protected-resource/mcp/servicenow",
    "o/register/",
}
# Only who shows a code, a refresh token, or the token of a registration.
CLIENTS = {"o/token/", "o/revoke_token/", "o/register/<str:client_id>/"}


def addresses(patterns: list[URLPattern | URLResolver], prefix: str = "") -> Iterator[str]:
    """The address of every view but the admin's."""
    for each in patterns:
        address = prefix + str(each.pattern)
        if address == "admin/":
            continue
        if isinstance(each, URLResolver):
            yield from addresses(each.url_patterns, address)
        else:
            yield address


@pytest.fixture(params=["nobody", "an operator with a password", "charlie without a connection"])
def refused(request: pytest.FixtureRequest, db: None) -> Client:
    """A browser of somebody who did not sign in with ServiceNow, or not as anybody connected."""
    browser = Client()
    if request.param != "nobody":
        is_operator = request.param.startswith("an operator")
        user = User.objects.create(username="x", is_staff=is_operator, is_superuser=is_operator)
        browser.force_login(user)
    return browser


def test_every_address_is_one_whose_visitors_are_known() -> None:
    known = [*PERSONS, *SCRIPTS_OF_A_PERSON, *EVERYBODYS, *CLIENTS]
    assert sorted(addresses(get_resolver().url_patterns)) == sorted(known)


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("address", sorted(PERSONS))
def test_a_persons_page_sends_everybody_else_to_sign_in(
    refused: Client, address: str, method: str
) -> None:
    answer = getattr(refused, method)(f"/{address}")
    if method == "get" and address.endswith("/revoke"):
        assert answer.status_code == 405
        return
    assert answer.status_code == 302
    assert answer["Location"].startswith("/oauth/authorize")
    assert nothing_was_issued()


@pytest.mark.parametrize("method", ["post", "delete"])
@pytest.mark.parametrize("address", sorted(SCRIPTS_OF_A_PERSON))
def test_a_persons_script_is_told_to_sign_in(refused: Client, address: str, method: str) -> None:
    answer = getattr(refused, method)(f"/{address}", {}, content_type="application/json")
    assert answer.status_code == 401
    assert answer.json()["code"] == "AUTH_REQUIRED"


@pytest.mark.parametrize("method", ["get", "put", "delete"])
def test_a_registration_is_for_whoever_has_its_token(refused: Client, method: str) -> None:
    body = {"redirect_uris": ["https://client.example/callback"]}
    answer = getattr(refused, method)(
        "/o/register/somebody/", body, content_type="application/json"
    )
    assert answer.status_code == 401
    assert answer.json()["error"] == "invalid_token"


@pytest.mark.parametrize("address", ["o/token/", "o/revoke_token/"])
def test_a_client_that_nobody_knows_gets_nothing(refused: Client, address: str) -> None:
    form = {"grant_type": "authorization_code", "code": "made up", "token": "made up"}
    answer = refused.post(f"/{address}", form)
    assert answer.status_code == 401
    assert answer.json() == {"error": "invalid_client"}
