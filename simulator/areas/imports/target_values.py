"""What the fields of a staged row become in the target: references, choices, dates."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from simulator.instance import Instance, Row
from simulator.queries.parsing import literal
from simulator.schema import Field, Storage

_STORED = "%Y-%m-%d %H:%M:%S"
_PARTS = (
    ("yyyy", "%Y"),
    ("MM", "%m"),
    ("dd", "%d"),
    ("HH", "%H"),
    ("hh", "%I"),
    ("mm", "%M"),
    ("ss", "%S"),
    ("a", "%p"),
)


class RowRejected(Exception):  # a situation, not an error
    """A value is unknown and the field map says to reject the row then."""


@dataclass
class TargetValues:
    """The values of one target record. `coalesced` are those that identify it."""

    values: dict[str, str] = field(default_factory=dict)
    coalesced: dict[str, str] = field(default_factory=dict)


def target_values(
    instance: Instance, entries: Iterable[Row], source: Row, *, transform_map: Row, person: str
) -> TargetValues:
    """Map a staged row. Raises RowRejected.

    Source scripts are not run: such an entry takes its source field as it is.
    """
    target = transform_map["target_table"]
    fields = instance.dictionary.fields_of(target)
    found = TargetValues()
    for entry in entries:
        one = fields.get(entry["target_field"])
        if one is None:
            continue
        given = source.get(entry["source_field"], "").strip()
        value = _value(instance, target, one, given, entry=entry, person=person) if given else ""
        if entry["coalesce"] == "true":
            found.coalesced[one.name] = value
        if value or transform_map["copy_empty_fields"] == "true":
            found.values[one.name] = value
    return found


def _value(
    instance: Instance, table: str, one: Field, given: str, *, entry: Row, person: str
) -> str:
    if one.is_reference:
        return _referenced(instance, one, given, entry=entry, person=person)
    if one.choices:
        return _choice(instance, table, one, given, entry=entry)
    if one.storage is Storage.MOMENT:
        return _moment(given, entry["date_format"])
    return given


def _referenced(instance: Instance, one: Field, given: str, *, entry: Row, person: str) -> str:
    if not instance.knows(one.reference):
        return given
    if instance.row(one.reference, given) is not None:
        return given
    fields = instance.dictionary.fields_of(one.reference)
    named = entry["reference_value_field"]
    by = named if named in fields else instance.dictionary.display_field(one.reference).name
    if by == named:
        found = matching(instance, one.reference, {by: given})
        value = found[0]["sys_id"] if found else given
    else:
        value = instance.display_values.referenced(one, given)
    if instance.row(one.reference, value) is not None:
        return value
    if entry["choice_action"] == "create":
        return instance.insert(one.reference, {by: given}, as_user=person, run_rules=True)
    return _unknown(entry)


def _choice(instance: Instance, table: str, one: Field, given: str, *, entry: Row) -> str:
    labels = instance.choices.labels(table, one.name)
    value = instance.choices.value(table, one.name, label=given)
    if not labels or value in labels:
        return value
    if entry["choice_action"] != "create":
        return _unknown(entry)
    instance.insert(
        "sys_choice",
        {"name": table, "element": one.name, "value": given, "label": given, "language": "en"},
    )
    return given


def _unknown(entry: Row) -> str:
    if entry["choice_action"] == "reject":
        raise RowRejected
    return ""


def _moment(given: str, pattern: str) -> str:
    for theirs, ours in _PARTS:
        pattern = pattern.replace(theirs, ours)
    try:
        return datetime.strptime(given, pattern).strftime(_STORED)  # noqa: DTZ007  # it is UTC
    except ValueError:
        return given


def matching(instance: Instance, table: str, values: Mapping[str, str]) -> list[Row]:
    """The records that have exactly these values, but for case."""
    if any(value.startswith("javascript:") for value in values.values()):
        return []
    query = "^".join(f"{name}={literal(value)}" for name, value in values.items())
    rows = instance.query(table, query)
    return [
        row
        for row in rows
        if all(row.get(name, "").casefold() == value.casefold() for name, value in values.items())
    ]
