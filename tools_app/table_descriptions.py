"""A table as a person may know it, in one answer whatever the table has."""

from collections.abc import Sequence
from typing import Final

from servicenow.dictionary import Choice, FieldInfo
from tools_app.cleaning import clean_line
from tools_app.results import ANSWER_LIMIT, LINE_LIMIT, Result, size

# How many choices of a field are listed; fewer where a whole table would not fit otherwise.
_MOST_CHOICES: Final = (50, 10, 0)
# Room for what stands around the fields.
_MARGIN: Final = 500
# A name of 40 characters in quotes, with its comma; names are all that is told of the rest.
_LONGEST_NAME: Final = 43


class FieldDescription(Result):
    """One field of a table."""

    name: str
    label: str
    type: str
    reference: str | None = None
    mandatory: bool | None = None
    read_only: bool | None = None
    max_length: int | None = None
    choices: tuple[str, ...] | None = None
    choices_left_out: int | None = None


class TableDescription(Result):
    """A table as the signed-in person may know it."""

    table: str
    fields: tuple[FieldDescription, ...]
    count: int
    fields_left_out: tuple[str, ...] | None = None


def described_table(
    table: str, fields: Sequence[tuple[FieldInfo, Sequence[Choice]]]
) -> TableDescription:
    """A table with as many choices, and then as many fields, as one answer holds."""
    room = ANSWER_LIMIT - _MARGIN
    for most in _MOST_CHOICES:
        described = [_described(info, choices, most=most) for info, choices in fields]
        if sum(map(size, described)) + len(described) <= room:
            return TableDescription(table=table, fields=tuple(described), count=len(described))
    kept: list[FieldDescription] = []
    for field in described:
        room -= size(field) + 1
        if room < _LONGEST_NAME * (len(described) - len(kept)):
            break
        kept.append(field)
    left_out = tuple(field.name for field in described[len(kept) :])
    return TableDescription(
        table=table, fields=tuple(kept), count=len(described), fields_left_out=left_out
    )


def _described(info: FieldInfo, choices: Sequence[Choice], *, most: int) -> FieldDescription:
    labels = tuple(clean_line(one.label, most=LINE_LIMIT) for one in choices[:most])
    return FieldDescription(
        name=info.name,
        label=clean_line(info.label, most=LINE_LIMIT),
        type=info.type,
        reference=info.reference or None,
        mandatory=info.mandatory or None,
        read_only=info.read_only or None,
        max_length=info.max_length,
        choices=labels or None,
        choices_left_out=max(0, len(choices) - most) or None,
    )
