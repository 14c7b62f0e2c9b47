"""Records written: rights checked, rules run, numbers given, journals kept."""

# Identifiers come from the dictionary, values are parameters.
# ruff: noqa: S608

import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from uuid import uuid4

from simulator.access.acls import Access, Operation
from simulator.access.people import Person
from simulator.data.dictionary import Dictionary
from simulator.data.store import Cell, Store
from simulator.errors import AclRefused, DuplicateRecord, NoRecord
from simulator.queries.javascript import PREFIX, evaluate
from simulator.records import journals
from simulator.records.column_checks import ColumnChecks
from simulator.records.journals import INPUTS
from simulator.records.reader import Reader
from simulator.records.rulebook import Rulebook
from simulator.records.rules import Change, Moment, Records
from simulator.records.values import cell, storable
from simulator.schema import CLASS_FIELD, DOMAIN_FIELDS, SYSTEM_FIELDS, Field

_SYS_ID = re.compile(r"[0-9A-Za-z]{32}")
# The default of a column that takes the next number of its table.
NUMBERED = re.compile(r"javascript:\s*(?:global\.)?getNextObjNumberPadded\(\)")
_SYSTEM = "system"

# What clients send for these is ignored.
_KEPT_BY_THE_SYSTEM = frozenset(
    field.name for field in (*SYSTEM_FIELDS, *DOMAIN_FIELDS, CLASS_FIELD)
) | {"sys_update_name"}
_KEPT_BY_THE_SYSTEM = frozenset(
    field.name for field in (*SYSTEM_FIELDS, *DOMAIN_FIELDS, CLASS_FIELD)
)
_MANY = 1000

# What goes with a record: its journal, the files on it and, if it is a file, its pieces.
_HANGING = (
    'DELETE FROM "sys_journal_field" WHERE "element_id" = ?',
    'DELETE FROM "sys_attachment_doc" WHERE "sys_attachment" = ?',
    (
        'DELETE FROM "sys_attachment_doc" WHERE "sys_attachment" IN'
        ' (SELECT "sys_id" FROM "sys_attachment" WHERE "table_sys_id" = ?)'
    ),
    'DELETE FROM "sys_attachment" WHERE "table_sys_id" = ?',
)

Values = Mapping[str, str]


@dataclass
class _Nesting:
    """How many writes are under way: rules write other records inside a write."""

    depth: int = 0

    @contextmanager
    def deeper(self) -> Iterator[None]:
        self.depth += 1
        try:
            yield
        finally:
            self.depth -= 1


@dataclass(frozen=True, kw_only=True)
class Writer:
    """Writes records of an instance.

    `now` gives the present as it is stored, `wrote` is told of each table written to, `records` is
    what rules see of the rest. `settle` is called when a write with all it brought about is done,
    still in its transaction, and `undone` when one was taken back.
    """

    store: Store
    dictionary: Dictionary
    access: Access
    rules: Rulebook
    checks: ColumnChecks
    reader: Reader
    now: Callable[[], str]
    wrote: Callable[[str], None]
    settle: Callable[[], None]
    undone: Callable[[], None]
    records: Records
    nesting: _Nesting = field(default_factory=_Nesting)

    def create(self, table: str, values: Values, *, person: Person) -> str:
        """Insert for a person and return the sys_id.

        Fields they may not set and unknown ones are left out, audit fields too. Raises AclRefused,
        RuleAborted, PolicyViolated or DuplicateRecord; then nothing is written.
        """
        sys_id = values.get("sys_id", "")
        kept = self._settable(table, values)
        change = self._insertion(table, kept, person=person)
        verdict = self.access.row(person, table, Operation.CREATE)
        if not self.reader.holds(verdict, person, table=table, row=change.values):
            raise AclRefused("Insert")
        refused = self._refused(change, kept, Operation.CREATE, person=person)
        change = self._insertion(table, _without(kept, refused), person=person)
        change.values["sys_id"] = sys_id if _SYS_ID.fullmatch(sys_id) else uuid4().hex
        with self._whole():
            self._insert(change, with_rules=True)
        return change.values["sys_id"]

    def change(self, table: str, sys_id: str, values: Values, *, person: Person) -> None:
        """Update for a person. Raises NoRecord, AclRefused, RuleAborted or PolicyViolated."""
        previous = self._readable(table, sys_id, person)
        actual = previous.get("sys_class_name") or table
        verdict = self.access.row(person, actual, Operation.WRITE)
        if not self.reader.holds(verdict, person, table=actual, row=previous):
            raise AclRefused("Update")
        change = self._update_of(actual, previous, self._settable(actual, values), person=person)
        refused = self._refused(change, values, Operation.WRITE, person=person)
        kept = _without(self._settable(actual, values), refused)
        with self._whole():
            self._update(self._update_of(actual, previous, kept, person=person), with_rules=True)

    def remove(self, table: str, sys_id: str, *, person: Person) -> None:
        """Delete for a person. Raises NoRecord, AclRefused or RuleAborted."""
        previous = self._readable(table, sys_id, person)
        actual = previous.get("sys_class_name") or table
        verdict = self.access.row(person, actual, Operation.DELETE)
        if not self.reader.holds(verdict, person, table=actual, row=previous):
            raise AclRefused("Delete")
        change = self._change(actual, Moment.DELETE, dict(previous), previous, person)
        with self._whole():
            self.rules.before(change)
            self.delete_raw(actual, sys_id)
            self.rules.after(change)

    def insert_raw(
        self, table: str, values: Values, *, person: Person | None, with_rules: bool
    ) -> str:
        """Insert without rights; every field of `values` is kept, audit fields too."""
        change = self._identified_insertion(table, values, person=person)
        with self._whole():
            self._insert(change, with_rules=with_rules)
        return change.values["sys_id"]

    def insert_many(self, table: str, rows: Iterable[Values]) -> list[str]:
        """Insert many without rights and rules."""
        fields = self.dictionary.stored_fields(table)
        changes = [self._identified_insertion(table, row, person=None) for row in rows]
        with self._whole():
            self.store.write_many(
                self._insert_sql(table), [_cells(fields, change.values) for change in changes]
            )
            for change in changes:
                self._write_entries(change)
        self.wrote(table)
        if len(changes) > _MANY:
            self.store.analyze()
        return [change.values["sys_id"] for change in changes]

    def update_raw(
        self, table: str, sys_id: str, values: Values, *, person: Person | None, with_rules: bool
    ) -> None:
        """Update without rights. LookupError when there is no such record."""
        previous = self.reader.row(table, sys_id)
        if previous is None:
            raise LookupError(f"{table} {sys_id}")
        actual = previous.get("sys_class_name") or table
        with self._whole():
            change = self._update_of(actual, previous, values, person=person)
            self._update(change, with_rules=with_rules)

    def delete_raw(self, table: str, sys_id: str) -> None:
        """Delete without rights; journal entries and attachments of the record go with it."""
        with self._whole():
            root = self.dictionary.root(table)
            self.store.write(f'DELETE FROM "{root}" WHERE "sys_id" = ?', (sys_id,))
            for sql in _HANGING:
                self.store.write(sql, (sys_id,))
        self.wrote(table)

    @contextmanager
    def _whole(self) -> Iterator[None]:
        """All of a write, or nothing."""
        outermost = False
        try:
            with self.store.transaction(), self.nesting.deeper():
                outermost = self.nesting.depth == 1
                yield
                if outermost:
                    self.settle()
        except BaseException:
            if outermost:
                self.undone()
            raise

    def _readable(self, table: str, sys_id: str, person: Person) -> dict[str, str]:
        row = self.reader.row(table, sys_id)
        if row is None:
            raise NoRecord
        full = self.reader.row(row.get("sys_class_name") or table, sys_id) or row
        verdict = self.access.row(person, table, Operation.READ)
        if not self.reader.holds(verdict, person, table=table, row=full):
            raise NoRecord
        return full

    def _settable(self, table: str, values: Values) -> dict[str, str]:
        """Known fields that a client may set at all: no audit fields."""
        fields = self.dictionary.fields_of(table)
        return {
            name: text
            for name, text in values.items()
            if name in fields and name not in _KEPT_BY_THE_SYSTEM
        }

    def _refused(
        self, change: Change, values: Values, operation: Operation, *, person: Person
    ) -> set[str]:
        """Fields whose ACL keeps the person from setting them: their values are ignored."""
        record = change.previous or change.values
        fields = self.dictionary.fields_of(change.table)
        return {
            name
            for name in values
            if name in fields
            and not self.reader.holds(
                self.access.field(person, change.table, operation, field=name),
                person,
                table=change.table,
                row=record,
            )
        }

    def _insertion(self, table: str, values: Values, *, person: Person | None) -> Change:
        fields = self.dictionary.fields_of(table)
        at, author = self.now(), person.user_name if person else _SYSTEM
        row = {
            name: self._default(field, person)
            if field.default.startswith(PREFIX)
            else field.default
            for name, field in fields.items()
            if field.is_stored
        }
        row |= {"sys_created_on": at, "sys_created_by": author, "sys_class_name": table}
        row |= {"sys_updated_on": at, "sys_updated_by": author}
        row |= _stored(fields, values)
        change = self._change(table, Moment.INSERT, row, {}, person)
        change.entries |= _entries(fields, values)
        return change

    def _default(self, field: Field, person: Person | None) -> str:
        """The value of a default that is a script; empty where nothing can evaluate it."""
        now = datetime.fromisoformat(f"{self.now()}+00:00")
        value = evaluate(field.default.removeprefix(PREFIX), person=person, now=now)
        return storable(field, value) if isinstance(value, str) else ""

    def _identified_insertion(self, table: str, values: Values, *, person: Person | None) -> Change:
        change = self._insertion(table, values, person=person)
        change.values["sys_id"] = values.get("sys_id") or uuid4().hex
        return change

    def _update_of(
        self, table: str, previous: dict[str, str], values: Values, *, person: Person | None
    ) -> Change:
        fields = self.dictionary.fields_of(table)
        row = previous | _stored(fields, values)
        change = self._change(table, Moment.UPDATE, row, previous, person)
        change.entries |= _entries(fields, values)
        return change

    def _change(
        self,
        table: str,
        operation: Moment,
        values: dict[str, str],
        previous: dict[str, str],
        person: Person | None,
    ) -> Change:
        return Change(table, operation, values, previous, person, self.now(), self.records)

    def _insert(self, change: Change, *, with_rules: bool) -> None:
        if with_rules:
            self._give_number(change)
            self.rules.before(change)
            self.checks.check(change)
        fields = self.dictionary.stored_fields(change.table)
        try:
            self.store.write(self._insert_sql(change.table), _cells(fields, change.values))
        except sqlite3.IntegrityError:
            raise DuplicateRecord(change.table, sys_id=change.values["sys_id"]) from None
        self._write_entries(change)
        self.wrote(change.table)
        if with_rules:
            self.rules.after(change)

    def _insert_sql(self, table: str) -> str:
        fields = self.dictionary.stored_fields(table)
        columns = ", ".join(f'"{field.name}"' for field in fields)
        places = ", ".join("?" for _ in fields)
        return f'INSERT INTO "{self.dictionary.root(table)}" ({columns}) VALUES ({places})'

    def _update(self, change: Change, *, with_rules: bool) -> None:
        if with_rules:
            self.rules.before(change)
            self.checks.check(change)
        changed = [
            field
            for field in self.dictionary.stored_fields(change.table)
            if change.changes(field.name)
        ]
        if not changed and not change.entries:
            return
        values = change.values | self._touched(change)
        fields = self.dictionary.fields_of(change.table)
        written = {field.name: field for field in changed}
        written |= {name: fields[name] for name in self._touched(change)}
        columns = ", ".join(f'"{name}" = ?' for name in written)
        self.store.write(
            f'UPDATE "{self.dictionary.root(change.table)}" SET {columns} WHERE "sys_id" = ?',
            (*_cells(list(written.values()), values), change.get("sys_id")),
        )
        self._write_entries(change)
        self.wrote(change.table)
        if with_rules:
            self.rules.after(change)

    def _touched(self, change: Change) -> dict[str, str]:
        """The audit fields of an update, where the write itself does not set them."""
        touched = {"sys_mod_count": str(int(change.before("sys_mod_count") or 0) + 1)}
        touched["sys_updated_on"] = change.at
        touched["sys_updated_by"] = change.person.user_name if change.person else _SYSTEM
        return {name: value for name, value in touched.items() if not change.changes(name)}

    def _write_entries(self, change: Change) -> None:
        for element, text in change.entries.items():
            journals.add_entry(
                self.store,
                table=change.table,
                sys_id=change.get("sys_id"),
                element=element,
                text=text,
                author=change.person.user_name if change.person else change.get("sys_updated_by"),
                moment=change.at,
            )

    def _give_number(self, change: Change) -> None:
        """A number for `number`, and for columns whose default asks for one."""
        names = self._numbered(change.table)
        if not any(not change.get(name) for name in names):
            return
        for table in self.dictionary.ancestors(change.table):
            rows = self.store.rows(
                'UPDATE "sys_number" SET "number" = "number" + 1 WHERE "category" = ?'
                ' RETURNING "prefix", "number", "maximum_digits"',
                (table,),
            )
            if rows:
                prefix, number, digits = rows[0]
                text = f"{prefix}{int(number or 0):0{min(int(digits or 0), 40)}d}"
                for name in names:
                    change.set(name, change.get(name) or text)
                return

    def _numbered(self, table: str) -> list[str]:
        fields = self.dictionary.fields_of(table)
        return [
            name for name, one in fields.items() if name == "number" or NUMBERED.match(one.default)
        ]


def _stored(fields: Mapping[str, Field], values: Values) -> dict[str, str]:
    return {
        name: storable(fields[name], text)
        for name, text in values.items()
        if name in fields and fields[name].is_stored
    }


def _entries(fields: Mapping[str, Field], values: Values) -> dict[str, str]:
    return {name: values[name] for name in INPUTS if name in fields and values.get(name)}


def _without(values: Values, names: set[str]) -> dict[str, str]:
    return {name: text for name, text in values.items() if name not in names}


def _cells(fields: Iterable[Field], values: Values) -> tuple[Cell, ...]:
    return tuple(cell(field, values.get(field.name, "")) for field in fields)
