"""The pickers of application and update set."""

from typing import Any

import httpx
import pytest

from simulator.areas.update_sets import seed
from simulator.data.sys_ids import stable_sys_id
from tests.simulator.facts import fact
from tests.simulator.small_instance import ABEL, DANA, HOST, Api

SETS = "/ui/concoursepicker/updateset"
APPLICATIONS = "/ui/concoursepicker/application"
DEFAULT = stable_sys_id("sys_update_set", "Default", "global")
FORM = stable_sys_id("sys_update_set", "Incident form")
COMPLETE = stable_sys_id("sys_update_set", "Mail notifications")

PAGE = {"Referer": f"{HOST}/now/nav/ui/classic", "X-UserToken": "a-token"}


@pytest.fixture
def api() -> Api:
    """The APIs of a small instance with update sets."""
    api = Api()
    seed.plant(api.instance)
    return api


async def read(api: Api, path: str, by: str = DANA, **headers: str) -> Any:
    """What a picker says to a page."""
    response = await api.call("GET", path, by=by, headers={**PAGE, **headers})
    assert response.status_code == 200, response.text
    return response.json()["result"]


async def put(api: Api, path: str, body: object, by: str = DANA) -> httpx.Response:
    """What a picker answers to a choice."""
    return await api.call("PUT", path, by=by, headers=PAGE, json=body)


@fact(
    "The update-set picker labels sets `Name [Application]`", tag="C jshsakura/mfa-servicenow-mcp"
)
async def test_the_picker_lists_the_open_sets_of_the_application(api: Api) -> None:
    result = await read(api, SETS)
    assert result["current"] == {"sysId": DEFAULT, "name": "Default [Global]", "isDefault": True}
    names = [one["name"] for one in result["updateSet"]]
    assert names == ["Default [Global]", "Incident form [Global]"]


@pytest.mark.parametrize("name", ["value", "sysId", "sys_id"])
@fact(
    "An update set is chosen by PUT with its sys_id as value or sysId",
    tag="C jshsakura/mfa-servicenow-mcp",
)
async def test_a_chosen_set_is_current_and_takes_the_changes(api: Api, name: str) -> None:
    response = await put(api, SETS, {name: FORM})
    assert response.json() == {"result": {"success": True}}
    assert (await read(api, SETS))["current"]["sysId"] == FORM
    await api.post("/table/sys_properties", {"name": "a"}, by=DANA)
    assert api.instance.count("sys_update_xml", f"update_set={FORM}") == 1
    (preference,) = api.instance.query("sys_user_preference", "name=sys_update_set")
    assert (preference["user"], preference["value"]) == (DANA, FORM)


@fact(
    "Without Origin or Referer of the instance and X-UserToken the pickers read empty and refuse"
    " a choice with 403",
    tag="C jshsakura/mfa-servicenow-mcp",
)
@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-UserToken": "t"},
        {"Referer": f"{HOST}/x"},
        {"X-UserToken": "t", "Origin": "https://elsewhere.test"},
        {"X-UserToken": "t", "Referer": "http://[broken"},
    ],
)
async def test_a_request_that_is_not_of_a_page_gets_nothing(
    api: Api, headers: dict[str, str]
) -> None:
    empty = await api.call("GET", SETS, by=DANA, headers=headers)
    assert empty.json() == {"result": {"current": {}, "updateSet": []}}
    empty = await api.call("GET", APPLICATIONS, by=DANA, headers=headers)
    assert empty.json() == {"result": {"current": "", "list": []}}
    for path, body in ((SETS, {"value": FORM}), (APPLICATIONS, {"value": "global"})):
        refused = await api.call("PUT", path, by=DANA, headers=headers, json=body)
        assert refused.status_code == 403
    assert api.instance.count("sys_user_preference", "name=sys_update_set") == 0


async def test_an_origin_serves_as_well_as_a_referer(api: Api) -> None:
    headers = {"Origin": HOST, "X-UserToken": "t"}
    response = await api.call("GET", SETS, by=DANA, headers=headers)
    assert response.json()["result"]["current"]["sysId"] == DEFAULT


async def test_a_switch_opens_the_pickers_to_everybody_who_may_see_sets(api: Api) -> None:
    api.instance.switches.picker_needs_interface = False
    assert (await api.result(SETS, by=DANA))["current"]["sysId"] == DEFAULT


async def test_people_who_see_no_sets_get_nothing(api: Api) -> None:
    assert (await read(api, SETS, by=ABEL)) == {"current": {}, "updateSet": []}
    assert (await put(api, SETS, {"value": FORM}, by=ABEL)).status_code == 403


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"value": "nowhere"}, 404),
        ({}, 404),
        ([], 404),
        ({"value": COMPLETE}, 400),
        ({"value": stable_sys_id("sys_update_set", "Default", seed.APPLICATION)}, 400),
        ({"value": {"deep": [1]}}, 404),
        ("x", 400),
    ],
)
async def test_only_an_open_set_of_the_application_can_be_chosen(
    api: Api, body: object, status: int
) -> None:
    assert (await put(api, SETS, body)).status_code == status
    assert (await read(api, SETS))["current"]["sysId"] == DEFAULT


@fact(
    "The application picker gives the current application and a list with sysId, name, scopeName",
    tag="C jshsakura/mfa-servicenow-mcp",
)
async def test_an_application_is_chosen_with_its_own_set(api: Api) -> None:
    before = await read(api, APPLICATIONS)
    assert before["current"] == "global"
    assert {"sysId": "global", "name": "Global", "scopeName": "global"} in before["list"]
    assert (await put(api, APPLICATIONS, {"app_id": seed.APPLICATION})).status_code == 200
    assert (await read(api, APPLICATIONS))["current"] == seed.APPLICATION
    current = (await read(api, SETS))["current"]
    assert current["name"] == "Default [Hardware Desk]"
    assert (await put(api, APPLICATIONS, {"app_id": "nowhere"})).status_code == 404


@fact(
    "Reading the update-set picker puts a preference right that is of another application",
    tag="M on a developer instance in August 2026, by others",
)
async def test_reading_heals_a_preference_of_another_application(api: Api) -> None:
    await put(api, SETS, {"value": FORM})
    other = stable_sys_id("sys_update_set", "Default", seed.APPLICATION)
    (preference,) = api.instance.query("sys_user_preference", "name=sys_update_set")
    api.instance.update("sys_user_preference", preference["sys_id"], {"value": other})
    assert (await read(api, SETS))["current"]["sysId"] == FORM
    (preference,) = api.instance.query("sys_user_preference", "name=sys_update_set")
    assert preference["value"] == FORM


@fact(
    "concoursepicker/current gives currentApplication with name, scopeName and sysId, and"
    " currentUpdateSet with name and sysId",
    tag="C jshsakura/mfa-servicenow-mcp and others",
)
async def test_what_is_chosen_is_told_at_once(api: Api) -> None:
    await put(api, SETS, {"value": FORM})
    assert await read(api, "/ui/concoursepicker/current") == {
        "currentApplication": {"sysId": "global", "name": "Global", "scopeName": "global"},
        "currentUpdateSet": {"sysId": FORM, "name": "Incident form"},
    }
    empty = await api.get("/ui/concoursepicker/current", by=DANA)
    assert empty.json()["result"] == {"currentApplication": {}, "currentUpdateSet": {}}
