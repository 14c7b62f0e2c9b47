"""One usual call of each tool, and what has to be there for it to succeed."""

from collections.abc import Awaitable, Callable

from tests.tools_app.catalog.changes_at_work import planned
from tests.tools_app.desk import Desk

ARGUMENTS: dict[str, dict[str, object]] = {
    "search_incidents": {"text": "printer"},
    "get_incident": {"incident": "INC0010001"},
    "create_incident": {"short_description": "Printer"},
    "update_incident": {"incident": "INC0010001", "urgency": "1"},
    "resolve_incident": {
        "incident": "INC0010001",
        "close_code": "Duplicate",
        "close_notes": "Known.",
    },
    "add_work_note": {"record": "INC0010001", "note": "Known."},
    "get_journal": {"record": "INC0010001"},
    "lookup_user": {"query": "abel"},
    "lookup_group": {"query": "desk"},
    "list_group_members": {"group": "Service Desk"},
    "get_my_profile": {},
    "search_knowledge": {"query": "vpn", "knowledge_base": "IT"},
    "get_article": {"article": "KB0000001"},
    "search_problems": {"text": "vpn"},
    "get_problem": {"problem": "PRB0010001"},
    "search": {"query": "laptop"},
    "fetch": {"id": "kb_knowledge:KB0000001"},
    "get_my_tasks": {"include_my_groups": True},
    "get_my_approvals": {},
    "get_approval": {"approval": "0" * 32},
    "approve_or_reject": {"approval": "0" * 32, "decision": "approved"},
    "search_catalog_items": {"query": "laptop"},
    "get_catalog_item": {"item": "Headset"},
    "submit_catalog_request": {"item": "Headset"},
    "list_my_requests": {},
    "get_request_status": {"request": "REQ0000001"},
    "list_change_requests": {"text": "switch"},
    "get_change_request_details": {"change": "CHG0010001"},
    "create_change_request": {"type": "normal", "short_description": "Swap a switch"},
    "update_change_request": {"change": "CHG0010001", "risk": "High"},
    "add_change_task": {"change": "CHG0010001", "short_description": "Tell the floor"},
    "submit_change_for_approval": {"change": "CHG0010004"},
    "approve_change": {"change": "CHG0010001"},
    "reject_change": {"change": "CHG0010001", "comments": "Too soon."},
    "check_change_conflicts": {"change": "CHG0010001", "recalculate": True},
    "get_current_update_set": {},
    "change_update_set": {"update_set": "Incident form"},
    "create_update_set": {"name": "Faults"},
}


async def _approval(desk: Desk) -> dict[str, object]:
    """An approval of a task that waits for the person at the desk."""
    task = desk.one("incident", "active=true^state=2")
    row = {"sysapproval": task["sys_id"], "approver": desk.caller.sys_id, "state": "requested"}
    return {"approval": desk.instance.insert("sysapproval_approver", row, run_rules=True)}


async def _change_to_approve(desk: Desk) -> dict[str, object]:
    """A change that waits for the person at the desk, for the first time."""
    mine = desk.instance.query("sysapproval_approver", f"approver={desk.caller.sys_id}")
    asked = {row["sysapproval"] for row in mine}
    changes = desk.instance.query("change_request", "active=true")
    change = next(row for row in changes if row["sys_id"] not in asked)
    row = {"sysapproval": change["sys_id"], "approver": desk.caller.sys_id, "state": "requested"}
    desk.instance.insert("sysapproval_approver", row, run_rules=True)
    return {"change": change["number"]}


async def _harmless_change(desk: Desk) -> dict[str, object]:
    """A change whose risk is another one than that of the call."""
    return {"change": desk.one("change_request", "active=true^risk!=2")["number"]}


async def _planned_change(desk: Desk) -> dict[str, object]:
    """A change that is ready to be submitted."""
    return {"change": (await planned(desk))["number"]}


async def _open_incident(desk: Desk) -> dict[str, object]:
    """An incident that somebody works on, with another urgency than that of the call."""
    return {"incident": desk.one("incident", "state=2^urgency!=1")["number"]}


async def _administrator(desk: Desk) -> dict[str, object]:
    """Update sets are for administrators."""
    role = desk.one("sys_user_role", "name=admin")["sys_id"]
    desk.instance.insert("sys_user_has_role", {"user": desk.caller.sys_id, "role": role})
    return {}


_PREPARED: dict[str, Callable[[Desk], Awaitable[dict[str, object]]]] = {
    "update_incident": _open_incident,
    "resolve_incident": _open_incident,
    "get_approval": _approval,
    "approve_or_reject": _approval,
    "update_change_request": _harmless_change,
    "submit_change_for_approval": _planned_change,
    "approve_change": _change_to_approve,
    "reject_change": _change_to_approve,
    "get_current_update_set": _administrator,
    "change_update_set": _administrator,
    "create_update_set": _administrator,
}


async def prepared(desk: Desk, tool: str) -> dict[str, object]:
    """Arguments with which a call of `tool` succeeds, once; what it needs is put there."""
    return {**ARGUMENTS[tool], **(await _PREPARED[tool](desk) if tool in _PREPARED else {})}
