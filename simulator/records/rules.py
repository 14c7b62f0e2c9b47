"""Business rules and data policies: small functions that see a record on its way to the store."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from simulator.access.people import Person
from simulator.data.dictionary import Dictionary
from simulator.data.dictionary_rows import stable_sys_id
from simulator.errors import PolicyViolated, RuleAborted


class Moment(StrEnum):
    """What is being done to a record."""

    INSERT = "insert"
    UPDATE = "update"
    DELETE = "delete"


@dataclass
class Change:
    """A record being written. `values` is all of it, as it will be stored; rules may change it.

    `previous` is what is stored now (empty on insert), `entries` the journal texts given with
    the write, `at` the stored moment it happens.
    """

    table: str
    operation: Moment
    values: dict[str, str]
    previous: dict[str, str]
    person: Person | None
    at: str
    entries: dict[str, str] = field(default_factory=dict)

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
    """Runs before the write, by `order`, on the table and those that extend it."""

    name: str
    table: str
    action: Callable[[Change], None]
    on: frozenset[Moment] = frozenset({Moment.INSERT, Moment.UPDATE})
    order: int = 100

    @property
    def sys_id(self) -> str:
        """What stands behind its name in the sentence of an abort."""
        return stable_sys_id("sys_script", self.name)


@dataclass(frozen=True, kw_only=True)
class DataPolicy:
    """`fields` must not be empty after a write to which `applies`."""

    table: str
    fields: tuple[str, ...]
    applies: Callable[[Change], bool]


class WordingSwitches(Protocol):
    """The properties of an instance that its refusals depend on."""

    terse_data_policies: bool


class Rulebook:
    """The rules of an instance. Tests may :meth:`add` to them."""

    def __init__(
        self,
        dictionary: Dictionary,
        *,
        rules: Iterable[BusinessRule],
        policies: Iterable[DataPolicy],
        switches: WordingSwitches,
    ) -> None:
        self._dictionary = dictionary
        self._rules = sorted(rules, key=lambda rule: rule.order)
        self._policies = list(policies)
        self._switches = switches

    def add(self, rule: BusinessRule) -> None:
        """One more business rule, from now on."""
        self._rules = sorted([*self._rules, rule], key=lambda one: one.order)

    def apply(self, change: Change) -> None:
        """Run what applies. Raises RuleAborted or PolicyViolated; `change` may have changed."""
        tables = self._dictionary.ancestors(change.table)
        for rule in self._rules:
            if rule.table in tables and change.operation in rule.on:
                try:
                    rule.action(change)
                except Aborted:
                    raise RuleAborted(
                        change.table, rule=rule.name, rule_sys_id=rule.sys_id
                    ) from None
        self._check_policies(change, tables)

    def _check_policies(self, change: Change, tables: tuple[str, ...]) -> None:
        fields = self._dictionary.fields_of(change.table)
        missing = [
            fields[name].label
            for policy in self._policies
            if policy.table in tables and policy.applies(change)
            for name in policy.fields
            if not (change.get(name) or change.entries.get(name))
        ]
        if missing:
            raise PolicyViolated(
                list(dict.fromkeys(missing)), terse=self._switches.terse_data_policies
            )
