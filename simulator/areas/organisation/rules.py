"""Business rules of people, groups, roles and places."""

from collections.abc import Iterable, Sequence

from simulator.areas.organisation import inherited_roles
from simulator.records.rules import (
    ON_DELETE,
    ON_INSERT,
    ON_UPDATE,
    Aborted,
    BusinessRule,
    Change,
    rule,
)
from simulator.sign_in import passwords
from simulator.switches import Switches

_MEMBER, _HELD, _GROUP_ROLE = "sys_user_grmember", "sys_user_has_role", "sys_group_has_role"
_FOR_ADMINISTRATORS = frozenset({"admin", "security_admin"})


def rules(_: Switches) -> Sequence[BusinessRule]:
    """By what they are about."""
    return (
        rule("User name from its parts", "sys_user", _full_name, order=10),
        rule("Hash password", "sys_user", _hash_password, order=20),
        rule("Preference for oneself", "sys_user_preference", _for_oneself, order=50),
        rule("Location full name", "cmn_location", _place, order=100),
        rule("Only administrators grant admin", _HELD, _granting, order=50),
        rule("Only administrators grant admin", _MEMBER, _joining, order=50),
        rule("Only administrators grant admin", _GROUP_ROLE, _granting, order=50),
        rule("Only administrators grant admin", "sys_user_group", _moving, order=50),
        *_inheriting(),
    )


def _inheriting() -> Sequence[BusinessRule]:
    of = inherited_roles
    return tuple(
        rule(name, table, action, order=100, on=on, after=True)
        for name, table, action, on in (
            ("Inherit roles of the group", _MEMBER, of.join, ON_INSERT),
            ("Move roles of the group", _MEMBER, of.move, ON_UPDATE),
            ("Lose roles of the group", _MEMBER, of.leave, ON_DELETE),
            ("Delete what a group gave", "sys_user_group", of.go_with_the_group, ON_DELETE),
            ("Give roles to members", _GROUP_ROLE, of.give_to_members, ON_INSERT),
            ("Take roles from members", _GROUP_ROLE, of.take_from_members, ON_DELETE),
            ("Give contained roles", _HELD, of.give_contained, ON_INSERT),
            ("Take contained roles", _HELD, of.take_contained, ON_DELETE),
        )
    )


def _full_name(change: Change) -> None:
    names = ("first_name", "middle_name", "last_name")
    if any(change.changes(name) for name in names):
        change.set("name", " ".join(part for name in names if (part := change.get(name))))


def _hash_password(change: Change) -> None:
    password = change.get("user_password")
    if change.changes("user_password") and password and not password.startswith(passwords.PREFIX):
        change.set("user_password", passwords.stored(password))


def _for_oneself(change: Change) -> None:
    if change.get("user") and not change.is_by("user") and not change.has_role("admin"):
        raise Aborted


def _place(change: Change) -> None:
    moves = change.changes("name") or change.changes("parent")
    if change.changes("full_name") or not moves:
        return
    above = change.records.row("cmn_location", change.get("parent"))
    parts = (above["full_name"] or above["name"] if above else "", change.get("name"))
    change.set("full_name", "/".join(part for part in parts if part))


def _granting(change: Change) -> None:
    _check(change, [change.get("role")])


def _joining(change: Change) -> None:
    """Members have the roles of their group: admin must not come by that way either."""
    _check(change, inherited_roles.roles_of(change.records, change.get("group")))


def _moving(change: Change) -> None:
    """A group has the roles of the groups above it."""
    if change.changes("parent"):
        _check(change, inherited_roles.roles_of(change.records, change.get("parent")))


def _check(change: Change, roles: Iterable[str]) -> None:
    if change.has_role("admin"):
        return
    for role in roles:
        row = change.records.row("sys_user_role", role)
        if row and row["name"] in _FOR_ADMINISTRATORS:
            raise Aborted
