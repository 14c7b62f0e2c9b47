"""Business rules and data policies: small functions that see a record on its way to the store."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from simulator.access.people import Person
from simulator.data.sys_ids import stable_sys_id


class Moment(StrEnum):
    """What is being done to a record."""

    INSERT = "insert"
    UPDATE = "update"
    DELETE = "delete"


ON_INSERT = frozenset({Moment.INSERT})
ON_UPDATE = frozenset({Moment.UPDATE})
ON_DELETE = frozenset({Moment.DELETE})

Row = dict[str, str]


class Records(Protocol):
    """The other records of the instance, as a rule may read and write them: without ACLs."""

    def row(self, table: str, sys_id: str) -> Row | None:
        """One record, or None."""

    def query(self, table: str, encoded: str = "", *, limit: int | None = None) -> list[Row]:
        """The records that match an encoded query; `limit` of them at most."""

    def insert(
        self,
        table: str,
        values: Mapping[str, str],
        *,
        as_user: str | None = None,
        run_rules: bool = False,
    ) -> str:
        """Insert a record; its sys_id."""

    def update(
        self,
        table: str,
        sys_id: str,
        values: Mapping[str, str],
        *,
        as_user: str | None = None,
        run_rules: bool = False,
    ) -> None:
        """Change a record. LookupError if there is none."""

    def note(self, table: str, sys_id: str, values: Mapping[str, str]) -> None:
        """Set fields as the instance's own engines do: it counts as no update of the record."""

    def delete(self, table: str, sys_id: str) -> None:
        """Delete a record, if there is one."""

    def property(self, name: str, *, default: str = "") -> str:
        """A system property."""


@dataclass
class Change:
    """A record being written. `values` is all of it, as it will be stored; rules may change it.

    `previous` is what is stored now (empty on insert), `entries` the journal texts given with
    the write, `at` the stored moment it happens. `records` are all others: a rule that writes to
    them does so in the same transaction, as the acting person and with the rules of that table.
    """

    table: str
    operation: Moment
    values: dict[str, str]
    previous: dict[str, str]
    person: Person | None
    at: str
    records: Records
    entries: dict[str, str] = field(default_factory=dict)

    @property
    def sys_id(self) -> str:
        """Of the record itself; rules that run before an insert have it already."""
        return self.get("sys_id")

    def get(self, name: str) -> str:
        """A field as it will be stored."""
        return self.values.get(name, "")

    def before(self, name: str) -> str:
        """A field as it is stored now."""
        return self.previous.get(name, "")

    def set(self, name: str, value: str) -> None:
        """Store this value instead."""
        self.values[name] = value

    def changes(self, name: str) -> bool:
        """Whether the field will have another value; an insert changes what is not empty."""
        return self.get(name) != self.before(name)

    def changes_to(self, name: str, *values: str) -> bool:
        """Whether the field will have one of these values and has another one now."""
        return self.changes(name) and self.get(name) in values

    def insert(self, table: str, values: Mapping[str, str]) -> str:
        """Insert another record as the acting person, with its rules; its sys_id."""
        return self.records.insert(table, values, as_user=self._acting, run_rules=True)

    def update(self, table: str, sys_id: str, values: Mapping[str, str]) -> None:
        """Change another record as the acting person, with its rules."""
        self.records.update(table, sys_id, values, as_user=self._acting, run_rules=True)

    @property
    def _acting(self) -> str | None:
        return self.person.sys_id if self.person else None

    def is_by(self, name: str) -> bool:
        """Whether a reference field names the acting person."""
        return self.person is not None and self.get(name) == self.person.sys_id

    def has_role(self, *roles: str) -> bool:
        """Whether the acting person holds one of the roles; nobody acting is the system itself."""
        return self.person is None or self.person.has_any(frozenset(roles))


class Aborted(Exception):  # a situation, not an error
    """Raised inside a business rule: the write does not happen."""


@dataclass(frozen=True, kw_only=True)
class BusinessRule:
    """Runs before the write, or `after` it, by `order`, on the table and those that extend it."""

    name: str
    table: str
    action: Callable[[Change], None]
    on: frozenset[Moment] = frozenset({Moment.INSERT, Moment.UPDATE})
    order: int = 100
    after: bool = False
    identity: str = ""

    @property
    def sys_id(self) -> str:
        """Of its row in `sys_script`, whichever was there first, the rule or the row."""
        return self.identity or stable_sys_id("sys_script", self.name, self.table)


def rule(
    name: str,
    table: str,
    action: Callable[[Change], None],
    *,
    order: int,
    on: frozenset[Moment] = ON_INSERT | ON_UPDATE,
    after: bool = False,
) -> BusinessRule:
    """A business rule, written in one line."""
    return BusinessRule(name=name, table=table, action=action, order=order, on=on, after=after)


@dataclass(frozen=True, kw_only=True)
class DataPolicy:
    """`fields` must not be empty after a write to which `applies`, `read_only` ones not changed.

    It holds for the tables that extend its own only where it is `inherited`.
    """

    table: str
    fields: tuple[str, ...]
    applies: Callable[[Change], bool]
    read_only: tuple[str, ...] = ()
    inherited: bool = True
