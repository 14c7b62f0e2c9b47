"""Business rules of approvals and of delegation."""

from collections.abc import Sequence

from simulator.areas.approvals import decisions, groups, notifications, roll_up
from simulator.records.rules import ON_DELETE, ON_INSERT, ON_UPDATE, BusinessRule, Change, rule
from simulator.switches import Switches

_APPROVAL, _GROUP, _DELEGATE = decisions.APPROVALS, groups.GROUPS, "sys_user_delegate"
_WRITTEN = ON_INSERT | ON_UPDATE


def rules(switches: Switches) -> Sequence[BusinessRule]:
    """By the table they are of."""

    def rejections(change: Change) -> None:
        decisions.rejection_needs_comments(change, switches=switches)

    return (
        rule("Set approval document", _APPROVAL, decisions.name_the_document, order=50),
        rule("Mark duplicates", _APPROVAL, decisions.mark_duplicate, order=60, on=ON_INSERT),
        rule("Comments on rejection", _APPROVAL, rejections, order=100, on=ON_UPDATE),
        rule(
            "Update task approval",
            _APPROVAL,
            roll_up.roll_up,
            order=100,
            on=_WRITTEN | ON_DELETE,
            after=True,
        ),
        rule("Approval events", _APPROVAL, notifications.notify, order=200, after=True),
        rule("Group approval members", _GROUP, groups.ask_members, order=100, after=True),
        rule("Set approval date", "task", roll_up.note_when_decided, order=900),
        rule(
            "Cancel approvals",
            "task",
            roll_up.cancel_with_the_task,
            order=900,
            on=ON_UPDATE,
            after=True,
        ),
        rule(
            "Delete approvals",
            "task",
            roll_up.go_with_the_task,
            order=900,
            on=ON_DELETE,
            after=True,
        ),
        rule("Delegate for oneself", _DELEGATE, decisions.delegate_for_oneself, order=50),
        rule("Validate delegation", _DELEGATE, decisions.delegate_for_a_time, order=100),
    )
