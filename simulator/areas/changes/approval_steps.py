"""Who is asked before a change goes on: the assignment group in Assess, the board in Authorize."""

from simulator.areas.changes.models import ASSESS, AUTHORIZE, CANCELED, NEW
from simulator.records.rules import Change, Records

BOARD = "CAB Approval"
_PERSON, _GROUP = "sysapproval_approver", "sysapproval_group"
_WAITING = ("requested", "not requested")


def end_requests(change: Change) -> None:
    """A change that leaves a state needs none of the answers it still waits for.

    A new request also takes an earlier no out of what approvals come to. All of it without the
    rules of approvals, which would roll an old decision up into the change again.
    """
    if not change.changes("state") or not change.before("state"):
        return
    ended = "cancelled" if change.get("state") in (NEW, CANCELED) else "not_required"
    asks_again = change.get("state") in (ASSESS, AUTHORIZE)
    for table, field, column in ((_PERSON, "sysapproval", "state"), (_GROUP, "parent", "approval")):
        for row in change.records.query(table, f"{field}={change.sys_id}"):
            overruled = asks_again and table == _GROUP and row[column] == "rejected"
            if row[column] in _WAITING or overruled:
                change.records.update(table, row["sys_id"], {column: ended})


def ask_for_approval(change: Change) -> None:
    """Ask those whom the state a change has entered wants to hear.

    Where there is nobody to ask the step is passed over: the change counts as approved.
    """
    if not change.changes_to("state", ASSESS, AUTHORIZE):
        return
    group = _asked_group(change)
    if _members(change.records, group):
        change.insert(_GROUP, _request(change) | {"assignment_group": group})
        return
    manager = (change.records.row("sys_user_group", group) or {}).get("manager", "")
    if change.records.row("sys_user", manager):
        change.insert(_PERSON, _request_of_person(change, manager))
    else:
        change.update("change_request", change.sys_id, {"approval": "approved"})


def _asked_group(change: Change) -> str:
    if change.get("state") == ASSESS:
        return change.get("assignment_group")
    boards = change.records.query("sys_user_group", f"name={BOARD}")
    return boards[0]["sys_id"] if boards else ""


def _members(records: Records, group: str) -> bool:
    members = f"group={group}^user.active=true"
    return bool(group) and bool(records.query("sys_user_grmember", members))


def _request(change: Change) -> dict[str, str]:
    return {
        "parent": change.sys_id,
        "approval": "requested",
        "short_description": f"Approval request for {change.get('number')}",
    }


def _request_of_person(change: Change, approver: str) -> dict[str, str]:
    return {
        "sysapproval": change.sys_id,
        "document_id": change.sys_id,
        "source_table": "change_request",
        "approver": approver,
        "state": "requested",
    }
