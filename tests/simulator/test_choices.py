"""The values of states and codes that clients of the real thing have built in, and their labels."""

from collections.abc import Mapping

import httpx
import pytest

from simulator.world import World
from tests.simulator.facts import fact

_INCIDENT = {
    "1": "New",
    "2": "In Progress",
    "3": "On Hold",
    "6": "Resolved",
    "7": "Closed",
    "8": "Canceled",
}
_PROBLEM = {
    "101": "New",
    "102": "Assess",
    "103": "Root Cause Analysis",
    "104": "Fix in Progress",
    "106": "Resolved",
    "107": "Closed",
}
_CLOSED = {"3": "Closed Complete", "4": "Closed Incomplete", "7": "Closed Skipped"}
_TASK = {"-5": "Pending", "1": "Open", "2": "Work in Progress", **_CLOSED}


def choices(world: World, table: str, field: str) -> Mapping[str, str]:
    """The active choices of a field, as rows of sys_choice have them."""
    rows = world.instance.query("sys_choice", f"name={table}^element={field}^inactive=false")
    return {row["value"]: row["label"] for row in rows}


@pytest.mark.parametrize("field", ["state", "incident_state"])
@fact("The states of an incident are 1, 2, 3, 6, 7 and 8", tag="C ansible servicenow.itsm")
def test_incidents_have_these_states(world: World, field: str) -> None:
    assert choices(world, "incident", field) == _INCIDENT


@fact(
    "An incident is on hold for its caller 1, a problem 3, a vendor 4 or a change 5",
    tag="C ansible servicenow.itsm; D c_IncidentManagementStateModel",
)
def test_incidents_wait_for_these_reasons(world: World) -> None:
    assert choices(world, "incident", "hold_reason") == {
        "1": "Awaiting Caller",
        "3": "Awaiting Problem",
        "4": "Awaiting Vendor",
        "5": "Awaiting Change",
    }


@fact("The resolution codes of an incident are their own labels", tag="C ansible servicenow.itsm")
def test_incidents_have_these_resolution_codes(world: World) -> None:
    found = choices(world, "incident", "close_code")
    assert all(value == label for value, label in found.items())
    assert set(found) >= {
        "Duplicate",
        "Known error",
        "Resolved by caller",
        "Resolved by change",
        "Resolved by problem",
        "Solution provided",
        "Workaround provided",
        "User error",
    }


@fact("Priorities are labelled with their number, from Critical to Planning", tag="D")
def test_priorities_are_numbered(world: World) -> None:
    labels = ["1 - Critical", "2 - High", "3 - Moderate", "4 - Low", "5 - Planning"]
    assert list(choices(world, "task", "priority").values()) == labels


@fact("The states of a change go from -5 to 4", tag="D c_ChangeStateModel")
def test_changes_have_these_states(world: World) -> None:
    assert choices(world, "change_request", "state") == {
        "-5": "New",
        "-4": "Assess",
        "-3": "Authorize",
        "-2": "Scheduled",
        "-1": "Implement",
        "0": "Review",
        "3": "Closed",
        "4": "Canceled",
    }


@fact("A change closes successful, successful_issues or unsuccessful", tag="D Change form")
def test_changes_have_these_close_codes(world: World) -> None:
    assert choices(world, "change_request", "close_code") == {
        "successful": "Successful",
        "successful_issues": "Successful with issues",
        "unsuccessful": "Unsuccessful",
    }


@fact("The states of a change task are -5, 1, 2, 3 and 4", tag="C ansible servicenow.itsm")
def test_change_tasks_have_these_states(world: World) -> None:
    assert set(choices(world, "change_task", "state")) == {"-5", "1", "2", "3", "4"}


@pytest.mark.parametrize("field", ["state", "problem_state"])
@fact(
    "The states of a problem are 101, 102, 103, 104, 106 and 107", tag="C ansible servicenow.itsm"
)
def test_problems_have_these_states(world: World, field: str) -> None:
    assert choices(world, "problem", field) == _PROBLEM


@fact(
    "A problem is resolved as fix_applied, risk_accepted, duplicate or canceled",
    tag="C ansible servicenow.itsm",
)
def test_problems_have_these_resolutions(world: World) -> None:
    assert set(choices(world, "problem", "resolution_code")) == {
        "fix_applied",
        "risk_accepted",
        "duplicate",
        "canceled",
    }


@pytest.mark.parametrize("table", ["task", "sc_req_item", "sc_task"])
@fact("Requested items and catalog tasks have the states of tasks, skipped is 7", tag="R")
def test_items_and_their_tasks_have_these_states(world: World, table: str) -> None:
    assert choices(world, table, "state") == _TASK


@fact("An approval is in one of seven states, two of them with a space or an underscore", tag="D")
def test_approvals_have_these_states(world: World) -> None:
    assert choices(world, "sysapproval_approver", "state") == {
        "not requested": "Not Yet Requested",
        "requested": "Requested",
        "approved": "Approved",
        "rejected": "Rejected",
        "cancelled": "Cancelled",
        "not_required": "No Longer Required",
        "duplicate": "Duplicate",
    }


@fact("An update set is `in progress`, `complete` or `ignore`", tag="D update sets")
def test_update_sets_have_these_states(world: World) -> None:
    found = choices(world, "sys_update_set", "state")
    assert set(found) == {"in progress", "complete", "ignore"}


@fact(
    "Status values of configuration items are numbers, their environment is a capitalized word",
    tag="C ansible servicenow.itsm",
)
def test_items_have_these_statuses(world: World) -> None:
    assert set(choices(world, "cmdb_ci", "install_status")) == {*"012345678", "100"}
    assert set(choices(world, "cmdb_ci", "operational_status")) == {*"12345678"}
    assert set(choices(world, "cmdb_ci", "environment")) == {"Development", "Production", "Test"}
    used = {row["environment"] for row in world.instance.query("cmdb_ci", "")}
    assert used <= {"", "Development", "Production", "Test"}


@fact("sys_choice has no column of the application", tag="M")
async def test_choices_have_no_scope(http: httpx.AsyncClient) -> None:
    params = {"sysparm_limit": "1", "sysparm_fields": "sys_scope,name,element,language,inactive"}
    answer = await http.get("/api/now/table/sys_choice", params=params, auth=("admin", "demo"))
    (row,) = answer.json()["result"]
    assert set(row) == {"name", "element", "language", "inactive"}


@fact("The dictionary has a table's own columns only, those it inherits are its parent's", tag="M")
async def test_inherited_columns_are_rows_of_the_parent(http: httpx.AsyncClient) -> None:
    own = {"sysparm_query": "name=incident", "sysparm_fields": "element"}
    answer = await http.get("/api/now/table/sys_dictionary", params=own, auth=("admin", "demo"))
    columns = {row["element"] for row in answer.json()["result"]}
    assert {"caller_id", "close_code"} <= columns
    assert not columns & {"short_description", "number", "state", "sys_id"}
