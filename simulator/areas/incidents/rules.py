"""Business rules and data policies of incidents."""

from collections.abc import Sequence

from simulator.areas.incidents import family
from simulator.areas.tasks.priorities import look_up
from simulator.moments import as_duration, moment_of
from simulator.records.rules import (
    ON_DELETE,
    ON_INSERT,
    ON_UPDATE,
    Aborted,
    BusinessRule,
    Change,
    DataPolicy,
    Moment,
    rule,
)
from simulator.switches import Switches

NEW, IN_PROGRESS, ON_HOLD, RESOLVED, CLOSED, CANCELED = "1", "2", "3", "6", "7", "8"
AWAITING_CALLER = "1"


def rules(switches: Switches) -> Sequence[BusinessRule]:
    """By the order they run in."""

    def closing_is_for_administrators(change: Change) -> None:
        closes = switches.only_admins_close and change.changes_to("state", CLOSED)
        if closes and not change.has_role("itil_admin") and not change.is_by("caller_id"):
            raise Aborted

    return [
        rule("Mirror incident state", "incident", _mirror_state, order=20),
        rule("Closed incidents stay closed", "incident", _stay_closed, order=30, on=ON_UPDATE),
        rule("Close an incident", "incident", closing_is_for_administrators, order=40),
        rule("Calculate priority", "incident", look_up, order=50),
        rule("Caller answers while on hold", "incident", _caller_answers, order=60, on=ON_UPDATE),
        rule("Leave on hold", "incident", _leave_hold, order=70),
        rule("Reopen a resolved incident", "incident", _reopen, order=80, on=ON_UPDATE),
        rule("Resolve an incident", "incident", _resolve, order=90),
        rule("Open an interaction", "interaction", _open_interaction, order=100, on=ON_INSERT),
        rule("Close an interaction", "interaction", _close_interaction, order=110),
        rule("Parent incident is no descendant", "incident", _no_circle, order=130),
        rule(
            "Count child incidents",
            "incident",
            family.count_children,
            order=100,
            on=ON_INSERT | ON_UPDATE | ON_DELETE,
            after=True,
        ),
        rule(
            "Update child incidents",
            "incident",
            family.tell_children,
            order=110,
            on=ON_UPDATE,
            after=True,
        ),
        rule(
            "Resolve child incidents",
            "incident",
            family.resolve_children,
            order=120,
            on=ON_UPDATE,
            after=True,
        ),
    ]


def _mirror_state(change: Change) -> None:
    updates = change.operation is Moment.UPDATE
    if updates and change.changes("incident_state") and not change.changes("state"):
        change.set("state", change.get("incident_state"))
    change.set("incident_state", change.get("state"))


def _stay_closed(change: Change) -> None:
    if change.before("state") == CLOSED and change.changes("state"):
        raise Aborted


def _caller_answers(change: Change) -> None:
    waits = change.before("state") == ON_HOLD and change.before("hold_reason") == AWAITING_CALLER
    answers = change.is_by("caller_id") and "comments" in change.entries
    if waits and answers and not change.changes("state"):
        change.set("state", IN_PROGRESS)
        change.set("incident_state", IN_PROGRESS)


def _leave_hold(change: Change) -> None:
    if change.get("state") != ON_HOLD:
        change.set("hold_reason", "")


def _reopen(change: Change) -> None:
    if change.before("state") != RESOLVED or not change.changes_to(
        "state", NEW, IN_PROGRESS, ON_HOLD
    ):
        return
    change.set("reopen_count", str(int(change.before("reopen_count") or 0) + 1))
    change.set("reopened_time", change.at)
    change.set("reopened_by", change.person.sys_id if change.person else "")
    change.set("resolved_at", "")
    change.set("resolved_by", "")


def _resolve(change: Change) -> None:
    if change.changes_to("state", RESOLVED, CLOSED) and not change.get("resolved_at"):
        change.set("resolved_at", change.at)
        change.set("resolved_by", change.person.sys_id if change.person else "")
        _measure(change)


def _measure(change: Change) -> None:
    """How long resolving took; without a schedule business time is calendar time."""
    opened, resolved = moment_of(change.get("opened_at")), moment_of(change.get("resolved_at"))
    if opened is None or resolved is None:
        return
    taken = max(int((resolved - opened).total_seconds()), 0)
    for name in ("calendar_duration", "business_duration"):
        change.set(name, as_duration(taken))
    for name in ("calendar_stc", "business_stc"):
        change.set(name, str(taken))


def _no_circle(change: Change) -> None:
    if change.changes("parent_incident") and family.is_its_own_ancestor(change):
        raise Aborted


def _open_interaction(change: Change) -> None:
    change.set("opened_at", change.get("opened_at") or change.at)
    if change.person and not change.get("opened_by"):
        change.set("opened_by", change.person.sys_id)


def _close_interaction(change: Change) -> None:
    if change.changes_to("state", "closed_complete", "closed_abandoned"):
        change.set("closed_at", change.get("closed_at") or change.at)


def _is_finished(change: Change) -> bool:
    return change.get("state") in (RESOLVED, CLOSED)


def _waits_for_caller(change: Change) -> bool:
    waits = change.get("state") == ON_HOLD and change.get("hold_reason") == AWAITING_CALLER
    return waits and (change.changes("state") or change.changes("hold_reason"))


POLICIES = (
    DataPolicy(table="incident", fields=("close_code", "close_notes"), applies=_is_finished),
    DataPolicy(table="incident", fields=("comments",), applies=_waits_for_caller),
)
