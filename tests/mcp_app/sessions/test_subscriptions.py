"""What a session is subscribed to: only while it is open, and only one's own."""

from datetime import timedelta

import pytest
from django.utils import timezone

from mcp_app.models import McpSession
from mcp_app.sessions.records import IDLE, Session, end_session, find_session, open_session
from mcp_app.sessions.subscriptions import Subscribed, subscribe, subscribed_to
from oauth_app.models import User
from tests.mcp_app.sessions.test_records import credential

MY_WORK = "servicenow://my_work"


def session_of(user: User) -> Session:
    person = credential(user)
    opened = open_session(
        person, protocol_version="2025-11-25", client_info={"name": "c"}, capabilities={}
    )
    session = find_session(opened, person)
    assert session is not None
    return session


@pytest.fixture
def abel(db: None) -> User:
    return User.objects.create(username="abel")


def test_only_the_persons_open_sessions_are_told_each_by_its_own_spelling(abel: User):
    one, idle, ended = (session_of(abel) for _ in range(3))
    hers = session_of(User.objects.create(username="beth"))
    for number, session in enumerate((one, idle, ended, hers)):
        subscribe(session, uri=f"{MY_WORK}?{number}", about=MY_WORK)
    end_session(ended)
    long_ago = timezone.now() - IDLE - timedelta(seconds=1)
    McpSession.objects.filter(id_hash=idle.id_hash).update(last_used_at=long_ago)
    told = subscribed_to(abel.pk, about=[MY_WORK])
    assert told == [Subscribed(one.id_hash, f"{MY_WORK}?0")]


def test_a_session_that_has_just_ended_cannot_be_subscribed(abel: User):
    session = session_of(abel)
    end_session(session)
    with pytest.raises(McpSession.DoesNotExist):
        subscribe(session, uri=MY_WORK, about=MY_WORK)
