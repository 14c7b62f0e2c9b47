"""A table of what opens nothing at `/mcp`: malformed, misplaced, foreign and stolen credentials."""

import base64
import json
from collections.abc import AsyncIterator

import pytest
from asgiref.sync import sync_to_async
from django.conf import settings as django_settings
from oauth2_provider.models import AccessToken, Application, RefreshToken

from mcp_app.routing import endpoint
from oauth_app.models import ReconnectToken
from tests.mcp_app.clients import Http, request
from tests.mcp_app.people import Person
from tests.mcp_app.raw_requests import Answered, Asked, answered
from tests.support.operators import superuser

METADATA = 'resource_metadata="http://localhost:8080/.well-known/oauth-protected-resource/mcp"'
PING = json.dumps(request("ping")).encode()
JWT = b".".join(
    base64.urlsafe_b64encode(part).rstrip(b"=") for part in (b'{"alg":"none"}', b"{}", b"")
)
METHODS = ("POST", "GET", "DELETE")


@pytest.fixture
async def _ended() -> AsyncIterator[None]:
    """End what runs for this event loop; none of these asks a database."""
    yield
    await endpoint.stop()


def with_header(authorization: bytes, *, method: str = "POST") -> Asked:
    headers = [(b"content-type", b"application/json"), (b"authorization", authorization)]
    return Asked(method, headers=headers, body=PING)


def assert_challenged(answer: Answered) -> None:
    assert answer.status == 401
    assert METADATA in answer.headers["www-authenticate"]
    assert answer.headers["www-authenticate"].startswith("Bearer ")
    assert json.loads(answer.body)["error"]["message"]
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.usefixtures("_ended")
@pytest.mark.parametrize(
    "authorization",
    [
        *(b"", b" ", b"Bearer", b"Bearer ", b"Bearer  ", b"Bearer\ta", b"Bearer:a", b"BearerX a"),
        *(b"Basic YTpi", b"Digest a", b"Token a", b"DPoP a", b"Negotiate a", b"a"),
        *(b"Bearer a b", b"Bearer a,b", b"Bearer a, Bearer b", b"Bearer Bearer a", b"Bearer a;b"),
        *(b"Bearer \x00", b"Bearer a\x00", b"Bearer a\r\nX: b", b"Bearer \x7f", b"Bearer \xe9"),
        *(b'Bearer "a"', b"Bearer <a>", b"Bearer %61", b"Bearer a=b", b"Bearer =", b"Bearer '--"),
        *(b"Bearer " + b"x" * 513, b"Bearer " + b"x" * 100_000, b"Bearer " + b"=" * 600),
        "Bearer \u0430".encode(),
    ],
)
async def test_what_is_no_bearer_token_is_refused_before_the_database_is_asked(
    authorization: bytes,
):
    for method in METHODS:
        assert_challenged(await answered(with_header(authorization, method=method)))


@pytest.mark.usefixtures("_ended")
@pytest.mark.parametrize(
    "query",
    [
        *(b"token=", b"token=a", b"token=snmcp_%00", b"token=snmcp_%20a"),
        *(b"token=snmcp_a%22", b"token=SNMCP_abc", b"token=" + b"snmcp_" + b"x" * 10_000),
        *(b"access_token=", b"access_token=a", b"access_token=snmcp_abc", b"Token=snmcp_abc"),
        *(b"bearer=snmcp_abc", b"token[]=snmcp_abc", b"authorization=Bearer%20snmcp_abc"),
        *(b"%74oken=a", b"\xff=\xff", b"&".join([b"a=b"] * 100), b"token%00=snmcp_abc"),
    ],
)
async def test_what_is_no_personal_url_is_refused_before_the_database_is_asked(query: bytes):
    for method in METHODS:
        assert_challenged(await answered(Asked(method, query=query, body=PING)))


@pytest.mark.usefixtures("_ended")
@pytest.mark.parametrize(
    "key", [b"", b"a", b"Bearer a", b"snmcp_\x00", b"snmcp_a b", b"snmcp_" + b"x" * 10_000, b"\xff"]
)
async def test_what_is_no_api_key_is_refused_before_the_database_is_asked(key: bytes):
    for method in METHODS:
        headers = [(b"x-api-key", key), (b"content-type", b"application/json")]
        assert_challenged(await answered(Asked(method, headers=headers, body=PING)))


@pytest.mark.usefixtures("_ended")
@pytest.mark.parametrize(
    ("headers", "query"),
    [
        ([b"Bearer a", b"Bearer a"], b""),
        ([b"Bearer a", b"Basic YTpi"], b""),
        ([b"Bearer a"], b"token=snmcp_abc"),
        ([b"Bearer a"], b"access_token=a"),
        ([b""], b"token=snmcp_abc"),
        ([], b"token=snmcp_abc&token=snmcp_abc"),
        ([], b"token=snmcp_abc&access_token=a"),
        ([], b"access_token=a&access_token=a"),
    ],
)
async def test_two_credentials_are_a_bad_request_whichever_is_good(
    headers: list[bytes], query: bytes
):
    asked = Asked(headers=[(b"authorization", each) for each in headers], query=query, body=PING)
    assert (await answered(asked)).status == 400


async def test_credentials_of_something_else_are_refused(mcp: Http, abel: Person):
    access, reconnect = await abel.access_token(), await abel.reconnect_token()
    client = await Application.objects.aget()
    stored = await AccessToken.objects.aget()
    foreign = {
        "the instance's access token": abel.connection.access_token,
        "the instance's refresh token": abel.connection.refresh_token,
        "a token for another resource": await abel.access_token(resource="https://b.example/mcp"),
        "a token for our API": await abel.access_token(resource="http://localhost:8080/api"),
        "a token to manage a registration": await abel.access_token(scope="oauth2_registration"),
        "a refresh token": (await RefreshToken.objects.afirst()).token,
        "what tokens are found by": stored.token_checksum,
        "what it keeps of a reconnect token": str((await ReconnectToken.objects.aget()).token_hash),
        "the client's id": client.client_id,
        "the client's secret": client.client_secret or "empty",
        "the person's name": abel.user.get_username(),
        "the person's number": str(abel.user.pk),
        "a token of nobody's signature": JWT.decode(),
        "more than the token": access + "=",
        "less than the token": access[:-1],
        "the token in capitals": access.upper(),
        "more than the reconnect token": reconnect + "x",
        "the reconnect token without its prefix": reconnect.removeprefix("snmcp_"),
        "an access token with its prefix": "snmcp_" + access,
    }
    opened = []
    for what, token in foreign.items():
        answer = await answered(with_header(b"Bearer " + token.encode()))
        if answer.status != 401 or METADATA not in answer.headers["www-authenticate"]:
            opened.append(what)
    assert opened == []
    assert (await mcp.post(request("ping"), token=access)).status_code == 200


async def test_a_browser_that_is_signed_in_opens_nothing(mcp: Http):
    """`/mcp` reads no cookie, so that no page of another site can act through a browser."""
    browser = await sync_to_async(superuser)()
    assert (await sync_to_async(browser.get)("/admin/")).status_code == 200
    name = django_settings.SESSION_COOKIE_NAME
    cookie = f"{name}={browser.cookies[name].value}".encode()
    for method in METHODS:
        headers = [(b"cookie", cookie), (b"content-type", b"application/json")]
        assert_challenged(await answered(Asked(method, headers=headers, body=PING)))
