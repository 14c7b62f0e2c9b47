"""A client belongs to one connection, and is kept for some minutes."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from mcp_app.callers import Clients, caller_of, client_of
from mcp_app.credentials import ConnectedPerson, Credential
from servicenow.http import close_shared_client
from tests.support.clock import Clock

ABEL = ConnectedPerson(
    1, 1, "http://localhost:8090", "a" * 32, "abel.tuter", "Abel", is_disconnected=False
)
CREDENTIAL = Credential(
    kind="oauth",
    id="1",
    user_id=1,
    user_name="abel",
    client_id="client",
    client_name="Claude Code",
    scopes=("mcp:read",),
    access="read",
    toolsets=None,
    connected=ABEL,
)


@pytest.fixture
async def clients() -> AsyncIterator[Clients]:
    yield Clients(clock=Clock())
    await close_shared_client()


async def test_a_connection_keeps_its_client_for_ten_minutes(clients: Clients):
    abel = caller_of(CREDENTIAL)
    first = clients.client_of(abel)
    assert clients.client_of(abel) is first
    clients._clock.now += 601
    assert clients.client_of(abel) is not first


async def test_two_connections_never_share_a_client(clients: Clients):
    beth = replace(ABEL, connection_id=2)
    elsewhere = replace(ABEL, instance_url="http://localhost:8091")
    found = {
        id(clients.client_of(caller_of(replace(CREDENTIAL, connected=person))))
        for person in (ABEL, beth, elsewhere)
    }
    assert len(found) == 3


async def test_the_clients_least_used_are_dropped(clients: Clients):
    abel = caller_of(CREDENTIAL)
    first = clients.client_of(abel)
    for number in range(2, 1_003):
        person = replace(ABEL, connection_id=number)
        clients.client_of(caller_of(replace(CREDENTIAL, connected=person)))
    assert clients.client_of(abel) is not first


async def test_an_event_loop_has_one_set_of_clients():
    abel = caller_of(CREDENTIAL)
    assert client_of(abel) is client_of(abel)
    await close_shared_client()


def test_only_a_credential_that_may_widen_is_widened():
    assert CREDENTIAL.widened() is CREDENTIAL
    assert replace(CREDENTIAL, may_widen=True).widened().access == "write"


def test_a_caller_is_built_from_the_credential_and_nothing_else():
    caller = caller_of(CREDENTIAL)
    assert (caller.user_id, caller.sys_id, caller.access) == (1, "a" * 32, "read")
    assert caller.client_name == "Claude Code"
    assert caller.sign_in_url == "http://localhost:8080/oauth/authorize?instance=1"
