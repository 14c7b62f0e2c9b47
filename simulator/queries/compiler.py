"""A parsed query compiled to SQL over the tables of an instance.

A condition on an unknown field, with an unknown operator or with a value that makes no sense is
dropped, as the real thing does: the rest decides, and with nothing left every row matches. With
`invalid_query_returns_no_rows` such a query finds nothing instead.
"""

# Identifiers come from the dictionary, values are parameters.
# ruff: noqa: S608

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from simulator.access.people import Person
from simulator.data.dictionary import Dictionary, Path
from simulator.data.store import Cell
from simulator.queries.columns import Column, display_sql, value_sql
from simulator.queries.combining import among, exists, joined
from simulator.queries.field_operators import FIELD_OPERATORS
from simulator.queries.field_uses import THREADS, FieldUse, uses_of
from simulator.queries.operators import NOTHING, OPERATORS, Asked, Predicate
from simulator.queries.parsing import (
    Condition,
    Join,
    Ordering,
    Query,
    RelatedList,
    Term,
    TextSearch,
)
from simulator.queries.texts import (
    CONTAINING,
    NoTexts,
    Texts,
    finds_few,
    is_searched,
    narrowed,
)
from simulator.queries.trees import TREE_OPERATORS
from simulator.schema import Field, Storage

ALIAS = "t"

_COMPARED_AS_SHOWN = frozenset({"STARTSWITH", "ENDSWITH", "LIKE", "NOT LIKE"})


class QuerySwitches(Protocol):
    """The properties of an instance that change what a query means."""

    case_insensitive: bool
    invalid_query_returns_no_rows: bool
    ignore_query_conditions: bool


@dataclass(frozen=True)
class SelectText:
    """`FROM … WHERE …` and `ORDER BY …` with their parameters; `uses` are the fields in them.

    `root` is the physical table. `ordered_by` is the column that alone gives the order, empty where
    rows come as they came in, None where the order is another one.
    """

    source: str
    order: str
    parameters: tuple[Cell, ...]
    uses: frozenset[FieldUse] = frozenset()
    dropped: tuple[str, ...] = ()
    root: str = ""
    ordered_by: str | None = None


@dataclass
class _Work:
    """One compilation under way."""

    asked: Asked
    uses: set[FieldUse] = field(default_factory=set)
    dropped: list[str] = field(default_factory=list)
    sources: int = 0
    finds_few: bool = False

    def alias(self) -> str:
        self.sources += 1
        return f"q{self.sources}"


class QueryCompiler:
    """Compiles queries for one instance.

    `may_search` says whether a full-text search of a person looks at a field of a table,
    `narrowing` what a query of theirs has to match in any case.
    """

    def __init__(
        self,
        dictionary: Dictionary,
        *,
        switches: QuerySwitches,
        clock: Callable[[], datetime],
        texts: Texts | None = None,
        may_search: Callable[[Person, str, str], bool] = lambda *_: True,
        narrowing: Callable[[Person, str], Sequence[Query]] = lambda *_: (),
    ) -> None:
        self._dictionary = dictionary
        self._may_search = may_search
        self._narrowing = narrowing
        self._texts: Texts = texts or NoTexts()
        self._switches = switches
        self._clock = clock

    def compile(self, table: str, query: Query, *, person: Person | None) -> SelectText:
        """What to select from `table` (KeyError if unknown); `person` is whom scripts see."""
        work = _Work(Asked(person, self._clock(), self._switches.case_insensitive))
        where = self._filters(table, query, alias=ALIAS, work=work)
        order = self._order(table, query, work=work)
        if work.dropped and self._switches.invalid_query_returns_no_rows:
            where = NOTHING
        if self._switches.ignore_query_conditions:
            where = Predicate("")
        where = self.narrowed(table, where, person=person)
        conditions = [c for c in (self.class_sql(table, alias=ALIAS), where.sql) if c]
        root = self._dictionary.root(table)
        source = f'FROM "{root}" {ALIAS}'
        if conditions:
            source += " WHERE " + " AND ".join(conditions)
        return SelectText(
            source,
            order,
            where.parameters,
            frozenset(work.uses),
            tuple(work.dropped),
            root,
            self._only_column(table, query),
        )

    def narrowed(self, table: str, where: Predicate, *, person: Person | None) -> Predicate:
        """What a predicate and the rules that narrow queries of a person let through."""
        queries = self._narrowing(person, table) if person else ()
        rules = [self.where(table, query, person=person) for query in queries]
        known = [one for one in (where, *rules) if one.sql]
        return joined(known, " AND ") if known else where

    def _only_column(self, table: str, query: Query) -> str | None:
        """The one column that rows are ordered by, if it is stored in them."""
        names = [*query.group_by, *(ordering.field for ordering in query.orderings)]
        if len(names) != 1:
            return None if names else ""
        path = self._dictionary.resolve(table, names[0])
        is_plain = path and not path.steps and path.field.is_stored and not path.field.is_reference
        return names[0] if is_plain else None

    def where(self, table: str, query: Query, *, person: Person | None) -> Predicate:
        """The conditions of a query alone, over rows of `table` by the name of ALIAS."""
        work = _Work(Asked(person, self._clock(), self._switches.case_insensitive))
        return self._filters(table, query, alias=ALIAS, work=work)

    def class_sql(self, table: str, *, alias: str) -> str:
        """The condition that keeps other classes of the same physical table out."""
        if self._dictionary.root(table) == table:
            return ""
        classes = ", ".join(f"'{name}'" for name in self._dictionary.descendants(table))
        return f'{alias}."sys_class_name" IN ({classes})'

    def _filters(self, table: str, query: Query, *, alias: str, work: _Work) -> Predicate:
        filters = [
            found
            for groups in query.filters
            if (found := self._conjunction(table, groups, alias=alias, work=work))
        ]
        return joined(filters, " OR ") if filters else Predicate("")

    def _conjunction(
        self, table: str, groups: tuple[tuple[Term, ...], ...], *, alias: str, work: _Work
    ) -> Predicate | None:
        parts = []
        work.finds_few = any(finds_few(self._dictionary.fields_of(table), one) for one in groups)
        for group in groups:
            terms = [self._term(table, term, alias=alias, work=work) for term in group]
            known = [predicate for predicate in terms if predicate is not None]
            if known:
                parts.append(joined(known, " OR "))
        return joined(parts, " AND ") if parts else None

    def _term(self, table: str, term: Term, *, alias: str, work: _Work) -> Predicate | None:
        found: Predicate | None = None
        if isinstance(term, Condition):
            found = self._condition(table, term, alias=alias, work=work)
        elif isinstance(term, TextSearch):
            found = self._search(table, term.words, alias=alias, work=work)
        elif isinstance(term, RelatedList):
            found = self._related(term, alias=alias, work=work)
        elif isinstance(term, Join):
            found = self._join(table, term, alias=alias, work=work)
        if found is None:
            work.dropped.append(str(term))
        return found

    def _condition(
        self, table: str, term: Condition, *, alias: str, work: _Work
    ) -> Predicate | None:
        path = self._dictionary.resolve(table, term.field)
        work.uses |= uses_of(table, term)
        if path is None:
            return None
        if term.operator in FIELD_OPERATORS:
            return self._field_condition(table, path, term, alias=alias, work=work)
        if term.operator in _COMPARED_AS_SHOWN:
            path = self._shown(path)
        return self._walked(path, term, alias=alias, work=work)

    def _shown(self, path: Path) -> Path:
        """Where a reference leads when it is compared by its display value."""
        while path.field.is_reference:
            display = self._dictionary.display_field(path.field.reference)
            path = Path((*path.steps, (path.table, path.field)), path.field.reference, display)
        return path

    def _walked(self, path: Path, term: Condition, *, alias: str, work: _Work) -> Predicate | None:
        """A condition at the end of a dot-walk: a chain of `IN (SELECT …)`, so indexes serve."""
        if not path.steps:
            return self._at_end(path, term, alias=alias, work=work)
        (_, reference), *rest = path.steps
        inner = work.alias()
        further = Path(tuple(rest), path.table, path.field)
        found = self._walked(further, term, alias=inner, work=work)
        if found is None:
            return None
        root = self._dictionary.root(reference.reference)
        return among(
            f'{alias}."{reference.name}"', f'SELECT {inner}."sys_id" FROM "{root}" {inner}', found
        )

    def _at_end(self, path: Path, term: Condition, *, alias: str, work: _Work) -> Predicate | None:
        column = Column(alias, path.field)
        tree = TREE_OPERATORS.get(term.operator)
        if tree is not None:
            return tree(self._dictionary, column, term.value, work.asked)
        if term.operator not in OPERATORS:
            return None
        if path.field.storage is Storage.JOURNAL:
            return self._journal(path.table, column, term, alias=alias, work=work)
        return self._narrowed(path.table, column, term, work=work)

    def _narrowed(
        self, table: str, column: Column, term: Condition, *, work: _Work
    ) -> Predicate | None:
        found = OPERATORS[term.operator](column, term.value, work.asked)
        if found is None or work.finds_few or term.operator not in CONTAINING:
            return found
        return narrowed(
            found,
            self._texts,
            table=self._dictionary.root(table),
            columns=[column.field.name],
            text=term.value,
            alias=column.alias,
            asked=work.asked,
        )

    def _journal(
        self, table: str, column: Column, term: Condition, *, alias: str, work: _Work
    ) -> Predicate | None:
        """A condition on a journal field: about its entries, of this table and its relatives."""
        inner = work.alias()
        entry = Column(inner, self._dictionary.fields_of("sys_journal_field")["value"])
        found = self._narrowed("sys_journal_field", entry, term, work=work)
        if found is None:
            return None
        names = THREADS.get(column.field.name, (column.field.name,))
        elements = ", ".join(f"'{name}'" for name in names)
        rows = f'SELECT {inner}."element_id" FROM "sys_journal_field" {inner}'
        family = self._dictionary.descendants(self._dictionary.root(table))
        tables = ", ".join(f"'{name}'" for name in family)
        here = f'{alias}."sys_id"'
        also = f'{inner}."element" IN ({elements}) AND {inner}."name" IN ({tables}) AND '
        if work.finds_few and not found.matches_empty:
            return exists(rows, f'{inner}."element_id" = {here} AND {also}', found)
        return among(here, rows, found, also=also)

    def _field_condition(
        self, table: str, path: Path, term: Condition, *, alias: str, work: _Work
    ) -> Predicate | None:
        other, _, rest = term.value.partition("@")
        second = self._dictionary.resolve(table, other)
        if second is None:
            return None
        work.uses.add(FieldUse(table, other))
        left = value_sql(self._dictionary, alias, path)
        right = value_sql(self._dictionary, alias, second)
        sql = FIELD_OPERATORS[term.operator](left, right, rest)
        return None if sql is None else Predicate(sql)

    def _search(self, table: str, words: str, *, alias: str, work: _Work) -> Predicate | None:
        person = work.asked.person
        fields = [
            one
            for one in self._dictionary.fields_of(table).values()
            if is_searched(one) and (person is None or self._may_search(person, table, one.name))
        ]
        if not fields:
            return NOTHING
        found = [self._word(table, word, fields, alias=alias, work=work) for word in words.split()]
        return joined(found, " AND ") if found else None

    def _word(
        self, table: str, word: str, fields: list[Field], *, alias: str, work: _Work
    ) -> Predicate:
        """A word in any of the fields; what the rows hold themselves is asked for together."""
        stored = [Column(alias, one) for one in fields if one.is_stored]
        journals = [Column(alias, one) for one in fields if not one.is_stored]
        term = Condition("", "LIKE", word)
        hits = [OPERATORS["LIKE"](column, word, work.asked) for column in stored]
        hits += [self._journal(table, one, term, alias=alias, work=work) for one in journals]
        found = joined([hit for hit in hits if hit is not None], " OR ")
        if work.finds_few:
            return found
        return narrowed(
            found,
            self._texts,
            table=self._dictionary.root(table),
            columns=[column.field.name for column in stored],
            text=word,
            alias=alias,
            asked=work.asked,
            with_journals=bool(journals),
        )

    def _related(self, term: RelatedList, *, alias: str, work: _Work) -> Predicate | None:
        if not self._dictionary.knows(term.table):
            return None
        path = self._dictionary.resolve(term.table, term.field)
        if path is None or not path.field.is_stored:
            return None
        work.uses.add(FieldUse(term.table, term.field))
        inner = work.alias()
        where = self._filters(term.table, term.query, alias=inner, work=work)
        conditions = [f'{inner}."{term.field}" = {alias}."sys_id"']
        conditions += [c for c in (self.class_sql(term.table, alias=inner), where.sql) if c]
        counted = (
            f'SELECT count(*) FROM "{self._dictionary.root(term.table)}" {inner}'
            f" WHERE {' AND '.join(conditions)}"
        )
        return Predicate(f"(({counted}) {term.operator} {term.count})", where.parameters)

    def _join(self, table: str, term: Join, *, alias: str, work: _Work) -> Predicate | None:
        here = self._dictionary.fields_of(table).get(term.field)
        if term.table not in self._dictionary.ancestors(table) or here is None:
            return None
        if not self._dictionary.knows(term.other):
            return None
        there = self._dictionary.fields_of(term.other).get(term.other_field)
        if there is None or not (here.is_stored and there.is_stored):
            return None
        work.uses |= {FieldUse(table, here.name), FieldUse(term.other, there.name)}
        inner = work.alias()
        where = self._filters(term.other, term.query, alias=inner, work=work)
        conditions = [f"{inner}.\"{there.name}\" <> ''"]
        conditions += [c for c in (self.class_sql(term.other, alias=inner), where.sql) if c]
        return Predicate(
            f'{alias}."{here.name}" IN (SELECT {inner}."{there.name}"'
            f' FROM "{self._dictionary.root(term.other)}" {inner}'
            f" WHERE {' AND '.join(conditions)})",
            where.parameters,
        )

    def _order(self, table: str, query: Query, *, work: _Work) -> str:
        parts, direction = [], ""
        for ordering in (*map(Ordering, query.group_by), *query.orderings):
            path = self._dictionary.resolve(table, ordering.field)
            work.uses.add(FieldUse(table, ordering.field, in_ranges=True))
            if path is None:
                work.dropped.append(str(ordering))
                continue
            sql = display_sql(self._dictionary, ALIAS, path)
            direction = " DESC" if ordering.descending else ""
            parts.append(sql + direction)
        # Rows in the order they came in make pages stable; in the direction of the last ordering,
        # so that an index serves both.
        parts.append(f"{ALIAS}.rowid{direction}")
        return "ORDER BY " + ", ".join(parts)
