"""The ACLs a new instance has: those of the base system, as far as its tables go."""

from collections.abc import Mapping
from typing import Protocol

from simulator.access.acls import Acl, Condition, Operation
from simulator.access.people import Person

READ, CREATE, WRITE, DELETE = Operation

_CLOSED_STATES = ("7", "8")
_ITIL = frozenset({"itil"})
_ADMIN = frozenset({"admin"})
_USER_ADMIN = frozenset({"user_admin"})

# What somebody without a role may still change on an incident of their own.
_CALLER_WRITES = ("short_description", "description", "urgency", "comments", "watch_list")

_USER_FIELDS_FOR_ADMINISTRATORS = (
    "failed_attempts",
    "internal_integration_user",
    "last_login",
    "last_login_time",
    "locked_out",
    "password_needs_reset",
    "roles",
    "source",
    "web_service_access_only",
)
_OWN_USER_FIELDS = (
    *("phone", "mobile_phone", "home_phone", "time_zone", "date_format", "time_format"),
    *("preferred_language", "street", "city", "state", "zip", "notification"),
)


class AccessSwitches(Protocol):
    """The properties of an instance that ACLs look at."""

    journal_rows_readable: bool
    dictionary_readable: bool


def initial_acls(switches: AccessSwitches) -> tuple[Acl, ...]:
    """The ACLs of the base system."""
    return (
        *_defaults(),
        *_tasks(),
        *_incidents(),
        *_users(),
        *_own_rows("sys_user_preference", (READ, CREATE, WRITE, DELETE)),
        *_own_rows("sys_user_has_role", (READ,)),
        Acl(table="sys_user_has_role", operation=READ, roles=_USER_ADMIN),
        *_described_instance(switches),
        Acl(table="sys_properties", operation=READ, roles=_ADMIN),
        *(Acl(table="cmdb_ci", operation=operation, roles=_ITIL) for operation in (CREATE, WRITE)),
    )


def _defaults() -> tuple[Acl, ...]:
    return (
        Acl(table="*", operation=READ),
        *(
            Acl(table="*", operation=operation, roles=_ADMIN)
            for operation in (CREATE, WRITE, DELETE)
        ),
    )


def _tasks() -> tuple[Acl, ...]:
    mine = ("opened_by", "assigned_to")
    return (
        *(
            Acl(table="task", operation=operation, roles=_ITIL)
            for operation in (READ, CREATE, WRITE)
        ),
        Acl(table="task", operation=READ, condition=_is_any(*mine), needs=mine),
        *(
            Acl(table="task", operation=operation, field=field, roles=_ITIL)
            for operation in (READ, CREATE, WRITE)
            for field in ("work_notes", "work_notes_list")
        ),
    )


def _incidents() -> tuple[Acl, ...]:
    own = _is_any("caller_id", "opened_by")
    seen = ("caller_id", "opened_by", "watch_list")
    return (
        Acl(table="incident", operation=READ, roles=_ITIL),
        Acl(table="incident", operation=READ, condition=_takes_part, needs=seen),
        Acl(table="incident", operation=CREATE),
        Acl(table="incident", operation=WRITE, roles=_ITIL),
        Acl(table="incident", operation=WRITE, condition=own, needs=("caller_id", "opened_by")),
        Acl(
            table="incident",
            operation=WRITE,
            condition=_is_open,
            needs=("state",),
            deny_unless=True,
        ),
        Acl(table="incident", operation=WRITE, field="*", roles=_ITIL),
        *(Acl(table="incident", operation=WRITE, field=field) for field in _CALLER_WRITES),
    )


def _users() -> tuple[Acl, ...]:
    own = _is_any("sys_id")
    return (
        *(
            Acl(table="sys_user", operation=operation, roles=_USER_ADMIN)
            for operation in (CREATE, WRITE, DELETE)
        ),
        Acl(table="sys_user", operation=WRITE, condition=own, needs=("sys_id",)),
        Acl(table="sys_user", operation=WRITE, field="*", roles=_USER_ADMIN),
        *(Acl(table="sys_user", operation=WRITE, field=field) for field in _OWN_USER_FIELDS),
        Acl(table="sys_user", operation=READ, field="user_password", roles=_ADMIN),
        Acl(table="sys_user", operation=READ, field="home_phone", roles=_ITIL),
        Acl(table="sys_user", operation=READ, field="home_phone", condition=own, needs=("sys_id",)),
        *(
            Acl(table="sys_user", operation=READ, field=field, roles=_USER_ADMIN)
            for field in _USER_FIELDS_FOR_ADMINISTRATORS
        ),
        *(
            Acl(table=table, operation=operation, roles=_USER_ADMIN)
            for table in ("sys_user_group", "sys_user_grmember", "sys_user_has_role")
            for operation in (CREATE, WRITE, DELETE)
        ),
    )


def _described_instance(switches: AccessSwitches) -> tuple[Acl, ...]:
    def itil_reads_dictionary(person: Person, _: Mapping[str, str]) -> bool:
        return switches.dictionary_readable and person.has_any(_ITIL)

    def itil_reads_journals(person: Person, _: Mapping[str, str]) -> bool:
        return switches.journal_rows_readable and person.has_any(_ITIL)

    return (
        *(
            Acl(table=table, operation=READ, condition=itil_reads_dictionary)
            for table in ("sys_dictionary", "sys_db_object", "sys_choice", "sys_number")
        ),
        Acl(table="sys_journal_field", operation=READ, condition=itil_reads_journals),
    )


def _own_rows(table: str, operations: tuple[Operation, ...]) -> tuple[Acl, ...]:
    own = _is_any("user")
    return tuple(
        Acl(table=table, operation=operation, condition=own, needs=("user",))
        for operation in operations
    )


def _is_any(*fields: str) -> Condition:
    def is_me(person: Person, row: Mapping[str, str]) -> bool:
        return any(row.get(field) == person.sys_id for field in fields)

    return is_me


def _takes_part(person: Person, row: Mapping[str, str]) -> bool:
    if person.sys_id in (row.get("caller_id"), row.get("opened_by")):
        return True
    return person.sys_id in row.get("watch_list", "").split(",")


def _is_open(_: Person, row: Mapping[str, str]) -> bool:
    return row.get("state") not in _CLOSED_STATES
