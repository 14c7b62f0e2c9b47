"""Tools ask ServiceNow no more often than their snapshots say."""

from collections.abc import Callable
from typing import Any

from simulator.control.request_journal import JournalEntry
from tests.inventory.request_counts import NAMES, REQUESTS, REQUESTS_AGAIN
from tests.tools_app.catalog.changes_at_work import planned
from tests.tools_app.catalog.test_faults import ARGUMENTS
from tests.tools_app.desk import Desk
from tools_app.catalog import CATALOG

# Asked for once in ten minutes by the client, whichever tool needs them.
REMEMBERED = ("sys_db_object", "sys_dictionary", "sys_choice")


def asked(desk: Desk) -> list[JournalEntry]:
    """What was asked of ServiceNow, without what the client remembers."""
    return [each for each in desk.sent() if not each.path.endswith(REMEMBERED)]


def an_approval(desk: Desk) -> dict[str, object]:
    """An approval of a task that waits for the person at the desk."""
    task = desk.one("incident", "active=true^state=2")
    row = {"sysapproval": task["sys_id"], "approver": desk.caller.sys_id, "state": "requested"}
    return {"approval": desk.instance.insert("sysapproval_approver", row, run_rules=True)}


def an_approved_change(desk: Desk) -> dict[str, object]:
    """A change that waits for the person at the desk."""
    change = desk.one("change_request", "active=true")
    row = {"sysapproval": change["sys_id"], "approver": desk.caller.sys_id, "state": "requested"}
    desk.instance.insert("sysapproval_approver", row, run_rules=True)
    return {"change": change["number"]}


def an_open_incident(desk: Desk) -> dict[str, object]:
    """An incident that somebody works on."""
    return {"incident": desk.one("incident", "state=2")["number"]}


def an_administrator(desk: Desk) -> dict[str, object]:
    """Update sets are for administrators."""
    role = desk.one("sys_user_role", "name=admin")["sys_id"]
    desk.instance.insert("sys_user_has_role", {"user": desk.caller.sys_id, "role": role})
    return {}


PREPARED: dict[str, Callable[[Desk], dict[str, object]]] = {
    "update_incident": an_open_incident,
    "resolve_incident": an_open_incident,
    "get_approval": an_approval,
    "approve_or_reject": an_approval,
    "approve_change": an_approved_change,
    "reject_change": an_approved_change,
    "get_current_update_set": an_administrator,
    "change_update_set": an_administrator,
    "create_update_set": an_administrator,
}


async def test_each_tool_asks_as_often_as_its_snapshot_says(abel: Desk) -> None:
    counts, again = {}, {}
    for tool in CATALOG:
        abel.client.names.forget_all()
        arguments = {**ARGUMENTS[tool], **NAMES.get(tool, {})}
        if tool in PREPARED:
            arguments |= PREPARED[tool](abel)
        if tool == "submit_change_for_approval":
            arguments["change"] = (await planned(abel))["number"]
        abel.world.journal.clear()
        await abel.call(tool, **arguments)
        counts[tool] = len(asked(abel))
        if tool in NAMES:
            abel.world.journal.clear()
            await abel.call(tool, **arguments)
            again[tool] = len(asked(abel))
    assert counts == REQUESTS
    assert again == REQUESTS_AGAIN


async def test_a_second_search_is_one_request(abel: Desk) -> None:
    for name in ("search_incidents", "search_problems", "list_change_requests", "lookup_user"):
        await abel.call(name, **ARGUMENTS[name])
        abel.world.journal.clear()
        await abel.call(name, **ARGUMENTS[name])
        assert len(abel.requests()) == 1, name


async def test_names_of_a_new_incident_are_asked_for_once_as_are_labels(abel: Desk) -> None:
    named: dict[str, Any] = {
        "short_description": "Mail is slow",
        "assignment_group": "Network",
        "configuration_item": abel.one("cmdb_ci", "nameISNOTEMPTY")["name"],
        "urgency": "High",
        "category": "Network",
    }
    await abel.call("create_incident", **named)
    abel.world.journal.clear()
    await abel.call("create_incident", **named)
    written, read_back = abel.requests()
    assert written.method == "POST"
    assert read_back.path.startswith("/api/now/table/incident/")
