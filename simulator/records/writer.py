"""Records written: rights checked, rules run, numbers given, journals kept."""

# Identifiers come from the dictionary, values are parameters.
# ruff: noqa: S608

import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from uuid import uuid4

import orjson

from simulator.access.acls import Access, Operation
from simulator.access.people import Person
from simulator.data.dictionary import Dictionary
from simulator.data.store import Cell, Store
from simulator.errors import AclRefused, DuplicateRecord, NoRecord
from simulator.records import journals
from simulator.records.auditing import Auditor
from simulator.records.column_checks import ColumnChecks
from simulator.records.drafts import SYSTEM, Drafts, Values
from simulator.records.numbering import give_number
from simulator.records.reader import Reader
from simulator.records.rulebook import Rulebook
from simulator.records.rules import Change
from simulator.records.values import cell
from simulator.schema import CLASS_FIELD, DOMAIN_FIELDS, SYSTEM_FIELDS, Field

_SYS_ID = re.compile(r"[0-9A-Za-z]{32}")
# What clients send for these is ignored.
_KEPT_BY_THE_SYSTEM = frozenset(
    field.name for field in (*SYSTEM_FIELDS, *DOMAIN_FIELDS, CLASS_FIELD)
) | {"sys_update_name"}
_MANY = 1000

# What goes with a record: its journal and the files on it. Records of another table may have the
# same sys_id, and keep theirs: the second parameter are the tables that this one may be named by.
_NAMED = "IN (SELECT value FROM json_each(?2))"
_FILES = (
    f'SELECT "sys_id" FROM "sys_attachment" WHERE "table_sys_id" = ?1 AND "table_name" {_NAMED}'
)
_HANGING = (
    f'DELETE FROM "sys_journal_field" WHERE "element_id" = ?1 AND "name" {_NAMED}',
    f'DELETE FROM "sys_attachment_doc" WHERE "sys_attachment" IN ({_FILES})',
    f'DELETE FROM "sys_attachment_attribute" WHERE "attachment" IN ({_FILES})',
    f'DELETE FROM "sys_attachment" WHERE "table_sys_id" = ?1 AND "table_name" {_NAMED}',
)
# And if it is itself a file: its pieces, and what is said of it.
_PIECES = (
    'DELETE FROM "sys_attachment_doc" WHERE "sys_attachment" = ?',
    'DELETE FROM "sys_attachment_attribute" WHERE "attachment" = ?',
)
_OF_IMAGE_FIELDS = "ZZ_YY"


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

    `wrote` is told of each table written to. `settle` is called when a write with all it brought
    about is done, still in its transaction, and `undone` when one was taken back.
    """

    store: Store
    dictionary: Dictionary
    access: Access
    rules: Rulebook
    checks: ColumnChecks
    drafts: Drafts
    auditor: Auditor
    reader: Reader
    wrote: Callable[[str], None]
    settle: Callable[[], None]
    undone: Callable[[], None]
    nesting: _Nesting = field(default_factory=_Nesting)

    def create(self, table: str, values: Values, *, person: Person) -> str:
        """Insert for a person and return the sys_id.

        Fields they may not set and unknown ones are left out, audit fields too; the record is of
        the class in `sys_class_name`, if that extends the table. Raises AclRefused,
        RuleAborted, PolicyViolated or DuplicateRecord; then nothing is written.
        """
        self._refuse_views(table, "Insert")
        sys_id = values.get("sys_id", "")
        table = self._class_of(table, values)
        kept = self._settable(table, values)
        change = self.drafts.insertion(table, kept, person=person)
        verdict = self.access.row(person, table, Operation.CREATE)
        if not self.reader.holds(verdict, person, table=table, row=change.values):
            raise AclRefused("Insert")
        refused = self._refused(change, kept, Operation.CREATE, person=person)
        change = self.drafts.insertion(table, _without(kept, refused), person=person)
        change.values["sys_id"] = sys_id if _SYS_ID.fullmatch(sys_id) else uuid4().hex
        with self._whole():
            self._insert(change, with_rules=True)
        return change.values["sys_id"]

    def change(self, table: str, sys_id: str, values: Values, *, person: Person) -> None:
        """Update for a person. Raises NoRecord, AclRefused, RuleAborted or PolicyViolated.

        The class in `sys_class_name` becomes the record's, if it is kept in the same table.
        """
        previous = self._readable(table, sys_id, person)
        self._refuse_views(table, "Update")
        actual = previous.get("sys_class_name") or table
        verdict = self.access.row(person, actual, Operation.WRITE)
        if not self.reader.holds(verdict, person, table=actual, row=previous):
            raise AclRefused("Update")
        change = self.drafts.update(actual, previous, self._settable(actual, values), person=person)
        refused = self._refused(change, values, Operation.WRITE, person=person)
        kept = _without(self._settable(actual, values), refused)
        wanted = "" if "sys_class_name" in refused else values.get("sys_class_name", "")
        with self._whole():
            self._update(self.drafts.update(actual, previous, kept, person=person), with_rules=True)
            if wanted != actual and self.dictionary.is_sibling(wanted, actual):
                self._reclassify(actual, sys_id, values, wanted=wanted, person=person)

    def _reclassify(
        self, table: str, sys_id: str, values: Values, *, wanted: str, person: Person
    ) -> None:
        """Make a record one of another class, with those fields that only that class has."""
        self.update_raw(table, sys_id, {"sys_class_name": wanted}, person=person, with_rules=False)
        known = self.dictionary.fields_of(table)
        more = {name: value for name, value in values.items() if name not in known}
        self.change(wanted, sys_id, more, person=person)

    def remove(self, table: str, sys_id: str, *, person: Person) -> None:
        """Delete for a person. Raises NoRecord, AclRefused or RuleAborted."""
        previous = self._readable(table, sys_id, person)
        self._refuse_views(table, "Delete")
        actual = previous.get("sys_class_name") or table
        verdict = self.access.row(person, actual, Operation.DELETE)
        if not self.reader.holds(verdict, person, table=actual, row=previous):
            raise AclRefused("Delete")
        change = self.drafts.deletion(actual, previous, person=person)
        with self._whole():
            self.rules.before(change)
            self.delete_raw(actual, sys_id)
            self.auditor.deleted(change)
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
            change = self.drafts.update(actual, previous, values, person=person)
            self._update(change, with_rules=with_rules)

    def note(self, table: str, sys_id: str, values: Values) -> None:
        """Set stored fields of a record and nothing else: neither rules nor audit fields."""
        fields = [self.dictionary.fields_of(table)[name] for name in values]
        columns = ", ".join(f'"{field.name}" = ?' for field in fields)
        with self._whole():
            self.store.write(
                f'UPDATE "{self.dictionary.root(table)}" SET {columns} WHERE "sys_id" = ?',
                (*_cells(fields, values), sys_id),
            )
        self.wrote(table)

    def delete_raw(self, table: str, sys_id: str) -> None:
        """Delete without rights; journal entries and attachments of the record go with it."""
        with self._whole():
            root = self.dictionary.root(table)
            self.store.write(f'DELETE FROM "{root}" WHERE "sys_id" = ?', (sys_id,))
            family = self.dictionary.descendants(root)
            named = orjson.dumps([*family, *(f"{_OF_IMAGE_FIELDS}{name}" for name in family)])
            for sql in _HANGING:
                self.store.write(sql, (sys_id, named.decode()))
            for sql in _PIECES if root == "sys_attachment" else ():
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
        if row is None or not self.reader.finds(table, sys_id, person=person):
            raise NoRecord
        actual = row.get("sys_class_name") or table
        full = self.reader.row(actual, sys_id) or row
        verdict = self.access.row(person, actual, Operation.READ)
        if not self.reader.holds(verdict, person, table=actual, row=full):
            raise NoRecord
        return full

    def _refuse_views(self, table: str, operation: str) -> None:
        if self.dictionary.tables[table].view:
            raise AclRefused(operation)

    def _class_of(self, table: str, values: Values) -> str:
        asked = values.get("sys_class_name", "")
        return asked if asked in self.dictionary.descendants(table) else table

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

    def _identified_insertion(self, table: str, values: Values, *, person: Person | None) -> Change:
        change = self.drafts.insertion(table, values, person=person)
        change.values["sys_id"] = values.get("sys_id") or uuid4().hex
        return change

    def _insert(self, change: Change, *, with_rules: bool) -> None:
        if with_rules:
            give_number(self.store, self.dictionary, change)
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
            self.auditor.changed(change, (), checkpoint=0)
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
            names = [one.name for one in changed]
            self.auditor.changed(change, names, checkpoint=int(values["sys_mod_count"] or 0))
            self.rules.after(change)

    def _touched(self, change: Change) -> dict[str, str]:
        """The audit fields of an update, where the write itself does not set them."""
        touched = {"sys_mod_count": str(int(change.before("sys_mod_count") or 0) + 1)}
        touched["sys_updated_on"] = change.at
        touched["sys_updated_by"] = change.person.user_name if change.person else SYSTEM
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


def _without(values: Values, names: set[str]) -> dict[str, str]:
    return {name: text for name, text in values.items() if name not in names}


def _cells(fields: Iterable[Field], values: Values) -> tuple[Cell, ...]:
    return tuple(cell(field, values.get(field.name, "")) for field in fields)
