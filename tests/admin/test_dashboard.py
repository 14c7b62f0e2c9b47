"""The first page: who is connected, what was called, what went wrong."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.html import escape

from audit_app import services
from audit_app.models import ToolCall
from oauth_app.models import Connection
from snmcp_project.health.examination import examination
from tests.admin import canaries
from tests.audit_app.calls import a_closing, an_opening

pytestmark = pytest.mark.usefixtures("db")


def _text(client: Client) -> str:
    page = client.get("/admin/").content.decode()
    content = page[page.index('id="content"') :]
    return " ".join(re.sub(r"<[^>]+>", " ", content).split())


def _call(outcome: str, **opening: object) -> None:
    closing = a_closing(outcome=outcome, code="" if outcome == "succeeded" else "NOT_ALLOWED")
    services.close_record(services.open_record(an_opening(**opening)), closing=closing)


def test_the_first_page_counts_the_calls_of_a_day_by_outcome():
    _call("succeeded")
    _call("succeeded")
    _call("failed")
    services.open_record(an_opening())
    ToolCall(
        reference_id="b" * 32,
        user_id=1,
        user_name="abel.tuter",
        tool="get_incident",
        credential="oauth",
        opened_at=datetime.now(UTC) - timedelta(days=2),
    ).save()
    text = _text(canaries.operator("olga", permissions="view_toolcall"))
    assert "2 Succeeded 0 Refused 1 Failed 0 In doubt 1 Running" in text


def test_the_first_page_lists_what_went_wrong_lately():
    _call("refused", user_name="charlie.whitherspoon", client_name="Cursor")
    text = _text(canaries.operator("olga", permissions="view_toolcall"))
    assert "charlie.whitherspoon Cursor update_incident refused · NOT_ALLOWED" in text


def test_the_first_page_says_so_where_nothing_went_wrong():
    _call("succeeded")
    text = _text(canaries.operator("olga", permissions="view_toolcall"))
    assert "Nothing: every call succeeded." in text


def test_the_first_page_counts_people_who_are_connected_and_who_need_to_sign_in():
    canaries.fill()
    operator = canaries.operator("olga", permissions="view_connection")
    assert "1 Connected 0 Need to sign in" in _text(operator)
    Connection.objects.update(state="needs_sign_in")
    assert "0 Connected 1 Need to sign in" in _text(operator)


def test_an_operator_without_permissions_sees_no_numbers():
    _call("failed")
    text = _text(canaries.operator("otto"))
    assert "Choose a list on the left." in text
    assert "Failed" not in text
    assert "Celery" not in text


def test_the_first_page_says_what_is_wrong_with_the_server():
    text = _text(canaries.operator("olga", permissions="view_connection"))
    faults = examination.health_here().faults
    assert {"encryption_key", "token_refresh", "redis"} <= set(faults)
    for sentence in faults.values():
        assert escape(sentence) in text


def test_the_first_page_takes_at_most_ten_queries():
    canaries.fill()
    client = canaries.operator("root", superuser=True)
    with CaptureQueriesContext(connection) as made:
        client.get("/admin/")
    assert len(made) <= 10
