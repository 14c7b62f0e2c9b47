"""What operators do with reconnect tokens: shorten and revoke, never make, never read."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.utils import timezone

from oauth_app import reconnect_tokens
from oauth_app.models import ReconnectToken
from simulator.world import World
from tests.oauth_app.connected import connect
from tests.support.operators import superuser

pytestmark = pytest.mark.usefixtures("db")

TOKENS = "/admin/oauth_app/reconnecttoken/"


@pytest.fixture
def operator(db: None) -> Client:
    """The browser of an operator who may do everything."""
    return superuser()


@pytest.fixture
def raw(db: None, world: World) -> str:
    """A token of Abel's."""
    abel = connect(world)
    return reconnect_tokens.make(user=abel.user, connection=abel, name="laptop")[1]


def shorten(operator: Client, *, by: timedelta) -> Any:
    token = ReconnectToken.objects.get()
    ends = token.expires_at - by
    body = {"expires_at_0": f"{ends:%Y-%m-%d}", "expires_at_1": f"{ends:%H:%M:%S}"}
    return operator.post(f"{TOKENS}{token.pk}/change/", body)


def test_no_page_shows_a_token_or_its_hash(operator: Client, raw: str) -> None:
    token = ReconnectToken.objects.get()
    for path in ("", f"{token.pk}/change/", f"{token.pk}/history/"):
        page = operator.get(TOKENS + path).content.decode()
        assert raw not in page
        assert token.token_hash not in page
    assert token.hint in operator.get(TOKENS).content.decode()


def test_no_operator_makes_a_token(operator: Client, raw: str) -> None:
    assert operator.get(f"{TOKENS}add/").status_code == 403
    assert operator.post(f"{TOKENS}add/", {"name": "mine"}).status_code == 403
    assert ReconnectToken.objects.count() == 1


def test_revoking_ends_a_token_at_once(operator: Client, raw: str) -> None:
    body = {"action": "revoke", "_selected_action": [ReconnectToken.objects.get().pk]}
    assert b"1 token revoked" in operator.post(TOKENS, body, follow=True).content
    assert reconnect_tokens.find(raw) is None
    assert LogEntry.objects.get().change_message == "Revoked"
    assert b"0 tokens revoked" in operator.post(TOKENS, body, follow=True).content


def test_a_token_is_made_to_end_earlier(operator: Client, raw: str) -> None:
    before = ReconnectToken.objects.get().expires_at
    assert shorten(operator, by=timedelta(days=90)).status_code == 302
    assert ReconnectToken.objects.get().expires_at < before - timedelta(days=89)


def test_a_token_is_not_made_to_end_later(operator: Client, raw: str) -> None:
    before = ReconnectToken.objects.get().expires_at
    page = shorten(operator, by=-timedelta(days=1))
    assert b"earlier, not later" in page.content
    assert ReconnectToken.objects.get().expires_at == before


def test_nothing_else_of_a_token_can_be_changed(operator: Client, raw: str) -> None:
    token = ReconnectToken.objects.get()
    ends = token.expires_at - timedelta(days=1)
    body = {
        "expires_at_0": f"{ends:%Y-%m-%d}",
        "expires_at_1": f"{ends:%H:%M:%S}",
        "access": "write",
        "user": "1",
        "revoked_at": "",
    }
    operator.post(f"{TOKENS}{token.pk}/change/", body)
    assert ReconnectToken.objects.get().access == "read"


def test_no_token_is_deleted(operator: Client, raw: str) -> None:
    token = ReconnectToken.objects.get()
    assert operator.post(f"{TOKENS}{token.pk}/delete/", {"post": "yes"}).status_code == 403


@pytest.mark.parametrize(
    ("values", "standing"),
    [
        ({}, "live"),
        ({"expires_at": timezone.now()}, "over"),
        ({"revoked_at": timezone.now()}, "revoked"),
    ],
)
def test_the_list_says_whether_a_token_still_opens_anything(
    operator: Client, raw: str, values: dict[str, Any], standing: str
) -> None:
    ReconnectToken.objects.update(**values)
    assert f">{standing}<" in "".join(operator.get(TOKENS).content.decode().split())
