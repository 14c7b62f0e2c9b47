"""All business rules and data policies of an instance: those built in, and those in its rows."""

from collections.abc import Iterable, Sequence
from typing import Protocol

from simulator.data.dictionary import Dictionary
from simulator.errors import PolicyViolated, ReadOnlyViolated, RuleAborted
from simulator.records.rules import Aborted, BusinessRule, Change, DataPolicy, Moment


class WordingSwitches(Protocol):
    """The properties of an instance that its refusals depend on."""

    terse_data_policies: bool


class Written(Protocol):
    """Rules and policies that are rows of the instance."""

    def rules(self) -> Sequence[BusinessRule]:
        """Those that are active."""

    def switched_off(self) -> frozenset[str]:
        """The sys_ids of built-in rules that somebody deactivated."""

    def policies(self) -> Sequence[DataPolicy]:
        """Those that are active."""


class Rulebook:
    """The rules of an instance. Tests may :meth:`add` to them."""

    def __init__(
        self,
        dictionary: Dictionary,
        *,
        rules: Iterable[BusinessRule],
        policies: Iterable[DataPolicy],
        written: Written,
        switches: WordingSwitches,
    ) -> None:
        self._dictionary = dictionary
        self._built_in = list(rules)
        self._policies = list(policies)
        self._written = written
        self._switches = switches
        self._rules_of: dict[tuple[str, bool], tuple[BusinessRule, ...]] = {}
        self._policies_of: dict[str, tuple[DataPolicy, ...]] = {}
        # A rule that writes another record has rules run inside it.
        self._running: list[BusinessRule] = []

    def add(self, new: BusinessRule) -> None:
        """One more business rule, from now on."""
        self._built_in.append(new)
        self.forget()

    def forget(self) -> None:
        """Find the rules of each table anew: a row, or the tables, have changed."""
        self._rules_of.clear()
        self._policies_of.clear()

    def before(self, change: Change) -> None:
        """Run what comes before the write; `change` may have changed.

        Raises RuleAborted or PolicyViolated.
        """
        self._run(change, after=False)
        if change.operation is not Moment.DELETE:
            self._check_policies(change)

    def after(self, change: Change) -> None:
        """Run what comes after the write, in its transaction. Raises RuleAborted."""
        self._run(change, after=True)

    def _run(self, change: Change, *, after: bool) -> None:
        for one in self._rules(change.table, after=after):
            if change.operation in one.on:
                self._running.append(one)
                try:
                    one.action(change)
                except Aborted:
                    stack = [(each.name, each.sys_id) for each in self._running]
                    raise RuleAborted(change.table, stack=stack) from None
                finally:
                    self._running.pop()

    def _rules(self, table: str, *, after: bool) -> tuple[BusinessRule, ...]:
        """The rules of a table, inherited ones too, in the order they run."""
        found = self._rules_of.get((table, after))
        if found is None:
            tables = self._dictionary.ancestors(table)
            off = self._written.switched_off()
            found = tuple(
                sorted(
                    (
                        one
                        for one in (*self._built_in, *self._written.rules())
                        if one.after is after and one.table in tables and one.sys_id not in off
                    ),
                    key=lambda one: one.order,
                )
            )
            self._rules_of[table, after] = found
        return found

    def _policies_for(self, table: str) -> tuple[DataPolicy, ...]:
        found = self._policies_of.get(table)
        if found is None:
            tables = self._dictionary.ancestors(table)
            found = tuple(
                one
                for one in (*self._policies, *self._written.policies())
                if one.table == table or (one.inherited and one.table in tables)
            )
            self._policies_of[table] = found
        return found

    def _check_policies(self, change: Change) -> None:
        fields = self._dictionary.fields_of(change.table)
        missing: list[str] = []
        closed: list[str] = []
        for policy in self._policies_for(change.table):
            if not policy.applies(change):
                continue
            missing += [
                fields[name].label
                for name in policy.fields
                if name in fields and not (change.get(name) or change.entries.get(name))
            ]
            closed += [
                fields[name].label
                for name in policy.read_only
                if name in fields and (change.changes(name) or name in change.entries)
            ]
        if missing:
            raise PolicyViolated(
                list(dict.fromkeys(missing)), terse=self._switches.terse_data_policies
            )
        if closed:
            raise ReadOnlyViolated(list(dict.fromkeys(closed)))
