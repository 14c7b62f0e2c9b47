"""Business rules and data policies that are rows: of `sys_script` and of `sys_data_policy2`.

What a row says without a script is done: its filter condition, its roles, setting fields, aborting.
Scripts are not run; a rule whose `condition` is a script never runs at all, since nobody can tell
when it would.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from simulator.access.people import Person
from simulator.data.dictionary import Dictionary
from simulator.data.store import Store
from simulator.queries.javascript import PREFIX, evaluate
from simulator.queries.parsing import Condition, parse
from simulator.records.conditions import Conditions
from simulator.records.journals import INPUTS
from simulator.records.rules import Aborted, BusinessRule, Change, DataPolicy, Moment
from simulator.records.values import storable

WATCHED = frozenset({"sys_script", "sys_data_policy2", "sys_data_policy_rule"})
"""A row written to one of these tables changes what rules there are."""

_MOMENTS = {
    "action_insert": Moment.INSERT,
    "action_update": Moment.UPDATE,
    "action_delete": Moment.DELETE,
}
_RULE_COLUMNS = (
    *("sys_id", "name", "collection", "when", "filter_condition", "role_conditions"),
    *("abort_action", "template", *_MOMENTS),
)
_POLICY_COLUMNS = ("sys_id", "model_table", "conditions", "inherit")

# What is asynchronous comes last: after everything that the write itself waits for.
_LATER = 1_000_000


@dataclass(frozen=True)
class _Script:
    """What a row of `sys_script` says."""

    row: Mapping[str, str]
    conditions: Conditions
    dictionary: Dictionary

    def act(self, change: Change) -> None:
        if not self._applies(change):
            return
        self._set_fields(change)
        if self.row["abort_action"] == "true":
            raise Aborted

    def _applies(self, change: Change) -> bool:
        roles = [role for role in self.row["role_conditions"].split(",") if role]
        if roles and not change.has_role(*roles):
            return False
        return self.conditions.hold(
            change.table,
            self.row["filter_condition"],
            change.values | change.entries,
            person=change.person,
            previous=change.previous,
        )

    def _set_fields(self, change: Change) -> None:
        fields = self.dictionary.fields_of(change.table)
        for name, text in _assignments(self.row["template"], change.person, change.at):
            if name in INPUTS and name in fields:
                change.entries[name] = text
            elif name in fields and not fields[name].name.startswith("sys_"):
                change.set(name, storable(fields[name], text))


def _assignments(template: str, person: Person | None, at: str) -> list[tuple[str, str]]:
    """`state=2^assigned_to=javascript:gs.getUserID()` as fields and values."""
    found = []
    for groups in parse(template).filters:
        for term in (term for group in groups for term in group):
            if isinstance(term, Condition) and term.operator == "=":
                text = term.value
                if text.startswith(PREFIX):
                    value = evaluate(
                        text.removeprefix(PREFIX),
                        person=person,
                        now=datetime.fromisoformat(f"{at}+00:00"),
                    )
                    text = value if isinstance(value, str) else ""
                found.append((term.field, text))
    return found


class WrittenRules:
    """The rules and policies in the rows of one instance. `built_in` are what it came with."""

    def __init__(
        self,
        store: Store,
        dictionary: Dictionary,
        conditions: Conditions,
        *,
        built_in: Sequence[BusinessRule],
    ) -> None:
        self._store = store
        self._dictionary = dictionary
        self._conditions = conditions
        self._built_in = frozenset(one.sys_id for one in built_in)

    def rules(self) -> Sequence[BusinessRule]:
        """The active rows that describe a rule, without those that mirror built-in ones."""
        names = ", ".join(f'"{name}"' for name in _RULE_COLUMNS)
        rows = self._store.rows(
            f'SELECT "order", {names} FROM "sys_metadata" WHERE "sys_class_name" = \'sys_script\''  # noqa: S608  # fixed names
            " AND \"active\" = 'true' AND \"condition\" = '' ORDER BY rowid"
        )
        found = [(order, dict(zip(_RULE_COLUMNS, row, strict=True))) for order, *row in rows]
        return [
            self._rule(row, order=100 if order in (None, "") else int(order))
            for order, row in found
            if row["sys_id"] not in self._built_in and self._dictionary.knows(row["collection"])
        ]

    def switched_off(self) -> frozenset[str]:
        """Built-in rules whose row is inactive."""
        rows = self._store.rows(
            'SELECT "sys_id" FROM "sys_metadata" WHERE "sys_class_name" = \'sys_script\''
            " AND \"active\" <> 'true'"
        )
        return frozenset(row[0] for row in rows) & self._built_in

    def policies(self) -> Sequence[DataPolicy]:
        """The active data policies with their rules."""
        names = ", ".join(f'"{name}"' for name in _POLICY_COLUMNS)
        rows = self._store.rows(
            f'SELECT {names} FROM "sys_metadata" WHERE "sys_class_name" = \'sys_data_policy2\''  # noqa: S608  # fixed names
            " AND \"active\" = 'true' ORDER BY rowid"
        )
        found = [dict(zip(_POLICY_COLUMNS, row, strict=True)) for row in rows]
        return [self._policy(row) for row in found if self._dictionary.knows(row["model_table"])]

    def _rule(self, row: Mapping[str, str], *, order: int) -> BusinessRule:
        script = _Script(row, self._conditions, self._dictionary)
        return BusinessRule(
            name=row["name"],
            table=row["collection"],
            action=script.act,
            on=_moments(row),
            order=order + (_LATER if row["when"].startswith("async") else 0),
            after=row["when"] != "before",
            identity=row["sys_id"],
        )

    def _policy(self, row: Mapping[str, str]) -> DataPolicy:
        def applies(change: Change) -> bool:
            return change.operation is not Moment.DELETE and self._conditions.hold(
                change.table,
                row["conditions"],
                change.values,
                person=change.person,
                previous=change.previous,
            )

        fields = self._store.rows(
            'SELECT "field", "mandatory", "disabled" FROM "sys_metadata"'
            ' WHERE "sys_data_policy" = ? AND "sys_class_name" = \'sys_data_policy_rule\''
            " ORDER BY rowid",
            (row["sys_id"],),
        )
        return DataPolicy(
            table=row["model_table"],
            fields=tuple(name for name, mandatory, _ in fields if mandatory == "true"),
            read_only=tuple(name for name, _, disabled in fields if disabled == "true"),
            applies=applies,
            inherited=row["inherit"] == "true",
        )


def _moments(row: Mapping[str, str]) -> frozenset[Moment]:
    """When a rule runs; one that is only displayed or queries never does on a write."""
    if row["when"] not in ("before", "after", "async", "async_always"):
        return frozenset()
    return frozenset(moment for column, moment in _MOMENTS.items() if row[column] == "true")
