"""Database views that rows describe: tables joined for reading, their fields with a prefix each.

`sys_db_view` names a view, `sys_db_view_table` its tables with the clauses that join them, and
`sys_db_view_table_field` the fields it has of a table; without such rows it has all of them. A row
of a view has the sys_id of the record that no clause looks up. A view that describes nothing
possible is none.
"""

# Identifiers come from the dictionary; literals of clauses are quoted anew.

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from simulator.data.dictionary import Dictionary
from simulator.data.store import Store
from simulator.schema import SYSTEM_FIELDS, Field, Storage, Table

WATCHED = frozenset({"sys_db_view", "sys_db_view_table", "sys_db_view_table_field"})
"""A row written to one of these tables changes what views there are."""

_NAME = re.compile(r"[a-z][a-z0-9_]{0,79}")
_CONDITION = re.compile(r"\s*(\S+?)\s*(!=|<=|>=|=|<|>)\s*(\S.*?)\s*")
_LITERAL = re.compile(r"'([^']*)'|\"([^\"]*)\"|(-?\d{1,15})|(true|false)")
_MOST_TABLES = 12
_MOST_COLUMNS = 1900  # SQLite selects 2000 at most


@dataclass(frozen=True)
class _Joined:
    """One table of a view."""

    table: str
    prefix: str
    clause: str
    left: bool
    fields: frozenset[str]


class _Impossible(Exception):  # a situation, not an error
    """A view cannot be made."""


def described(store: Store, dictionary: Dictionary) -> dict[str, Table]:
    """The views of an instance by name, over the tables that the dictionary has."""
    views = store.rows(
        'SELECT "sys_id", "name", "label" FROM "sys_metadata"'
        " WHERE \"sys_class_name\" = 'sys_db_view' ORDER BY rowid"
    )
    if not views:
        return {}
    tables, found = _tables(store), dict[str, Table]()
    for sys_id, name, label in views:
        if _NAME.fullmatch(name) and not dictionary.knows(name) and name not in found:
            try:
                found[name] = _view(dictionary, name, label or name, tables[sys_id])
            except _Impossible:
                continue
    return found


def _tables(store: Store) -> Mapping[str, list[_Joined]]:
    fields: dict[str, set[str]] = defaultdict(set)
    for table, name in store.rows(
        'SELECT "view_table", "field" FROM "sys_metadata"'
        " WHERE \"sys_class_name\" = 'sys_db_view_table_field'"
    ):
        fields[table].add(name)
    found: dict[str, list[_Joined]] = defaultdict(list)
    for view, sys_id, table, prefix, clause, left in store.rows(
        'SELECT "view", "sys_id", "table", "variable_prefix", "where_clause", "left_join"'
        ' FROM "sys_metadata" WHERE "sys_class_name" = \'sys_db_view_table\''
        ' AND "active" = \'true\' ORDER BY coalesce("order", 100), rowid'
    ):
        one = _Joined(table, prefix or table, clause, left == "true", frozenset(fields[sys_id]))
        found[view].append(one)
    return found


def _view(dictionary: Dictionary, name: str, label: str, tables: list[_Joined]) -> Table:
    _check(dictionary, tables)
    clauses = _Clauses(dictionary, tables)
    conditions = [clauses.conditions(one, tables[: at + 1]) for at, one in enumerate(tables)]
    if not all(one.clause.strip() for one in tables[1:]):
        raise _Impossible  # every record with every record of another table is too much
    certain = [one for one in tables if not one.left] or tables
    row = next((t for t in reversed(certain) if t.prefix not in clauses.looked_up), certain[0])
    fields = [(one, field) for one in tables for field in _fields(dictionary, one)]
    selected = [f'"{row.prefix}".rowid AS rowid']
    selected += [f'"{row.prefix}"."{field.name}" AS "{field.name}"' for field in SYSTEM_FIELDS]
    selected += [f'{_column(one, field)} AS "{one.prefix}_{field.name}"' for one, field in fields]
    own = tuple(_field(one, field, first=one is tables[0]) for one, field in fields)
    columns = {field.name.casefold() for field in (*SYSTEM_FIELDS, *own)}
    if len(columns) < len(SYSTEM_FIELDS) + len(own) or len(selected) > _MOST_COLUMNS:
        raise _Impossible
    source = "".join(_source(dictionary, one, conditions[at], at) for at, one in enumerate(tables))
    where = f" WHERE {' AND '.join(conditions[0])}" if conditions[0] else ""
    return Table(
        name=name,
        label=label,
        fields=(*SYSTEM_FIELDS, *own),
        view=f"SELECT {', '.join(selected)}{source}{where}",
        joins=tuple((one.prefix, one.table) for one in tables),
    )


def _check(dictionary: Dictionary, tables: list[_Joined]) -> None:
    prefixes = {one.prefix.casefold() for one in tables}
    if not 0 < len(tables) <= _MOST_TABLES or len(prefixes) < len(tables):
        raise _Impossible
    for one in tables:
        known = dictionary.tables.get(one.table)
        if known is None or known.view or not re.fullmatch(r"\w{1,80}", one.prefix):
            raise _Impossible


def _source(dictionary: Dictionary, one: _Joined, conditions: list[str], at: int) -> str:
    table = f'"{dictionary.root(one.table)}" "{one.prefix}"'
    if at == 0:
        return f" FROM {table}"
    return f" {'LEFT ' if one.left else ''}JOIN {table} ON {' AND '.join(conditions) or '1'}"


def _fields(dictionary: Dictionary, one: _Joined) -> list[Field]:
    return [
        field
        for field in dictionary.stored_fields(one.table)
        if not field.answer_to and (not one.fields or field.name in one.fields)
    ]


def _column(one: _Joined, field: Field) -> str:
    """A column; of a record that need not be there it is empty then."""
    column = f'"{one.prefix}"."{field.name}"'
    if one.left and field.storage is not Storage.NUMBER:
        return f"coalesce({column}, '') COLLATE NOCASE"
    return column


def _field(one: _Joined, field: Field, *, first: bool) -> Field:
    """A field as a view has it. A sys_id refers to the record."""
    of_record = {"type": "reference", "reference": one.table} if field.name == "sys_id" else {}
    return replace(
        field,
        name=f"{one.prefix}_{field.name}",
        default="",
        mandatory=False,
        indexed=False,
        unique=False,
        display=first and field.display,
        read_only=True,
        **of_record,  # type: ignore[arg-type]  # texts, by the names of its fields
    )


class _Clauses:
    """The where clauses of a view. `looked_up` are the prefixes of records that they look up."""

    def __init__(self, dictionary: Dictionary, tables: list[_Joined]) -> None:
        self._dictionary = dictionary
        self.looked_up: set[str] = set()
        self._tables = tables

    def conditions(self, one: _Joined, known: list[_Joined]) -> list[str]:
        """What joins a table, in SQL. Raises _Impossible for what is not understood."""
        return [*self._class(one), *self._clause(one, known)]

    def _class(self, one: _Joined) -> Iterator[str]:
        if self._dictionary.root(one.table) != one.table:
            names = ", ".join(f"'{name}'" for name in self._dictionary.descendants(one.table))
            yield f'"{one.prefix}"."sys_class_name" IN ({names})'

    def _clause(self, one: _Joined, known: list[_Joined]) -> Iterator[str]:
        for part in re.split(r"&&|\band\b", one.clause, flags=re.IGNORECASE):
            if not part.strip():
                continue
            found = _CONDITION.fullmatch(part)
            if found is None:
                raise _Impossible
            left, operator, right = found.groups()
            yield f"{self._operand(left, known)} {operator} {self._operand(right, known)}"

    def _operand(self, text: str, known: list[_Joined]) -> str:
        literal = _LITERAL.fullmatch(text)
        if literal:
            value = next(one for one in literal.groups() if one is not None)
            return value if literal[3] else f"'{value.replace(chr(39), chr(39) * 2)}'"
        for one in known:
            name = text.removeprefix(f"{one.prefix}_")
            field = self._dictionary.fields_of(one.table).get(name) if name != text else None
            if field is not None and field.is_stored and not field.answer_to:
                if name == "sys_id":
                    self.looked_up.add(one.prefix)
                return f'"{one.prefix}"."{name}"'
        raise _Impossible
