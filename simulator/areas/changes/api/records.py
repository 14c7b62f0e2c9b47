"""Records as the Change Management API shows them: typed values beside what people see."""

from collections.abc import Mapping
from datetime import UTC, datetime

from simulator.access.people import Person
from simulator.errors import NoRecord
from simulator.instance import Instance
from simulator.queries.compiler import SelectText
from simulator.records.plans import Wanted
from simulator.records.rendering import Display, Shown
from simulator.schema import Field, Storage

Typed = dict[str, dict[str, object]]

_DATED = frozenset({Storage.MOMENT, Storage.DATE})
_TIMED = frozenset({"glide_date_time", "due_date", "glide_date"})

# Both are shown so by an instance while nothing is due.
_UNKNOWN = frozenset({"sla_due", "activity_due"})


def records(
    instance: Instance,
    table: str,
    select: SelectText,
    *,
    person: Person,
    limit: int,
    offset: int = 0,
) -> list[Typed]:
    """A page as the person may see it, with every field."""
    page = instance.reader.page(
        Wanted(table=table, display=Display.BOTH, links=False),
        select,
        person=person,
        host="",
        limit=limit,
        offset=offset,
    )
    return [_typed(instance, table, record, person=person) for record in page]


def record(instance: Instance, table: str, sys_id: str, *, person: Person) -> Typed:
    """One record. Raises NoRecord if there is none, or the person may not see it."""
    wanted = Wanted(table=table, display=Display.BOTH, links=False)
    found = instance.reader.one(wanted, sys_id, person=person, host="")
    if found is None:
        raise NoRecord
    return _typed(instance, table, found, person=person)


def _typed(instance: Instance, table: str, shown: Mapping[str, Shown], *, person: Person) -> Typed:
    fields = instance.dictionary.fields_of(table)
    return {
        name: _value(fields[name], both, person=person)
        for name, both in shown.items()
        if isinstance(both, dict)
    }


def _value(field: Field, both: Mapping[str, str], *, person: Person) -> dict[str, object]:
    text, label = both["value"], both["display_value"]
    if field.storage is Storage.NUMBER:
        return {"display_value": label, "value": float(text) if text else ""}
    if field.storage is Storage.BOOLEAN:
        return {"display_value": label, "value": text == "true"}
    if field.storage in _DATED and field.type in _TIMED:
        label = "UNKNOWN" if field.name in _UNKNOWN and not text else label
        return {
            "display_value": label,
            "value": text,
            "display_value_internal": _internal(text, field=field, person=person),
        }
    return {"display_value": label, "value": text}


def _internal(text: str, *, field: Field, person: Person) -> str:
    """A moment in the person's time zone, but in the format in which it is stored."""
    if field.storage is Storage.DATE:
        return text
    try:
        at = datetime.fromisoformat(text).replace(tzinfo=UTC).astimezone(person.zone)
    except (ValueError, OverflowError):  # no moment, or one at an end of what can be counted
        return text
    return at.strftime("%Y-%m-%d %H:%M:%S")
