"""Which application and which update set somebody works in."""

from collections.abc import Mapping

from simulator.access.people import Person
from simulator.records.rules import Records

GLOBAL = "global"
IN_PROGRESS = "in progress"

_SET = "sys_update_set"
_APPLICATION = "apps.current_app"

Row = Mapping[str, str]


def current_application(records: Records, person: Person) -> str:
    """The sys_id of the application the person works in: Global unless they chose another."""
    chosen = _preference(records, person, _APPLICATION)
    return chosen if chosen and records.row("sys_scope", chosen) else GLOBAL


def current_update_set(
    records: Records, person: Person, application: str, *, by_preference: bool
) -> str:
    """The sys_id of the set that takes the person's changes to an application.

    What they prefer, if it is of that application and in progress (not looked at without
    `by_preference`), or the one they last chose for it, or its default, which is made if missing.
    """
    names = (*((_SET,) if by_preference else ()), _of_application(application))
    for name in names:
        chosen = records.row(_SET, _preference(records, person, name) or "-")
        if chosen and is_open(chosen) and chosen["application"] == application:
            return chosen["sys_id"]
    return default_update_set(records, application)


def default_update_set(records: Records, application: str) -> str:
    """The sys_id of the default set of an application."""
    found = records.query(_SET, f"application={application}^is_default=true^state={IN_PROGRESS}")
    return found[0]["sys_id"] if found else new_default(records, application)


def new_default(records: Records, application: str) -> str:
    """Make a default set: `Default`, or with the first number that is free."""
    taken = {row["name"] for row in records.query(_SET, f"application={application}")}
    number = 0
    while (name := f"Default{number or ''}") in taken:
        number += 1
    return records.insert(_SET, {"name": name, "application": application, "is_default": "true"})


def choose_update_set(records: Records, person: Person, chosen: Row) -> None:
    """Make a set the one that takes the person's changes to its application."""
    _prefer(records, person, _SET, chosen["sys_id"])
    _prefer(records, person, _of_application(chosen["application"]), chosen["sys_id"])


def choose_application(records: Records, person: Person, application: str) -> None:
    """Make an application the one the person works in, and its set theirs."""
    _prefer(records, person, _APPLICATION, application)
    update_set = current_update_set(records, person, application, by_preference=True)
    _prefer(records, person, _SET, update_set)


def is_open(update_set: Row) -> bool:
    """Whether a set takes changes."""
    return update_set["state"] == IN_PROGRESS


def _of_application(application: str) -> str:
    return f"updateSetForScope{application}"


def _preference(records: Records, person: Person, name: str) -> str:
    row = _preference_row(records, person, name)
    return row["value"] if row else ""


def _preference_row(records: Records, person: Person, name: str) -> Row | None:
    rows = records.query(
        "sys_user_preference", f"user={person.sys_id}^name={name}^ORDERBYDESCsys_updated_on"
    )
    return rows[0] if rows else None


def _prefer(records: Records, person: Person, name: str, value: str) -> None:
    row = _preference_row(records, person, name)
    if row is None:
        values = {"user": person.sys_id, "name": name, "value": value}
        records.insert("sys_user_preference", values, as_user=person.sys_id)
    elif row["value"] != value:
        records.update(
            "sys_user_preference", row["sys_id"], {"value": value}, as_user=person.sys_id
        )
