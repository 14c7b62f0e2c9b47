"""Whatever an instance does wrong, every tool ends with a failure of the drawn tree."""

import pytest

from servicenow import exceptions as sn
from simulator.control.faults import FaultKind
from tests.tools_app.desk import Desk
from tools_app.catalog import CATALOG

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
# Of update sets an agent sees none that could be chosen, and no approval waits for this one.
POSTS = {
    "create_incident",
    "create_change_request",
    "add_change_task",
    "check_change_conflicts",
    "submit_catalog_request",
    "create_update_set",
}
LOST_ELSEWHERE = {"change_update_set", "approve_change", "reject_change", "approve_or_reject"}
# A write of which nothing usable came back may have happened: that is another failure.
EXPECTED: dict[FaultKind, tuple[type[Exception], ...]] = {
    FaultKind.NOT_AUTHENTICATED: (sn.NotAuthenticated,),
    FaultKind.NOT_AUTHORIZED: (sn.NotAuthorized,),
    FaultKind.SCOPE_NOT_ALLOWED: (sn.ScopeNotAllowed,),
    FaultKind.RATE_LIMITED: (sn.RateLimited,),
    FaultKind.SERVER_FAULT: (sn.ServerFault,),
    FaultKind.HIBERNATING_PAGE: (sn.InstanceHibernating,),
    FaultKind.LOGIN_PAGE: (sn.LoginPageServed,),
    FaultKind.TRUNCATED: (sn.TruncatedAnswer, sn.NotAsDocumented),
    FaultKind.ERROR_IN_200: (sn.ServerFault,),
}


@pytest.mark.parametrize("tool", CATALOG)
async def test_every_fault_of_an_instance_is_one_that_is_known(abel: Desk, tool: str) -> None:
    for kind, expected in EXPECTED.items():
        abel.world.faults.clear()
        abel.fault(kind, path="/api/*", count=50)
        abel.world.journal.clear()
        with pytest.raises((*expected, sn.OutcomeUnknown)) as failed:
            await abel.call(tool, **ARGUMENTS[tool])
        wrote = abel.requests("POST") + abel.requests("PATCH")
        assert len(wrote) <= 1
        assert wrote or failed.type is not sn.OutcomeUnknown


@pytest.mark.parametrize(
    "tool",
    [name for name, tool in CATALOG.items() if tool.access.writes and name not in LOST_ELSEWHERE],
)
async def test_a_write_that_is_lost_is_sent_once_and_its_outcome_is_unknown(
    abel: Desk, tool: str
) -> None:
    known = abel.one("incident", "state=2")["number"]
    arguments = {
        name: known if value == "INC0010001" else value for name, value in ARGUMENTS[tool].items()
    }
    method = "POST" if tool in POSTS else "PATCH"
    for sent, kind in enumerate(
        (FaultKind.SERVER_FAULT, FaultKind.HIBERNATING_PAGE, FaultKind.LOGIN_PAGE), start=1
    ):
        abel.fault(kind, method=method)
        with pytest.raises(sn.OutcomeUnknown):
            await abel.call(tool, **arguments)
        assert len(abel.requests(method)) == sent
