"""requests-oauthlib: every grant, as its documentation uses it."""

import time
from html.parser import HTMLParser
from urllib.parse import parse_qs, urlsplit

import jwt
import requests
from oauthlib.oauth2 import (
    BackendApplicationClient,
    InvalidGrantError,
    LegacyApplicationClient,
    OAuth2Error,
)
from place import ABEL, CLIENT_ID, CLIENT_SECRET, SIMULATOR, failure
from registry import SHARED, asserting_client, service_account
from requests_oauthlib import OAuth2Session

AUTHORIZATION_URL = f"{SIMULATOR}/oauth_auth.do"
TOKEN_URL = f"{SIMULATOR}/oauth_token.do"
REDIRECT_URI = "http://localhost:8080/oauth/callback"
WHO = f"{SIMULATOR}/api/now/ui/user/current_user"


class _Form(HTMLParser):
    """The hidden fields of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "input" and given.get("type") == "hidden":
            self.fields[given["name"] or ""] = given.get("value") or ""


def _answered(address: str, *, choice: str) -> str:
    """Where the browser of a person who signs in and answers the consent page is sent."""
    browser = requests.Session()
    page = browser.get(address, timeout=30)
    assert urlsplit(page.url).path == "/login.do"
    fields = {"user_name": ABEL[0], "user_password": ABEL[1], **_Form(page.text).fields}
    page = browser.post(f"{SIMULATOR}/login.do", data=fields, timeout=30)
    assert urlsplit(page.url).path == "/oauth_auth.do"
    fields = {"choice": choice, **_Form(page.text).fields}
    answer = browser.post(AUTHORIZATION_URL, data=fields, allow_redirects=False, timeout=30)
    assert answer.status_code == 302
    return answer.headers["Location"]


def _acting(session: OAuth2Session) -> str:
    answer = session.get(WHO)
    assert answer.status_code == 200, answer.text
    return answer.json()["result"]["user_name"]


def _as_https(address: str) -> str:
    """An answer comes to the redirect URL of a program on this machine, which is http."""
    return address.replace("http://", "https://", 1)


def a_code_that_a_person_allows_becomes_a_token() -> None:
    session = OAuth2Session(CLIENT_ID, redirect_uri=REDIRECT_URI, scope=["useraccount"])
    address, state = session.authorization_url(AUTHORIZATION_URL)
    back = _answered(address, choice="allow")
    assert parse_qs(urlsplit(back).query)["state"] == [state]
    token = session.fetch_token(
        TOKEN_URL,
        authorization_response=_as_https(back),
        client_secret=CLIENT_SECRET,
        include_client_id=True,
    )
    assert (token["token_type"], token["scope"]) == ("Bearer", ["useraccount"])
    assert _acting(session) == "abel.tuter"


def a_code_for_a_challenge_needs_its_verifier() -> None:
    session = OAuth2Session(CLIENT_ID, redirect_uri=REDIRECT_URI, scope=["useraccount"])
    verifier = session._client.create_code_verifier(64)
    challenge = session._client.create_code_challenge(verifier, "S256")
    address, _ = session.authorization_url(
        AUTHORIZATION_URL, code_challenge=challenge, code_challenge_method="S256"
    )
    back = _as_https(_answered(address, choice="allow"))
    session.fetch_token(
        TOKEN_URL,
        authorization_response=back,
        client_secret=CLIENT_SECRET,
        include_client_id=True,
        code_verifier=verifier,
    )
    assert _acting(session) == "abel.tuter"


def a_person_may_deny() -> None:
    session = OAuth2Session(CLIENT_ID, redirect_uri=REDIRECT_URI)
    address, _ = session.authorization_url(AUTHORIZATION_URL)
    back = _answered(address, choice="deny")
    back = _as_https(back)
    denied = failure(
        OAuth2Error,
        lambda: session.fetch_token(
            TOKEN_URL, authorization_response=back, client_secret=CLIENT_SECRET
        ),
    )
    assert denied.error == "access_denied"


def a_password_becomes_a_token() -> None:
    session = OAuth2Session(client=LegacyApplicationClient(client_id=CLIENT_ID))
    session.fetch_token(
        token_url=TOKEN_URL,
        username=ABEL[0],
        password=ABEL[1],
        client_id=CLIENT_ID,
        client_secret=CLIENT_SECRET,
    )
    assert _acting(session) == "abel.tuter"


def a_wrong_password_is_refused_in_servicenows_own_words() -> None:
    session = OAuth2Session(client=LegacyApplicationClient(client_id=CLIENT_ID))
    refused = failure(
        OAuth2Error,
        lambda: session.fetch_token(
            token_url=TOKEN_URL,
            username=ABEL[0],
            password="wrong",
            client_id=CLIENT_ID,
            client_secret=CLIENT_SECRET,
        ),
    )
    assert not isinstance(refused, InvalidGrantError)
    assert refused.error == "server_error"


def a_client_acts_for_itself() -> None:
    client_id, secret = service_account()
    session = OAuth2Session(client=BackendApplicationClient(client_id=client_id))
    token = session.fetch_token(
        token_url=TOKEN_URL, client_id=client_id, client_secret=secret, include_client_id=True
    )
    assert "refresh_token" not in token
    assert _acting(session) == "beth.anglin"


def a_token_is_refreshed_when_it_has_expired() -> None:
    session = OAuth2Session(client=LegacyApplicationClient(client_id=CLIENT_ID))
    token = session.fetch_token(
        token_url=TOKEN_URL,
        username=ABEL[0],
        password=ABEL[1],
        client_id=CLIENT_ID,
        client_secret=CLIENT_SECRET,
    )
    kept: list[dict[str, str]] = []
    again = OAuth2Session(
        CLIENT_ID,
        token={**token, "expires_at": 1, "expires_in": -1},
        auto_refresh_url=TOKEN_URL,
        auto_refresh_kwargs={"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET},
        token_updater=kept.append,
    )
    assert _acting(again) == "abel.tuter"
    assert kept[0]["refresh_token"] == token["refresh_token"]


def a_token_that_is_revoked_is_of_no_use() -> None:
    session = OAuth2Session(client=LegacyApplicationClient(client_id=CLIENT_ID))
    token = session.fetch_token(
        token_url=TOKEN_URL,
        username="fred.luddy",
        password="demo",
        client_id=CLIENT_ID,
        client_secret=CLIENT_SECRET,
    )
    revoked = requests.get(
        f"{SIMULATOR}/oauth_revoke_token.do",
        params={"token": token["access_token"]},
        timeout=30,
    )
    assert (revoked.status_code, revoked.text) == (200, "")
    headers = {"Authorization": f"Bearer {token['access_token']}"}
    assert requests.get(WHO, headers=headers, timeout=30).status_code == 401


def an_assertion_becomes_a_token() -> None:
    client_id, secret = asserting_client()
    now = int(time.time())
    claims = {
        "iss": client_id,
        "aud": client_id,
        "sub": "abel.tuter@example.com",
        "iat": now,
        "exp": now + 300,
    }
    asked = {
        "grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer",
        "assertion": jwt.encode(claims, SHARED, algorithm="HS256", headers={"kid": "the-kid"}),
        "client_id": client_id,
        "client_secret": secret,
    }
    answer = requests.post(TOKEN_URL, data=asked, timeout=30)
    assert answer.status_code == 200, answer.text
    session = OAuth2Session(client_id, token=answer.json())
    assert _acting(session) == "abel.tuter"
