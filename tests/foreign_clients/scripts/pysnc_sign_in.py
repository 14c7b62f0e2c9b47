"""pysnc: every way to sign in that it knows."""

import time

import jwt
from oauthlib.oauth2 import LegacyApplicationClient
from place import ABEL, CLIENT_ID, CLIENT_SECRET, INSTANCE, SIMULATOR, failure
from pysnc import ServiceNowClient, exceptions
from pysnc.auth import (
    ServiceNowClientCredentialsFlow,
    ServiceNowJWTAuth,
    ServiceNowPasswordGrantFlow,
)
from registry import SHARED, asserting_client, service_account
from requests_oauthlib import OAuth2Session


def _acting(client: ServiceNowClient) -> str:
    """The user name of whoever a client acts as."""
    record = client.GlideRecord("sys_user")
    record.fields = "user_name"
    record.add_query("sys_id", "javascript:gs.getUserID()")
    record.query()
    assert record.next()
    return str(record.user_name)


def by_user_name_and_password() -> None:
    assert _acting(ServiceNowClient(SIMULATOR, ABEL)) == "abel.tuter"


def a_wrong_password_is_no_authentication() -> None:
    client = ServiceNowClient(SIMULATOR, ("admin", "this is not a real password"))
    record = client.GlideRecord("sys_user")
    refused = failure(exceptions.AuthenticationException, lambda: record.get("does not matter"))
    assert "Required to provide Auth information" in str(refused)


def by_the_password_grant() -> None:
    flow = ServiceNowPasswordGrantFlow(*ABEL, CLIENT_ID, CLIENT_SECRET)
    assert _acting(ServiceNowClient(INSTANCE, flow)) == "abel.tuter"


def by_a_session_made_by_hand() -> None:
    session = OAuth2Session(client=LegacyApplicationClient(client_id=CLIENT_ID))
    session.fetch_token(
        token_url=f"{SIMULATOR}/oauth_token.do",
        username=ABEL[0],
        password=ABEL[1],
        client_id=CLIENT_ID,
        client_secret=CLIENT_SECRET,
    )
    assert _acting(ServiceNowClient(SIMULATOR, session)) == "abel.tuter"


def by_client_credentials() -> None:
    flow = ServiceNowClientCredentialsFlow(*service_account())
    assert _acting(ServiceNowClient(INSTANCE, flow)) == "beth.anglin"


def wrong_client_credentials_are_told() -> None:
    flow = ServiceNowClientCredentialsFlow("nobody", "wrong")
    refused = failure(exceptions.AuthenticationException, lambda: ServiceNowClient(INSTANCE, flow))
    assert "401" in str(refused)
    assert "access_denied" in str(refused)


def by_an_assertion_of_an_identity_provider() -> None:
    client_id, secret = asserting_client()
    now = int(time.time())
    claims = {
        "iss": client_id,
        "aud": client_id,
        "sub": "abel.tuter@example.com",
        "iat": now,
        "exp": now + 300,
    }
    assertion = jwt.encode(claims, SHARED, algorithm="HS256", headers={"kid": "the-kid"})
    assert _acting(ServiceNowClient(INSTANCE, ServiceNowJWTAuth(client_id, secret, assertion))) == (
        "abel.tuter"
    )
