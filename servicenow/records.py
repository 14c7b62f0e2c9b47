"""Records as the Table API returns them with `sysparm_display_value=all`."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple

_TIME = re.compile(r"\d{4}-\d\d-\d\d( \d\d:\d\d:\d\d)?")


class Value(NamedTuple):
    """One field: what is stored (times in UTC) and what the person would see.

    A tuple, because a page has hundreds of them and a frozen dataclass takes three times as long.
    """

    value: str
    display_value: str


@dataclass(frozen=True, slots=True)
class Reference:
    """What a reference field points to; the name is the display value of that record."""

    sys_id: str
    name: str


@dataclass(frozen=True, slots=True)
class Record:
    """One row of a table, with the fields that were asked for and may be read."""

    table: str
    sys_id: str
    fields: Mapping[str, Value]

    def value(self, name: str) -> str:
        """Return the stored value, `""` where the field is empty or hidden."""
        field = self.fields.get(name)
        return field.value if field else ""

    def display(self, name: str) -> str:
        """Return the display value, `""` where the field is empty or hidden."""
        field = self.fields.get(name)
        return field.display_value if field else ""

    def reference(self, name: str) -> Reference | None:
        """Return the record that a reference field points to; None where it is empty."""
        field = self.fields.get(name)
        if field is None or not field.value:
            return None
        return Reference(sys_id=field.value, name=field.display_value)

    def has(self, name: str) -> bool:
        """Whether the instance returned the field.

        A field that an access control rule hides vanishes from the answer without an error;
        an empty one is there as `""`.
        """
        return name in self.fields

    def hidden(self, asked: Iterable[str]) -> list[str]:
        """Return those of the asked fields that the instance did not return, in order."""
        return [name for name in asked if name not in self.fields]


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list.

    `total` counts what matched before access control removed rows, so a page may be shorter
    than its limit, or empty, while more follows: go on with `next_offset` until it is None.
    """

    records: tuple[Record, ...]
    total: int | None
    offset: int
    limit: int
    next_offset: int | None
    asked: tuple[str, ...]

    @property
    def hidden_fields(self) -> list[str]:
        """Fields that were asked for and are missing from at least one record."""
        return [name for name in self.asked if not all(record.has(name) for record in self.records)]

    @property
    def removed_rows(self) -> int:
        """How many rows of this page access control removed; 0 where no total is known."""
        if self.total is None:
            return 0
        return max(0, min(self.limit, self.total - self.offset) - len(self.records))


def servicenow_time(text: str) -> datetime | None:
    """Read a stored `YYYY-MM-DD HH:MM:SS` or `YYYY-MM-DD` as aware UTC.

    Returns None for an empty field and for anything else, display values included: those are
    in the person's own format and zone, and reading them would be guessing.
    """
    if not _TIME.fullmatch(text):
        return None
    try:
        return datetime.fromisoformat(text).replace(tzinfo=UTC)
    except ValueError:
        return None


def to_servicenow_time(moment: datetime) -> str:
    """Write an aware time as ServiceNow stores it: UTC, whole seconds, no zone.

    Raises ValueError for a naive time, because its zone would be guessed.
    """
    if moment.tzinfo is None or moment.utcoffset() is None:
        message = "a time without a zone cannot be sent to ServiceNow"
        raise ValueError(message)
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")
