"""What the base system does to a record by itself."""

from datetime import timedelta

import pytest

from simulator.instance import Instance
from simulator.switches import Switches
from tests.simulator.facts import fact
from tests.simulator.small_instance import (
    ABEL,
    BETH,
    CHARLIE,
    DANA,
    FIFTH,
    FIRST,
    FOURTH,
    NOW,
    OFFICE,
    SECOND,
    THIRD,
    Api,
    small_instance,
)

SOLVED = {"close_code": "Solution provided", "close_notes": "Done"}


@pytest.fixture
def api() -> Api:
    """The Table API of a fresh small instance."""
    return Api()


async def changed(api: Api, sys_id: str, values: object, *, by: str = ABEL) -> dict[str, str]:
    """An incident after a change that must succeed."""
    response = await api.patch(
        f"/table/incident/{sys_id}", values, by=by, sysparm_exclude_reference_link="true"
    )
    assert response.status_code == 200, response.text
    record: dict[str, str] = response.json()["result"]
    return record


@pytest.mark.parametrize(
    ("impact", "urgency", "priority"),
    [
        ("1", "1", "1"),
        ("1", "2", "2"),
        ("1", "3", "3"),
        ("2", "1", "2"),
        ("2", "2", "3"),
        ("2", "3", "4"),
        ("3", "1", "3"),
        ("3", "2", "4"),
        ("3", "3", "5"),
        ("", "1", "5"),
    ],
)
@fact(
    "The priority of an incident is looked up by impact and urgency and cannot be written",
    tag="D def-prio-lookup-rules",
)
async def test_priority_comes_from_impact_and_urgency_alone(
    api: Api, impact: str, urgency: str, priority: str
) -> None:
    body = {"impact": impact, "urgency": urgency, "priority": "2"}
    response = await api.post("/table/incident", body)
    assert response.json()["result"]["priority"] == priority


@fact("state and incident_state of an incident are always the same", tag="R")
async def test_state_and_incident_state_mirror_each_other(api: Api) -> None:
    assert (await changed(api, FIRST, {"state": "2"}))["incident_state"] == "2"
    assert (await changed(api, FIRST, {"incident_state": "1"}))["state"] == "1"


@fact("Resolving an incident sets resolved_at, resolved_by and the durations", tag="R")
async def test_resolving_notes_who_and_when_and_how_long(api: Api) -> None:
    record = await changed(api, FIRST, {"state": "6", **SOLVED}, by=BETH)
    assert record["resolved_by"] == BETH
    assert record["resolved_at"] == "2026-11-20 09:00:00"
    assert record["calendar_stc"] == record["business_stc"] == str(25 * 3600)
    assert record["calendar_duration"] == "1970-01-02 01:00:00"
    assert record["active"] == "true"


@fact(
    "Resolving an incident takes a resolution code and close notes",
    tag="C ansible; D c_IncidentManagementStateModel",
)
async def test_a_resolution_needs_a_code_and_notes(api: Api) -> None:
    response = await api.patch(f"/table/incident/{FIRST}", {"state": "6"})
    assert response.json()["error"]["detail"].endswith("Resolution code, Close notes")


async def test_an_incident_without_a_beginning_has_no_duration(api: Api) -> None:
    api.instance.update("incident", FIRST, {"opened_at": ""})
    api.instance.update("incident", SECOND, {"opened_at": "soon"})
    record = await changed(api, SECOND, {"state": "6", **SOLVED})
    assert record["calendar_duration"] == ""
    assert record["resolved_at"] == "2026-11-20 09:00:00"


@fact("Reopening an incident counts reopen_count and sets reopened_by and reopened_time", tag="R")
async def test_reopening_is_counted_and_forgets_the_resolution(api: Api) -> None:
    record = await changed(api, FOURTH, {"state": "2"}, by=BETH)
    assert record["reopen_count"] == "1"
    assert record["reopened_by"] == BETH
    assert record["reopened_time"] == "2026-11-20 09:00:00"
    assert (record["resolved_at"], record["resolved_by"]) == ("", "")


@fact(
    "Closing an incident is for its caller, itil_admin and admin",
    tag="D c_IncidentManagementStateModel",
)
async def test_closing_is_for_administrators_and_for_the_caller(api: Api) -> None:
    refused = await api.patch(f"/table/incident/{SECOND}", {"state": "7", **SOLVED})
    assert refused.status_code == 403
    assert "'Close an incident^" in refused.json()["error"]["detail"]
    for sys_id, person in ((FOURTH, ABEL), (SECOND, BETH)):
        record = await changed(api, sys_id, {"state": "7", **SOLVED}, by=person)
        assert record["active"] == "false"
        assert record["closed_by"] == person
        assert record["closed_at"] == "2026-11-20 09:00:00"


async def test_an_instance_may_let_everybody_close() -> None:
    api = Api(small_instance(switches=Switches(only_admins_close=False)))
    assert (await changed(api, SECOND, {"state": "7", **SOLVED}))["active"] == "false"


@fact("A canceled incident is not active and needs no resolution", tag="R")
async def test_cancelling_closes_without_a_resolution(api: Api) -> None:
    record = await changed(api, FIRST, {"state": "8"})
    assert (record["active"], record["closed_by"]) == ("false", ABEL)
    assert record["resolved_at"] == ""


@fact("A closed incident cannot be opened again", tag="D c_IncidentManagementStateModel")
async def test_a_closed_incident_stays_closed_for_everybody(api: Api) -> None:
    response = await api.patch(f"/table/incident/{FIFTH}", {"state": "2"}, by=DANA)
    assert response.status_code == 403
    assert "Closed incidents stay closed" in response.json()["error"]["detail"]


@fact(
    "Putting an incident on hold for its caller takes a comment",
    tag="D c_IncidentManagementStateModel",
)
async def test_waiting_for_the_caller_needs_a_comment(api: Api) -> None:
    hold = {"state": "3", "hold_reason": "1"}
    refused = await api.patch(f"/table/incident/{FIRST}", hold)
    assert refused.json()["error"]["detail"] == (
        "Data Policy Exception: The following fields are mandatory: Additional comments"
    )
    record = await changed(api, FIRST, {**hold, "comments": "Which printer?"})
    assert (record["state"], record["hold_reason"]) == ("3", "1")
    assert (await changed(api, FIRST, {"urgency": "2"}))["state"] == "3"


async def test_other_reasons_to_wait_need_none(api: Api) -> None:
    record = await changed(api, FIRST, {"state": "3", "hold_reason": "4"})
    assert record["hold_reason"] == "4"


@fact("An incident that leaves On Hold forgets its hold reason", tag="R")
async def test_leaving_hold_forgets_its_reason(api: Api) -> None:
    assert (await changed(api, THIRD, {"state": "2"}))["hold_reason"] == ""


async def test_the_callers_answer_ends_the_wait(api: Api) -> None:
    assert (await changed(api, THIRD, {"comments": "Abel's"}, by=ABEL))["state"] == "3"
    assert (await changed(api, THIRD, {"urgency": "2"}, by=BETH))["state"] == "3"
    record = await changed(api, THIRD, {"comments": "The one in the hall"}, by=BETH)
    assert (record["state"], record["hold_reason"]) == ("2", "")


@fact("reassignment_count counts changes of the group, not the first group", tag="R")
async def test_moving_to_another_group_is_counted_but_the_first_group_is_not(api: Api) -> None:
    assert (await changed(api, FIRST, {"assignment_group": OFFICE}))["reassignment_count"] == "1"
    assert (await changed(api, FOURTH, {"assignment_group": OFFICE}))["reassignment_count"] == "0"


async def test_opened_by_and_at_may_be_given(api: Api) -> None:
    body = {"opened_by": CHARLIE, "opened_at": "2026-01-01 00:00:00"}
    response = await api.post("/table/incident", body, sysparm_exclude_reference_link="true")
    record = response.json()["result"]
    assert (record["opened_by"], record["opened_at"]) == (CHARLIE, "2026-01-01 00:00:00")


@fact("The name of a person is made of the first and the last name", tag="R")
async def test_a_persons_name_is_made_of_its_parts(api: Api) -> None:
    body = {"user_name": "new.one", "first_name": "New", "last_name": "One"}
    created = (await api.post("/table/sys_user", body, by=DANA)).json()["result"]
    assert created["name"] == "New One"
    path = f"/table/sys_user/{created['sys_id']}"
    assert (await api.patch(path, {"last_name": ""}, by=DANA)).json()["result"]["name"] == "New"


def test_the_system_itself_may_do_what_people_may_not() -> None:
    instance = small_instance()
    closed = {"state": "7", **SOLVED}
    instance.update("incident", SECOND, closed, run_rules=True)
    row = instance.row("incident", SECOND)
    assert row is not None
    assert (row["active"], row["closed_by"], row["resolved_by"]) == ("false", "", "")
    assert row["sys_updated_by"] == "system"
    instance.update("incident", FOURTH, {"state": "1"}, run_rules=True)
    reopened = instance.row("incident", FOURTH)
    assert reopened is not None
    assert (reopened["reopened_by"], reopened["reopen_count"]) == ("", "1")
    made = instance.insert("incident", {}, run_rules=True)
    assert (instance.row("incident", made) or {})["opened_by"] == ""


def test_the_clock_of_the_instance_tells_the_time() -> None:
    moments = [NOW]
    instance: Instance = small_instance(clock=lambda: moments[-1])
    first = instance.insert("incident", {}, run_rules=True)
    moments.append(NOW + timedelta(hours=1))
    second = instance.insert("incident", {}, run_rules=True)
    rows = [instance.row("incident", sys_id) or {} for sys_id in (first, second)]
    assert [row["opened_at"] for row in rows] == ["2026-11-20 09:00:00", "2026-11-20 10:00:00"]
