"""ACLs of approvals and of delegation."""

from collections.abc import Mapping, Sequence

from simulator.access.acls import CREATE, DELETE, READ, WRITE, Acl
from simulator.access.conditions import is_any, own_rows
from simulator.access.people import Person
from simulator.access.roles import ITIL, USER_ADMIN
from simulator.areas.approvals.decisions import is_open, is_theirs
from simulator.switches import Switches

_TABLE, _DELEGATE = "sysapproval_approver", "sys_user_delegate"
_APPROVAL_ADMIN = frozenset({"approval_admin"})
_OF_THE_TASK = ("sysapproval.opened_by", "sysapproval.assigned_to")
_DECISION = ("state", "comments")


def acls(switches: Switches) -> Sequence[Acl]:
    """An approver, or who stands in for them, decides what is open; others only read."""

    def may_decide(person: Person, row: Mapping[str, str]) -> bool:
        return is_theirs(person, row) and (is_open(person, row) or not switches.decisions_stand)

    def may_try(person: Person, row: Mapping[str, str]) -> bool:
        return switches.refused_decisions_are_silent or may_decide(person, row)

    def may_by_hand(person: Person, _: Mapping[str, str]) -> bool:
        return switches.approvals_by_hand or person.has_any(_APPROVAL_ADMIN)

    decided = ("approver", "state")
    return (
        Acl(table=_TABLE, operation=READ, roles=ITIL | _APPROVAL_ADMIN),
        Acl(table=_TABLE, operation=READ, condition=is_theirs, needs=("approver",)),
        Acl(table=_TABLE, operation=READ, condition=is_any(*_OF_THE_TASK), needs=_OF_THE_TASK),
        *(
            Acl(table=_TABLE, operation=operation, roles=_APPROVAL_ADMIN)
            for operation in (CREATE, WRITE, DELETE)
        ),
        Acl(table=_TABLE, operation=WRITE, condition=may_try, needs=decided),
        Acl(table=_TABLE, operation=WRITE, field="*", roles=_APPROVAL_ADMIN),
        *(
            acl
            for field in _DECISION
            for acl in (
                Acl(table=_TABLE, operation=WRITE, field=field, roles=_APPROVAL_ADMIN),
                Acl(
                    table=_TABLE, operation=WRITE, field=field, condition=may_decide, needs=decided
                ),
            )
        ),
        *(
            Acl(
                table="change_request", operation=operation, field="approval", condition=may_by_hand
            )
            for operation in (CREATE, WRITE)
        ),
        *own_rows(_DELEGATE, (READ, CREATE, WRITE, DELETE)),
        Acl(table=_DELEGATE, operation=READ, condition=is_any("delegate"), needs=("delegate",)),
        *(
            Acl(table=_DELEGATE, operation=operation, roles=USER_ADMIN)
            for operation in (READ, CREATE, WRITE, DELETE)
        ),
        *(
            Acl(table="task", operation=operation, field="approval_history", roles=_APPROVAL_ADMIN)
            for operation in (CREATE, WRITE)
        ),
    )
