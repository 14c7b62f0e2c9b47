"""Reconnect tokens: made for oneself, kept as a hash, never living longer than they may."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection as database
from django.utils import timezone

from oauth_app import reconnect_tokens
from oauth_app.disconnection import disconnect, require_sign_in
from oauth_app.exceptions import NotYours, SignInNeeded
from oauth_app.models import Connection, ReconnectToken
from oauth_app.models.connections import Reason, State
from simulator.world import World
from tests.oauth_app.connected import change, connect

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
def abel(db: None, world: World) -> Connection:
    """Abel's connection."""
    return connect(world)


@pytest.fixture
def charlie(db: None, world: World) -> Connection:
    """Charlie's connection."""
    return connect(world, "charlie.whitherspoon")


def made(connection: Connection, **values: Any) -> tuple[ReconnectToken, str]:
    return reconnect_tokens.make(
        user=connection.user, connection=connection, name="laptop", **values
    )


def test_a_token_has_the_prefix_scanners_look_for_and_256_random_bits(abel: Connection) -> None:
    _, raw = made(abel)
    assert re.fullmatch(r"snmcp_[A-Za-z0-9_-]{43}", raw)
    assert raw != made(abel)[1]


def test_only_a_hash_a_beginning_and_the_last_four_are_kept(abel: Connection) -> None:
    token, raw = made(abel)
    with database.cursor() as cursor:
        cursor.execute("SELECT * FROM oauth_app_reconnecttoken")
        row = str(cursor.fetchall())
    assert raw not in row
    assert raw[len("snmcp_") + 4 : -4] not in row
    assert token.hint == f"{raw[:10]}…{raw[-4:]}"


def test_a_token_is_read_only_unless_chosen_otherwise(abel: Connection) -> None:
    assert made(abel)[0].access == "read"


def test_a_token_is_found_by_its_text_with_person_and_connection(abel: Connection) -> None:
    token, raw = made(abel)
    found = reconnect_tokens.find(raw)
    assert found == token
    assert found is not None
    assert (found.user, found.connection) == (abel.user, abel)


@pytest.mark.parametrize("guess", ["", "snmcp_", "snmcp_" + "A" * 43, "Bearer x"])
def test_a_guess_finds_nothing(abel: Connection, guess: str) -> None:
    made(abel)
    assert reconnect_tokens.find(guess) is None


def test_a_stolen_hash_is_no_token(abel: Connection) -> None:
    token, _ = made(abel)
    assert reconnect_tokens.find(token.token_hash) is None
    assert reconnect_tokens.find("snmcp_" + token.token_hash) is None


def test_a_token_lives_a_hundred_days_at_most(abel: Connection, settings: Any) -> None:
    settings.RECONNECT_TOKEN_TTL = 3600
    for wish in (None, timedelta(days=1)):
        left = made(abel, expires_in=wish)[0].expires_at - timezone.now()
        assert timedelta(minutes=59) < left <= timedelta(hours=1)


def test_a_shorter_life_is_kept(abel: Connection) -> None:
    left = made(abel, expires_in=timedelta(days=1))[0].expires_at - timezone.now()
    assert timedelta(hours=23) < left <= timedelta(days=1)


def test_a_token_never_outlives_the_refresh_token_at_servicenow(abel: Connection) -> None:
    ends = timezone.now() + timedelta(days=3)
    abel = change(abel, refresh_token_expires_at=ends)
    assert made(abel)[0].expires_at == ends


def test_a_connection_of_unknown_life_still_bounds_a_token(abel: Connection) -> None:
    abel = change(abel, refresh_token_expires_at=None)
    left = made(abel)[0].expires_at - timezone.now()
    assert left <= timedelta(days=100)


def test_charlie_cannot_make_a_token_for_abels_connection(
    abel: Connection, charlie: Connection
) -> None:
    with pytest.raises(NotYours):
        reconnect_tokens.make(user=charlie.user, connection=abel, name="mine now")
    assert not ReconnectToken.objects.exists()


@pytest.mark.parametrize("state", [State.NEEDS_SIGN_IN, State.DISCONNECTED])
def test_an_ended_connection_gives_no_new_token(abel: Connection, state: State) -> None:
    with pytest.raises(SignInNeeded):
        made(change(abel, state=state))


def test_a_page_opened_before_disconnecting_makes_no_token_afterwards(abel: Connection) -> None:
    opened_before = Connection.objects.get(pk=abel.pk)
    change(abel, state=State.DISCONNECTED)
    with pytest.raises(SignInNeeded):
        made(opened_before)
    assert not ReconnectToken.objects.exists()


def test_an_expired_token_opens_nothing(abel: Connection) -> None:
    token, raw = made(abel)
    ReconnectToken.objects.update(expires_at=timezone.now())
    assert reconnect_tokens.find(raw) is None
    token.refresh_from_db()
    assert not token.is_live(timezone.now())


def test_a_token_unused_for_thirty_days_opens_nothing(abel: Connection) -> None:
    token, raw = made(abel)
    ReconnectToken.objects.update(idle_since=timezone.now() - timedelta(days=30))
    assert reconnect_tokens.find(raw) is None
    token.refresh_from_db()
    assert not token.is_live(timezone.now())


def test_using_a_token_keeps_it_from_going_idle(abel: Connection) -> None:
    token, raw = made(abel)
    ReconnectToken.objects.update(idle_since=timezone.now() - timedelta(days=29))
    token.refresh_from_db()
    reconnect_tokens.touch(token, address="192.0.2.7", client="curl")
    assert token.idle_since > timezone.now() - timedelta(minutes=1)
    assert reconnect_tokens.find(raw)


def test_the_last_use_is_kept_with_time_address_and_client(abel: Connection) -> None:
    token, _ = made(abel)
    reconnect_tokens.touch(token, address="2001:db8::7", client="claude-code 2.1")
    token.refresh_from_db()
    assert token.last_used_at is not None
    assert (token.last_used_address, token.last_used_client) == ("2001:db8::7", "claude-code 2.1")


@pytest.mark.parametrize("address", [None, "", "unix:", "not an address"])
def test_a_client_without_an_address_or_with_a_long_name_is_noted_all_the_same(
    abel: Connection, address: str | None
) -> None:
    token, _ = made(abel)
    reconnect_tokens.touch(token, address=address, client="x" * 1000)
    token.refresh_from_db()
    assert (token.last_used_address, len(token.last_used_client)) == (None, 120)


def test_the_interface_of_a_link_local_address_is_left_out(abel: Connection) -> None:
    token, _ = made(abel)
    reconnect_tokens.touch(token, address="fe80::1%eth0", client="")
    assert ReconnectToken.objects.get().last_used_address == "fe80::1"


def test_the_last_use_is_written_at_most_once_a_minute(abel: Connection) -> None:
    token, raw = made(abel)
    reconnect_tokens.touch(token, address=None, client="first")
    reconnect_tokens.touch(token, address=None, client="second")
    other_process = reconnect_tokens.find(raw)
    assert other_process
    other_process.last_used_at = None
    reconnect_tokens.touch(other_process, address=None, client="third")
    assert ReconnectToken.objects.get().last_used_client == "first"
    ReconnectToken.objects.update(last_used_at=timezone.now() - timedelta(seconds=61))
    token.refresh_from_db()
    reconnect_tokens.touch(token, address=None, client="fourth")
    assert ReconnectToken.objects.get().last_used_client == "fourth"


def test_a_revoked_token_opens_nothing_and_keeps_the_time_it_was_revoked(abel: Connection) -> None:
    token, raw = made(abel)
    assert reconnect_tokens.revoke(token)
    assert reconnect_tokens.find(raw) is None
    token.refresh_from_db()
    first = token.revoked_at
    assert not token.is_live(timezone.now())
    assert not reconnect_tokens.revoke(token)
    token.refresh_from_db()
    assert token.revoked_at == first


def test_revoking_all_of_abels_leaves_charlies(abel: Connection, charlie: Connection) -> None:
    abels = [made(abel)[1] for _ in range(3)]
    _, charlies = made(charlie)
    assert reconnect_tokens.revoke_all(ReconnectToken.objects.filter(user=abel.user)) == 3
    assert [reconnect_tokens.find(raw) for raw in abels] == [None] * 3
    assert reconnect_tokens.find(charlies)


def test_a_person_turned_off_by_an_operator_opens_nothing(abel: Connection) -> None:
    _, raw = made(abel)
    abel.user.is_active = False
    abel.user.save()
    assert reconnect_tokens.find(raw) is None


def test_disconnecting_ends_every_reconnect_token(abel: Connection) -> None:
    _, raw = made(abel)
    disconnect(connection=abel, reason=Reason.ASKED_BY_PERSON)
    assert reconnect_tokens.find(raw) is None


def test_requiring_a_sign_in_leaves_reconnect_tokens_for_afterwards(abel: Connection) -> None:
    _, raw = made(abel)
    require_sign_in(connection=abel)
    assert reconnect_tokens.find(raw)
