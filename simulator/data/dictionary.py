"""Which tables and fields there are, how they inherit, and what a value is called."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from simulator.schema import Field, Table

_VARIABLES = "variables"
_VARIABLE = re.compile(r"[A-Za-z0-9_]+")


@dataclass(frozen=True)
class Path:
    """A dot-walk that exists: the reference fields on the way, then the field at its end.

    `steps` are (table, reference field); `table` is where `field` lives.
    """

    steps: tuple[tuple[str, Field], ...]
    table: str
    field: Field


class Dictionary:
    """The tables of an instance. Answers are kept until the tables are replaced.

    `version` goes up with every replacement: what others keep of an answer holds for one version.
    """

    def __init__(self, tables: Iterable[Table]) -> None:
        self.tables: dict[str, Table] = {table.name: table for table in tables}
        self.version = 0
        self._keep_answers()

    def _keep_answers(self) -> None:
        self.fields_of = cache(self._fields_of)
        self.resolve = cache(self._resolve)
        self.ancestors = cache(self._ancestors)
        self.descendants = cache(self._descendants)
        self.display_field = cache(self._display_field)
        self.stored_fields = cache(self._stored_fields)
        self.has_classes = cache(self._has_classes)
        self.root = cache(self._root)

    def replace(self, tables: Iterable[Table]) -> None:
        """Describe these tables from now on, in the place of all there were."""
        self.tables = {table.name: table for table in tables}
        self.version += 1
        self._keep_answers()

    def knows(self, table: str) -> bool:
        """Whether there is such a table. Names are case-sensitive."""
        return table in self.tables

    def _ancestors(self, table: str) -> tuple[str, ...]:
        """The table itself, then what it extends, up to the top. KeyError if there is none."""
        parent = self.tables[table].extends
        return (table, *self._ancestors(parent)) if parent else (table,)

    def _descendants(self, table: str) -> tuple[str, ...]:
        """The table itself and everything that extends it."""
        return tuple(name for name in self.tables if table in self.ancestors(name))

    def _root(self, table: str) -> str:
        """The topmost table: the one whose physical table holds the rows."""
        return self.ancestors(table)[-1]

    def roots(self) -> list[str]:
        """All physical tables."""
        return [name for name, table in self.tables.items() if not table.extends]

    def is_sibling(self, table: str, other: str) -> bool:
        """Whether there is such a table, and records of both are rows of one physical table."""
        return self.knows(table) and self.root(table) == self.root(other)

    def _fields_of(self, table: str) -> Mapping[str, Field]:
        """Own and inherited fields by name."""
        fields: dict[str, Field] = {}
        for name in reversed(self.ancestors(table)):
            fields.update((field.name, field) for field in self.tables[name].fields)
        return fields

    def _stored_fields(self, table: str) -> Sequence[Field]:
        """Own and inherited fields that have a column, in alphabetical order."""
        fields = self.fields_of(table).values()
        return sorted((field for field in fields if field.is_stored), key=lambda f: f.name)

    def _has_classes(self, table: str) -> bool:
        """Whether records of this table may be of a class that extends it."""
        return len(self.descendants(table)) > 1

    def physical_fields(self, root: str) -> list[Field]:
        """The columns of a physical table: those of all its classes."""
        merged: dict[str, Field] = {}
        for table in self.descendants(root):
            for field in self.fields_of(table).values():
                if field.is_stored:
                    merged.setdefault(field.name, field)
        return list(merged.values())

    def _display_field(self, table: str) -> Field:
        """The field whose value stands for a record of this table; `sys_id` if there is none.

        A reference that leads back to the table is passed over: its names would never end.
        """
        fields = self.fields_of(table)
        shown = (one for one in fields.values() if one.display)
        named = (one for one in shown if not self._leads_back(one, frozenset({table})))
        return next(named, fields["sys_id"])

    def _leads_back(self, field: Field, passed: frozenset[str]) -> bool:
        if not field.is_reference:
            return False
        if field.reference in passed:
            return True
        shown = (one for one in self.fields_of(field.reference).values() if one.display)
        further = next(shown, None)
        return further is not None and self._leads_back(further, passed | {field.reference})

    def _resolve(self, table: str, dotted: str) -> Path | None:
        """The field a name or dot-walk leads to, or None where it does not exist."""
        steps: list[tuple[str, Field]] = []
        *walked, last = dotted.split(".")
        asks = walked[-1:] == [_VARIABLES] and _VARIABLE.fullmatch(last)
        for name in walked[:-1] if asks else walked:
            field = self.fields_of(table).get(name)
            if field is None or not field.is_reference:
                return None
            steps.append((table, field))
            table = field.reference
        end = self._variable(table, last) if asks else self.fields_of(table).get(last)
        return None if end is None else Path(tuple(steps), table, end)

    def _variable(self, table: str, name: str) -> Field | None:
        """The answer to a question of the form that a record came from; None without a form."""
        lookups = (self.tables[one].variables for one in self.ancestors(table))
        lookup = next((one for one in lookups if one), "")
        if not lookup:
            return None
        answer = lookup.replace("{name}", name)
        return Field(name=f"{_VARIABLES}.{name}", label=name, answer_to=answer)

    def is_audited(self, table: str) -> bool:
        """Whether changes to records of this table are kept in `sys_audit`."""
        return any(self.tables[name].audited for name in self.ancestors(table))

    def label_of_table(self, table: str) -> str:
        """The label of a table; an unknown name is its own label."""
        return self.tables[table].label if table in self.tables else table

    @property
    def numbered_tables(self) -> Sequence[str]:
        """Tables whose records get a number."""
        return [table.name for table in self.tables.values() if table.prefix]
