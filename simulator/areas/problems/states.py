"""The states of problems and of their tasks, and the ways between them."""

from collections.abc import Callable, Mapping

from simulator.records.rules import Aborted, Change, Moment

NEW, ASSESS, ANALYSIS, FIX, RESOLVED, CLOSED = "101", "102", "103", "104", "106", "107"
FIX_APPLIED, RISK_ACCEPTED, DUPLICATE, CANCELED = (
    "fix_applied",
    "risk_accepted",
    "duplicate",
    "canceled",
)

TASK_NEW, TASK_ASSESS, TASK_WORK, TASK_CLOSED = "151", "152", "154", "157"

_MANAGER, _COORDINATOR, _ADMIN = "problem_manager", "problem_coordinator", "problem_admin"

# Who may analyze a closed problem again, by how it was closed: properties of the base system.
_REANALYZE = {
    FIX_APPLIED: "problem.closed.role.reanalyze_from_completed",
    RISK_ACCEPTED: "problem.closed.role.reanalyze_from_closed_riskaccepted",
    CANCELED: "problem.closed.role.reanalyze_from_canceled",
}
_REASSESS = "problem_task.closed.role.reaassess_from_closed"

Guard = Callable[[Change], bool]


def _always(_: Change) -> bool:
    return True


def _ended_early(change: Change) -> bool:
    return change.get("resolution_code") in (DUPLICATE, CANCELED)


def _risk_accepted(change: Change) -> bool:
    return change.get("resolution_code") == RISK_ACCEPTED


def _ended_early_or_risky(change: Change) -> bool:
    return _ended_early(change) or _risk_accepted(change)


def _analyzed_again(change: Change) -> bool:
    name = _REANALYZE.get(change.before("resolution_code"))
    return name is not None and _has_role_of(change, name, default=_MANAGER)


def _reassessed(change: Change) -> bool:
    return _has_role_of(change, _REASSESS, default=_COORDINATOR)


def _has_role_of(change: Change, name: str, *, default: str) -> bool:
    """Whether the acting person holds the role of a property, or one above it."""
    role = change.records.property(name, default=default)
    above = {_COORDINATOR: (_MANAGER, _ADMIN), _MANAGER: (_ADMIN,)}.get(role, ())
    return change.has_role(role, *above)


PROBLEM_WAYS: Mapping[tuple[str, str], Guard] = {
    (NEW, ASSESS): _always,
    (NEW, CLOSED): _ended_early,
    (ASSESS, ANALYSIS): _always,
    (ASSESS, CLOSED): _ended_early,
    (ANALYSIS, FIX): _always,
    (ANALYSIS, RESOLVED): _risk_accepted,
    (ANALYSIS, CLOSED): _ended_early_or_risky,
    (FIX, ANALYSIS): _always,
    (FIX, RESOLVED): _always,
    (FIX, CLOSED): _ended_early_or_risky,
    (RESOLVED, ANALYSIS): _always,
    (RESOLVED, CLOSED): _always,
    (CLOSED, ANALYSIS): _analyzed_again,
}

TASK_WAYS: Mapping[tuple[str, str], Guard] = {
    (TASK_NEW, TASK_ASSESS): _always,
    (TASK_NEW, TASK_CLOSED): lambda change: change.get("close_code") == CANCELED,
    (TASK_ASSESS, TASK_WORK): _always,
    (TASK_ASSESS, TASK_CLOSED): lambda change: change.get("close_code") == CANCELED,
    (TASK_WORK, TASK_ASSESS): _always,
    (TASK_WORK, TASK_CLOSED): _always,
    (TASK_CLOSED, TASK_ASSESS): _reassessed,
}


def check_way(change: Change, ways: Mapping[tuple[str, str], Guard], *, first: str) -> None:
    """Raises Aborted for a record that begins in another state, or goes a way there is not."""
    state = change.get("state")
    if change.operation is Moment.INSERT:
        is_open = state == first
    else:
        guard = ways.get((change.before("state"), state))
        is_open = not change.changes("state") or (guard is not None and guard(change))
    if not is_open:
        raise Aborted
