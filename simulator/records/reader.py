"""Records read: rows as they are stored, and pages as a person may see them."""

# Identifiers come from the dictionary, values are parameters.
# ruff: noqa: S608

from collections.abc import Mapping, Sequence
from functools import cache

from simulator.access.acls import Access, Operation, Verdict
from simulator.access.people import Person
from simulator.data.choices import Choices
from simulator.data.dictionary import Dictionary, Path
from simulator.data.store import Store
from simulator.queries.compiler import ALIAS, QueryCompiler, SelectText
from simulator.queries.operators import Predicate
from simulator.records import journals
from simulator.records.page_reading import PageReading
from simulator.records.plans import Plan, Planner, Record, Wanted, stored_text
from simulator.records.rendering import Page, Rendering, Row

Stored = Mapping[str, str]

_PLANS_KEPT = 256


class Reader:
    """Reads records of an instance."""

    def __init__(
        self,
        store: Store,
        dictionary: Dictionary,
        access: Access,
        *,
        choices: Choices,
        compiler: QueryCompiler,
    ) -> None:
        self._store = store
        self._compiler = compiler
        self._dictionary = dictionary
        self._access = access
        self._planner = Planner(dictionary, access, Rendering(dictionary, choices))
        self._reading = PageReading(store)
        self._whole_row = cache(self._made_whole_row)
        self._plans: dict[tuple[Wanted, frozenset[str], int], Plan] = {}

    def forget(self) -> None:
        """Plan every answer anew: choices or tables have changed."""
        self._plans.clear()
        self._whole_row = cache(self._made_whole_row)

    def row(self, table: str, sys_id: str) -> dict[str, str] | None:
        """One row of a table (records of a class of it count), every stored field, or None."""
        source = f'FROM "{self._dictionary.root(table)}" {ALIAS} WHERE {ALIAS}."sys_id" = ?'
        found = self.rows(table, SelectText(source, "", (sys_id,)), limit=1, offset=0)
        if not found or not self._is_of(table, found[0]):
            return None
        return found[0]

    def finds(self, table: str, sys_id: str, *, person: Person) -> bool:
        """Whether the rules that narrow queries of a person leave them a record that is there."""
        where = self._compiler.narrowed(table, Predicate(""), person=person)
        if not where.sql:
            return True
        sql = (
            f'SELECT 1 FROM "{self._dictionary.root(table)}" {ALIAS}'
            f' WHERE {ALIAS}."sys_id" = ? AND {where.sql}'
        )
        return self._store.scalar(sql, (sys_id, *where.parameters)) is not None

    def holds(self, verdict: Verdict, person: Person, *, table: str, row: Stored) -> bool:
        """What a verdict says of a whole row; what it needs by dot-walks is looked up."""
        walked = {
            name: self._walked(table, row, name)
            for name in (verdict.needs if verdict.depends else ())
            if "." in name
        }
        return verdict.holds(person, {**row, **walked})

    def may(self, person: Person, operation: Operation, *, table: str, sys_id: str) -> bool:
        """Whether a person may do something to one record; nobody may to one that is not there.

        For ACLs of what hangs on other records: `Area.acls_by_record`.
        """
        actual = self._class_of(table, sys_id) if self._dictionary.knows(table) else None
        if actual is None or not self.finds(table, sys_id, person=person):
            return False
        verdict = self._access.row(person, actual, operation)
        if not verdict.depends:
            return verdict.always
        return self.holds(verdict, person, table=actual, row=self.row(actual, sys_id) or {})

    def _class_of(self, table: str, sys_id: str) -> str | None:
        """The table that a record of `table` really is of; None where there is no such record."""
        root = self._dictionary.root(table)
        if "sys_class_name" not in self._dictionary.fields_of(root):
            found = self._store.scalar(f'SELECT 1 FROM "{root}" WHERE "sys_id" = ?', (sys_id,))
            return table if found else None
        found = self._store.scalar(
            f'SELECT "sys_class_name" FROM "{root}" WHERE "sys_id" = ?', (sys_id,)
        )
        actual = str(found) if found else None
        if actual is None or actual not in self._dictionary.descendants(table):
            return root if found == "" and root == table else None
        return actual

    def _walked(self, table: str, row: Stored, dotted: str) -> str:
        path = self._dictionary.resolve(table, dotted)
        if path is None:
            raise KeyError(dotted)
        for _, reference in path.steps:
            row = self.row(reference.reference, row.get(reference.name, "")) or {}
        return row.get(path.field.name, "")

    def rows(
        self, table: str, select: SelectText, *, limit: int | None, offset: int
    ) -> list[dict[str, str]]:
        """The rows of a compiled query, every stored field as text."""
        names, columns = self._whole_row(table)
        found = self._store.rows(
            f"SELECT {columns} {select.source} {select.order} LIMIT ? OFFSET ?",
            (*select.parameters, -1 if limit is None else limit, offset),
        )
        return [dict(zip(names, row, strict=True)) for row in found]

    def count(self, select: SelectText) -> int:
        """How many rows a compiled query matches, before any ACL."""
        return self._store.count(f"SELECT count(*) {select.source}", select.parameters)

    def has_any(self, select: SelectText) -> bool:
        """Whether a query matches anything, before any ACL."""
        found = self._store.scalar(f"SELECT 1 {select.source} LIMIT 1", select.parameters)
        return found is not None

    def page(
        self,
        wanted: Wanted,
        select: SelectText,
        *,
        person: Person,
        host: str,
        limit: int,
        offset: int = 0,
        total: int | None = None,
    ) -> list[Record]:
        """One page as the person may see it: ACLs take rows away after the limit, then fields.

        `host` is what links begin with: scheme and host, without a slash at the end. `total` is
        how many rows match, if that is known: it decides how they are best read.
        """
        plan = self._plan(wanted, person)
        if plan.row.never or total == 0:
            return []
        sql = self._reading.sql(plan.columns, select, total=total, reach=offset + limit)
        rows = self._store.rows(f"{sql} LIMIT ? OFFSET ?", (*select.parameters, limit, offset))
        if not plan.row.always:
            rows = [row for row in rows if plan.row.holds(person, row)]
        api = f"{host}/api/now{wanted.version}"
        page = Page(person, api, self._store, self._threads(plan, rows, person, table=wanted.table))
        return [plan.record(row, page) for row in rows]

    def _threads(
        self, plan: Plan, rows: Sequence[Row], person: Person, *, table: str
    ) -> journals.Threads:
        """What people wrote on these records, as far as the person may read it."""
        read: dict[tuple[str, ...], list[str]] = {}
        for row in rows if plan.elements else ():
            names = tuple(name for name, check in plan.elements if check.holds(person, row))
            read.setdefault(names, []).append(row[plan.sys_id])
        found: journals.Threads = {}
        for names, sys_ids in read.items():
            found |= journals.threads(
                self._store,
                sys_ids,
                tables=self._dictionary.descendants(self._dictionary.root(table)),
                elements=names,
                person=person,
            )
        return found

    def one(self, wanted: Wanted, sys_id: str, *, person: Person, host: str) -> Record | None:
        """One record as the person may see it; None: there is none, or ACLs hide it."""
        row = self.row(wanted.table, sys_id)
        if row is None or not self.finds(wanted.table, sys_id, person=person):
            return None
        source = f'FROM "{self._dictionary.root(wanted.table)}" {ALIAS} WHERE {ALIAS}."sys_id" = ?'
        select = SelectText(source, "", (sys_id,))
        found = self.page(wanted, select, person=person, host=host, limit=1)
        return found[0] if found else None

    def _made_whole_row(self, table: str) -> tuple[list[str], str]:
        """The names of a table's stored fields, and what to select for them."""
        fields = self._dictionary.stored_fields(table)
        texts = [stored_text(self._dictionary, Path((), table, field)) for field in fields]
        return [field.name for field in fields], ", ".join(texts)

    def _is_of(self, table: str, row: dict[str, str]) -> bool:
        root = self._dictionary.root(table)
        return root == table or row["sys_class_name"] in self._dictionary.descendants(table)

    def _plan(self, wanted: Wanted, person: Person) -> Plan:
        asked = (wanted, person.roles, self._access.version)
        plan = self._plans.get(asked)
        if plan is None:
            if len(self._plans) >= _PLANS_KEPT:
                self._plans.clear()
            plan = self._plans[asked] = self._planner.plan(wanted, person)
        return plan
