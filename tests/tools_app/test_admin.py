"""Operators turn tools on and off; nobody else may."""

import re

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.test import Client
from django.utils.html import escape
from pytest_django import Settings

from tests.support.operators import superuser
from tools_app.catalog import CATALOG
from tools_app.models import ToolsetGrant, ToolSetting
from tools_app.policy import Reach
from tools_app.settings_snapshot import forget_snapshot, snapshot

pytestmark = pytest.mark.usefixtures("db")

GRANTS = "/admin/tools_app/toolsetgrant/"
SETTINGS = "/admin/tools_app/toolsetting/"


@pytest.fixture
def operator() -> Client:
    """The browser of an operator who may do everything."""
    forget_snapshot()
    return superuser()


def test_an_operator_turns_a_toolset_off_for_a_group_and_it_holds_at_once(
    operator: Client,
) -> None:
    desk = Group.objects.create(name="Desk")
    assert snapshot().toolsets == {}
    answer = operator.post(
        GRANTS + "add/", {"toolset": "people", "group": str(desk.pk), "reach": "off"}
    )
    assert answer.status_code == 302, answer.content
    assert snapshot().toolsets == {"people": {desk.pk: Reach.OFF}}


def test_an_operator_limits_a_tool_and_takes_it_back(operator: Client) -> None:
    new = {"tool": "create_incident", "is_on": "on", "calls_per_minute": "5"}
    assert operator.post(SETTINGS + "add/", new).status_code == 302
    assert snapshot().calls_per_minute(1, "create_incident") == 5
    [setting] = ToolSetting.objects.all()
    page = operator.get(f"{SETTINGS}{setting.pk}/change/").content.decode()
    assert "Report a new incident" in page
    operator.post(f"{SETTINGS}{setting.pk}/delete/", {"post": "yes"})
    assert snapshot().tools == {}


def test_rules_chosen_in_the_list_are_deleted_together(operator: Client) -> None:
    grant = ToolsetGrant.objects.create(toolset="people", reach="off")
    forget_snapshot()
    assert snapshot().toolsets != {}
    operator.post(
        GRANTS,
        {"action": "delete_selected", "_selected_action": [str(grant.pk)], "post": "yes"},
    )
    assert snapshot().toolsets == {}


def test_only_what_is_in_the_catalogue_may_be_chosen(operator: Client) -> None:
    page = operator.get(SETTINGS + "add/").content.decode()
    assert all(f'value="{name}"' in page for name in CATALOG)
    answer = operator.post(GRANTS + "add/", {"toolset": "no_such", "reach": "off"})
    assert answer.status_code == 200
    assert not ToolsetGrant.objects.exists()


def test_the_list_says_what_each_tool_does_also_one_that_is_gone(operator: Client) -> None:
    ToolSetting.objects.create(tool="get_incident")
    ToolSetting.objects.create(tool="gone_tool")
    page = operator.get(SETTINGS).content.decode()
    assert "Read one incident in full" in page
    assert "gone_tool" in page


def test_every_tool_of_the_catalogue_is_shown_with_what_it_does(operator: Client) -> None:
    page = operator.get(SETTINGS).content.decode()
    for tool in CATALOG.values():
        assert tool.name in page
        assert escape(tool.description.split(".")[0]) in page


def test_the_table_of_tools_says_what_holds_for_everybody_and_where_else_to_look(
    operator: Client, settings: Settings
) -> None:
    desk = Group.objects.create(name="Desk")
    ToolsetGrant.objects.create(toolset="changes", reach="read")
    ToolsetGrant.objects.create(toolset="changes", group=desk, reach="write")
    ToolSetting.objects.create(tool="get_incident", calls_per_minute=5)
    now = _now_of(operator.get(SETTINGS).content.decode())
    assert now["get_incident"] == "On; 5 calls a minute"
    assert now["list_change_requests"] == "On; see Desk"
    assert now["approve_change"] == "Off; see Desk"
    assert now["lookup_user"] == "On"
    settings.READ_ONLY = True
    assert _now_of(operator.get(SETTINGS).content.decode())["create_incident"] == "Off"


def _now_of(page: str) -> dict[str, str]:
    cells = re.findall(r"<td[^>]*data-label[^>]*>([^<]*)</td>", page.partition("Every tool")[2])
    return {name: cells[cells.index(name) + 3] for name in CATALOG}


def test_a_second_rule_for_the_same_people_is_refused_in_words(operator: Client) -> None:
    desk = Group.objects.create(name="Desk")
    everybody = {"toolset": "people", "reach": "off"}
    for rule, words in (
        (everybody, "There is a grant of this toolset for everybody already."),
        ({**everybody, "group": str(desk.pk)}, "This group has a grant for this toolset already."),
    ):
        assert operator.post(GRANTS + "add/", rule).status_code == 302
        assert words in operator.post(GRANTS + "add/", rule).content.decode()
    none = {"tool": "lookup_user", "is_on": "on", "calls_per_minute": "0"}
    assert "At least 1;" in operator.post(SETTINGS + "add/", none).content.decode()


def test_charlie_is_sent_away(client: Client) -> None:
    client.force_login(get_user_model().objects.create(username="charlie.whitherspoon"))
    for page in (GRANTS, GRANTS + "add/", SETTINGS, SETTINGS + "add/"):
        assert client.get(page).status_code == 302
        assert client.post(page, {"toolset": "people", "reach": "off"}).status_code == 302
    assert not ToolsetGrant.objects.exists()
