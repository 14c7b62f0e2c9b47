"""Rows of `sys_user_has_role` that follow from groups and from roles that contain others.

What somebody may do is worked out from the rows they follow from; these are here to be read, as
they are on a real instance.
"""

from collections.abc import Iterator

from simulator.queries.parsing import literal
from simulator.records.rules import Change, Records, Row

_HELD = "sys_user_has_role"


def join(change: Change) -> None:
    """After somebody became a member of a group: they get the roles of the group."""
    for role in roles_of(change.records, change.get("group")):
        _give(change.records, user=change.get("user"), role=role, group=change.get("group"))


def leave(change: Change) -> None:
    """After somebody left a group: they lose the roles it gave."""
    inherited = f"user={literal(change.get('user'))}^granted_by={literal(change.get('group'))}"
    _take(change.records, f"{inherited}^inherited=true")


def move(change: Change) -> None:
    """After a membership became another one: what it gave is lost, and given where it is now."""
    if change.changes("user") or change.changes("group"):
        lost = f"user={literal(change.before('user'))}^granted_by={literal(change.before('group'))}"
        _take(change.records, f"{lost}^inherited=true")
        join(change)


def go_with_the_group(change: Change) -> None:
    """After a group was deleted: its memberships and its roles go, too."""
    _take(change.records, f"granted_by={literal(change.sys_id)}^inherited=true")
    for table in ("sys_user_grmember", "sys_group_has_role"):
        for row in change.records.query(table, f"group={literal(change.sys_id)}"):
            change.records.delete(table, row["sys_id"])


def give_to_members(change: Change) -> None:
    """After a group got a role: its members, and those of the groups below it, get it."""
    for group in _with_groups_below(change.records, change.get("group")):
        for member in change.records.query("sys_user_grmember", f"group={literal(group)}"):
            _give(change.records, user=member["user"], role=change.get("role"), group=group)


def take_from_members(change: Change) -> None:
    """After a group lost a role: so did its members."""
    for group in _with_groups_below(change.records, change.get("group")):
        lost = f"granted_by={literal(group)}^role={literal(change.get('role'))}^inherited=true"
        _take(change.records, lost)


def give_contained(change: Change) -> None:
    """After somebody got a role: the roles it contains."""
    for role in _contained(change.records, change.get("role")):
        _give(
            change.records,
            user=change.get("user"),
            role=role,
            group=change.get("granted_by"),
            within=change.get("role"),
        )


def take_contained(change: Change) -> None:
    """After somebody lost a role: the roles it contained."""
    inside = f"user={literal(change.get('user'))}^included_in_role={literal(change.get('role'))}"
    _take(change.records, f"{inside}^inherited=true")


def roles_of(records: Records, group: str) -> Iterator[str]:
    """The roles of a group and of the groups above it."""
    seen: set[str] = set()
    while group and group not in seen:
        seen.add(group)
        for row in records.query("sys_group_has_role", f"group={literal(group)}"):
            yield row["role"]
        above = records.row("sys_user_group", group)
        group = above["parent"] if above else ""


def _with_groups_below(records: Records, group: str) -> Iterator[str]:
    waiting, seen = [group], {""}
    while waiting:
        at = waiting.pop()
        if at in seen:
            continue
        seen.add(at)
        yield at
        below = records.query("sys_user_group", f"parent={literal(at)}")
        waiting += [row["sys_id"] for row in below]


def _contained(records: Records, role: str) -> Iterator[str]:
    waiting, seen = [role], {""}
    while waiting:
        at = waiting.pop()
        if at in seen:
            continue
        seen.add(at)
        if at != role:
            yield at
        inside = records.query("sys_user_role_contains", f"role={literal(at)}")
        waiting += [row["contains"] for row in inside]


def _give(records: Records, *, user: str, role: str, group: str, within: str = "") -> None:
    given: Row = {
        "user": user,
        "role": role,
        "granted_by": group,
        "included_in_role": within,
        "inherited": "true",
    }
    same = "^".join(f"{name}={literal(value)}" for name, value in given.items() if value)
    if records.query(_HELD, same):
        return
    records.insert(_HELD, given)
    if not within:
        for contained in _contained(records, role):
            _give(records, user=user, role=contained, group=group, within=role)


def _take(records: Records, lost: str) -> None:
    for row in records.query(_HELD, lost):
        records.delete(_HELD, row["sys_id"])
        inside = f"user={literal(row['user'])}^included_in_role={literal(row['role'])}"
        if row["granted_by"]:
            inside += f"^granted_by={literal(row['granted_by'])}"
        for contained in records.query(_HELD, f"{inside}^inherited=true"):
            records.delete(_HELD, contained["sys_id"])
