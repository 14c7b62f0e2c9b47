"""What a problem does to its tasks, to its incidents, and to the problem it duplicates."""

from simulator.areas.problems.states import CLOSED, DUPLICATE, FIX_APPLIED, RESOLVED, TASK_CLOSED
from simulator.records.rules import Change, Moment

_ON_HOLD, _AWAITING_PROBLEM, _INCIDENT_RESOLVED = "3", "3", "6"
_CANCEL_TASKS = "problem.closed.cancel_open_tasks"
_MOVED = (("incident", "problem_id"), ("problem_task", "problem"))


def close_tasks(change: Change) -> None:
    """Nobody works on a closed problem, unless a property says that they may."""
    cancels = change.records.property(_CANCEL_TASKS, default="true") == "true"
    if not change.changes_to("state", CLOSED) or not cancels:
        return
    for task in change.records.query("problem_task", f"problem={change.sys_id}^active=true"):
        ended = {
            "state": TASK_CLOSED,
            "close_code": "canceled",
            "close_notes": f"Problem {change.get('number')} was closed",
        }
        change.update("problem_task", task["sys_id"], ended)


def move_to_original(change: Change) -> None:
    """What belonged to a duplicate belongs to the problem it is a duplicate of."""
    original = change.get("duplicate_of")
    ended = change.changes_to("state", CLOSED)
    if not ended or change.get("resolution_code") != DUPLICATE or not original:
        return
    for table, field in _MOVED:
        for row in change.records.query(table, f"{field}={change.sys_id}"):
            change.update(table, row["sys_id"], {field: original})


def resolve_waiting_incidents(change: Change) -> None:
    """Incidents on hold for a problem are resolved with it, by its fix notes."""
    fixed = change.get("resolution_code") == FIX_APPLIED
    if not change.changes_to("state", RESOLVED) or not fixed:
        return
    waiting = f"problem_id={change.sys_id}^state={_ON_HOLD}^hold_reason={_AWAITING_PROBLEM}"
    for incident in change.records.query("incident", waiting):
        resolved = {
            "state": _INCIDENT_RESOLVED,
            "close_code": "Resolved by problem",
            "close_notes": change.get("fix_notes"),
        }
        change.update("incident", incident["sys_id"], resolved)


def count_related(change: Change) -> None:
    """Keep the number of incidents of each problem that an incident leaves or joins."""
    gone = change.operation is Moment.DELETE
    if not gone and not change.changes("problem_id"):
        return
    for problem in {change.before("problem_id"), change.get("problem_id")} - {""}:
        if change.records.row("problem", problem) is None:
            continue
        related = len(change.records.query("incident", f"problem_id={problem}"))
        change.records.update("problem", problem, {"related_incidents": str(related)})
