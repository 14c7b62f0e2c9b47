"""The records of sessions: whose they are, how many, how long."""

from datetime import timedelta

import pytest
from django.utils import timezone

from mcp_app.credentials import Credential
from mcp_app.exceptions import ClientInfoTooLarge
from mcp_app.models import McpSession
from mcp_app.sessions.records import (
    IDLE,
    MOST_OF_A_PERSON,
    end_session,
    find_session,
    open_session,
)
from mcp_app.tasks import purge_idle
from oauth_app.models import User

LONG_AGO = IDLE + timedelta(seconds=1)


def credential(user: User, *, client_id: str = "client") -> Credential:
    return Credential(
        kind="oauth",
        id="1",
        user_id=user.pk,
        user_name=user.username,
        client_id=client_id,
        client_name="Client",
        scopes=(),
        access="read",
        toolsets=None,
        connected=None,
    )


@pytest.fixture
def abel(db: None) -> User:
    return User.objects.create(username="abel")


def opened(person: Credential, **told: object) -> str:
    info = {"name": "c", "version": "1"} | told
    return open_session(person, protocol_version="2025-06-18", client_info=info, capabilities={})


def used_before(age: timedelta) -> None:
    McpSession.objects.update(last_used_at=timezone.now() - age)


def test_a_session_is_found_by_its_id_and_whose_it_is(abel: User):
    session_id = opened(credential(abel))
    found = find_session(session_id, credential(abel))
    assert found is not None
    assert (found.protocol_version, found.client_info["name"]) == ("2025-06-18", "c")
    assert find_session(session_id, credential(abel, client_id="other")) is None
    other = User.objects.create(username="beth")
    assert find_session(session_id, credential(other)) is None


@pytest.mark.parametrize("id_", ["", "x", "A" * 43, "\x00", "a" * 10_000, "é"])
def test_what_is_no_id_finds_nothing(abel: User, id_: str):
    opened(credential(abel))
    assert find_session(id_, credential(abel)) is None


def test_the_id_stands_nowhere_in_the_database(abel: User):
    session_id = opened(credential(abel))
    assert session_id not in str(McpSession.objects.values().get())


def test_a_session_that_ended_is_unknown(abel: User):
    session_id = opened(credential(abel))
    found = find_session(session_id, credential(abel))
    assert found is not None
    end_session(found)
    assert find_session(session_id, credential(abel)) is None


def test_an_idle_session_is_over_and_removed(abel: User):
    session_id = opened(credential(abel))
    used_before(LONG_AGO)
    assert find_session(session_id, credential(abel)) is None
    kept = opened(credential(abel))
    assert purge_idle() == 1
    assert purge_idle() == 0
    assert find_session(kept, credential(abel)) is not None


def test_use_keeps_a_session_and_is_noted_once_a_minute(abel: User):
    session_id = opened(credential(abel))
    used_before(IDLE - timedelta(minutes=1))
    assert find_session(session_id, credential(abel)) is not None
    noted = McpSession.objects.get().last_used_at
    assert noted > timezone.now() - timedelta(minutes=1)
    find_session(session_id, credential(abel))
    assert McpSession.objects.get().last_used_at == noted


def test_a_person_who_opens_too_many_loses_those_used_least_recently(abel: User):
    person = credential(abel)
    first, second = opened(person), opened(person)
    other = opened(credential(User.objects.create(username="beth")))
    used_before(timedelta(hours=1))
    find_session(first, person)
    for _ in range(MOST_OF_A_PERSON - 1):
        opened(person)
    assert find_session(first, person) is not None
    assert find_session(second, person) is None
    assert McpSession.objects.filter(user=abel).count() == MOST_OF_A_PERSON
    assert McpSession.objects.exclude(user=abel).count() == 1
    assert other


def test_a_novel_of_a_client_is_not_kept(abel: User):
    with pytest.raises(ClientInfoTooLarge):
        opened(credential(abel), name="x" * 20_000)
    assert not McpSession.objects.exists()


@pytest.mark.parametrize(
    ("told", "called"),
    [
        ({"name": "Cursor\u202e", "version": "2"}, "Cursor 2"),
        ({"name": "", "version": ""}, "client"),
    ],
)
def test_a_client_is_called_what_it_says_cleaned(abel: User, told: dict[str, str], called: str):
    opened(credential(abel), **told)
    assert McpSession.objects.get().client_called == called
    assert str(McpSession.objects.get()) == f"{called} for abel"
