"""Conditions that ACLs of several areas share."""

from collections.abc import Mapping

from simulator.access.acls import Acl, Condition, Operation
from simulator.access.people import Person


def is_any(*fields: str) -> Condition:
    """The acting person is in one of these reference fields."""

    def is_me(person: Person, row: Mapping[str, str]) -> bool:
        return any(row.get(field) == person.sys_id for field in fields)

    return is_me


def own_rows(table: str, operations: tuple[Operation, ...]) -> tuple[Acl, ...]:
    """ACLs by which people have what names them in `user`."""
    own = is_any("user")
    return tuple(
        Acl(table=table, operation=operation, condition=own, needs=("user",))
        for operation in operations
    )
