"""A person's page tells an operator which tools they have, and why one is missing."""

import re

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.html import escape
from pytest_django import Settings

from oauth_app.models import Connection, Instance, User
from oauth_app.models.connections import State
from tests.support.operators import operator_with, superuser
from tools_app.catalog import CATALOG
from tools_app.models import ToolsetGrant, ToolSetting

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
def abel() -> User:
    user = User.objects.create(username="abel.tuter")
    instance = Instance.objects.create(
        name="Acme", base_url="https://acme.service-now.com", client_id="acme"
    )
    Connection.objects.create(
        user=user,
        instance=instance,
        sys_id="a" * 32,
        user_name="abel.tuter",
        state=State.ACTIVE,
        access_token_expires_at=timezone.now(),
        refresh_token_expires_at=timezone.now(),
    )
    return user


def _page(operator: Client, person: User) -> str:
    answer = operator.get(f"/admin/oauth_app/user/{person.pk}/change/")
    assert answer.status_code == 200
    return answer.content.decode()


def _told(page: str) -> dict[str, str]:
    """What the page says of each tool."""
    cells = [each.strip() for each in re.findall(r"<td[^>]*>\s*([^<]*?)\s*</td>", page)]
    return {name: cells[cells.index(name) + 3] for name in CATALOG}


def test_a_person_has_every_tool_until_an_operator_says_otherwise(abel: User):
    page = _page(superuser(), abel)
    assert set(_told(page).values()) == {"Yes"}
    assert f"{len(CATALOG)} of {len(CATALOG)} tools" in page


def test_a_missing_tool_is_told_with_its_reason(abel: User):
    desk = Group.objects.create(name="Desk")
    abel.groups.add(desk)
    ToolsetGrant.objects.create(toolset="people", reach=ToolsetGrant.Reach.OFF)
    ToolsetGrant.objects.create(toolset="knowledge", reach=ToolsetGrant.Reach.OFF)
    ToolsetGrant.objects.create(toolset="knowledge", group=desk, reach=ToolsetGrant.Reach.READ)
    ToolsetGrant.objects.create(toolset="changes", group=desk, reach=ToolsetGrant.Reach.READ)
    ToolSetting.objects.create(tool="resolve_incident", is_on=False)
    ToolSetting.objects.create(tool="get_incident", calls_per_minute=5)
    page = _page(superuser(), abel)
    told = _told(page)
    assert told["get_incident"] == "Yes, 5 calls a minute"
    assert page.index(">resolve_incident<") < page.index(">get_incident<"), "missing ones first"
    assert told["lookup_user"] == "The toolset people is turned off for you."
    assert told["search_knowledge"] == "Yes", "the group's rule takes the place of everybody's"
    assert told["approve_change"] == "The toolset changes is read-only for you."
    assert told["resolve_incident"] == "This tool is turned off for you."
    there = sum(reason.startswith("Yes") for reason in told.values())
    assert f"{there} of {len(CATALOG)} tools" in page


def test_a_read_only_server_is_the_reason_for_every_missing_tool(abel: User, settings: Settings):
    settings.READ_ONLY = True
    told = _told(_page(superuser(), abel))
    for name, tool in CATALOG.items():
        assert told[name] == ("This server is read-only." if tool.access.writes else "Yes")


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"is_active": False}, "This person is turned off: no client of theirs gets in."),
        ({}, "They must sign in again with ServiceNow before a tool works."),
    ],
)
def test_what_stops_all_tools_is_told_above_them(
    abel: User, changed: dict[str, bool], sentence: str
):
    User.objects.filter(pk=abel.pk).update(**changed)
    if not changed:
        Connection.objects.update(state=State.NEEDS_SIGN_IN)
    assert escape(sentence) in _page(superuser(), abel)


def test_somebody_without_a_connection_has_no_table():
    page = _page(superuser(), User.objects.create(username="nobody"))
    assert "never signed in with ServiceNow" in page
    assert "lookup_user" not in page


def test_an_operator_who_may_only_look_sees_the_tools_too(abel: User):
    operator = operator_with("view_user")
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert "Yes" in _told(_page(operator, abel)).values()
    assert len(queries) < 25


def test_an_operator_without_the_right_sees_nothing_of_it(abel: User):
    answer = operator_with("view_toolcall").get(f"/admin/oauth_app/user/{abel.pk}/change/")
    assert answer.status_code == 403


def test_a_person_who_is_not_there_has_no_page():
    assert superuser().get("/admin/oauth_app/user/4711/change/").status_code == 302
