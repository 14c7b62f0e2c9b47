"""pysnow: its OAuthClient, which keeps a token fresh."""

import pysnow
from place import ABEL, CLIENT_ID, CLIENT_SECRET, HOST, IS_HTTPS, failure


def _client(store: dict[str, object]) -> pysnow.OAuthClient:
    return pysnow.OAuthClient(
        client_id=CLIENT_ID,
        client_secret=CLIENT_SECRET,
        token_updater=lambda token: store.update(token=token),
        host=HOST,
        use_ssl=IS_HTTPS,
    )


def a_token_is_generated_and_used() -> None:
    client = _client({})
    token = client.generate_token(*ABEL)
    assert {"access_token", "refresh_token", "scope", "expires_at"} <= set(token)
    client.set_token(token)
    found = client.resource(api_path="/table/incident").get(query={}, limit=1, stream=True).first()
    assert found["number"].startswith("INC")


def a_token_that_has_expired_is_refreshed() -> None:
    store: dict[str, object] = {}
    client = _client(store)
    token = client.generate_token(*ABEL)
    client.set_token({**token, "expires_at": 1, "expires_in": -1})
    assert client.resource(api_path="/table/incident").get(query={}, limit=1).all()
    assert store["token"]["refresh_token"] == token["refresh_token"]


def a_wrong_password_is_a_failure_to_create_a_token() -> None:
    client = _client({})
    refused = failure(
        pysnow.exceptions.TokenCreateError, lambda: client.generate_token("abel.tuter", "wrong")
    )
    assert "access_denied" in refused.args
