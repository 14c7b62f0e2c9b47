"""The secrets of clients: random, so a fast hash keeps them, and none is ever stored."""

import pytest
from django.contrib.auth.hashers import (
    check_password,
    identify_hasher,
    is_password_usable,
    make_password,
)
from oauth2_provider.models import Application

from oauth_app.authorization_server.client_secrets import RandomSecretHasher
from tests.oauth_app.authorization_server.mcp_client import McpClient

SECRET = "s" * 128


def test_a_registered_secret_is_kept_by_the_fast_hash(db: None):
    client = McpClient.registered(token_endpoint_auth_method="client_secret_post")
    stored = Application.objects.get().client_secret
    assert identify_hasher(stored).algorithm == "random_secret"
    assert client.client_secret not in stored
    assert check_password(client.client_secret, stored)
    assert not check_password(client.client_secret[:-1], stored)


def test_a_secret_hashed_before_the_fast_hash_is_still_known(db: None):
    client = McpClient.registered(token_endpoint_auth_method="client_secret_post")
    Application.objects.update(client_secret=make_password(client.client_secret))
    response = client.refresh("x", client_secret=client.client_secret)
    assert response.json()["error"] == "invalid_grant"  # and not invalid_client


def test_peoples_passwords_are_not_kept_by_the_fast_hash():
    assert identify_hasher(make_password("typed by an operator")).algorithm != "random_secret"


@pytest.mark.parametrize("wrong", ["", "S" * 128, SECRET + "s", SECRET[:-1], "\x00", "ü"])
def test_only_the_same_secret_fits(wrong: str):
    stored = make_password(SECRET, hasher="random_secret")
    assert is_password_usable(stored)
    assert check_password(SECRET, stored)
    assert not check_password(wrong, stored)


def test_an_operator_sees_the_beginning_of_the_hash_only():
    hasher = RandomSecretHasher()
    stored = hasher.encode(SECRET, hasher.salt())
    shown = hasher.safe_summary(stored)
    assert shown["algorithm"] == "random_secret"
    assert shown["hash"].startswith(hasher.decode(stored)["hash"][:6])
    assert shown["hash"].endswith("*" * 58)
    assert not hasher.must_update(stored)
