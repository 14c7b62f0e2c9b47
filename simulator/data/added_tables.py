"""Tables and columns that rows of the dictionary add to the built-in ones, or change.

The rows are the truth: what is made from them here is made anew whenever one is written. Rows that
came with the instance and were never changed are not read, the code that declares them says more.
A row that describes nothing possible is passed over: the rules of its table refuse such rows, but
not everything that writes rows runs rules.
"""

# Identifiers come from the dictionary, values are parameters.
# ruff: noqa: S608

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from simulator.data.database_views import WATCHED as VIEW_TABLES
from simulator.data.database_views import described
from simulator.data.dictionary import Dictionary
from simulator.data.dictionary_rows import MAINTENANCE
from simulator.data.field_types import FIELD_TYPES
from simulator.data.store import Store
from simulator.schema import CLASS_FIELD, SYSTEM_FIELDS, Field, Table

WATCHED = VIEW_TABLES | {"sys_db_object", "sys_dictionary", "sys_dictionary_override"}
"""A row written to one of these tables changes what tables there are."""

NAME = re.compile(r"[a-z][a-z0-9_]{0,79}")
CUSTOM = re.compile(r"(?:u_|x_)[a-z0-9_]+")

# Names by which SQLite knows its row numbers; a column of that name would hide them.
RESERVED = frozenset({"rowid", "oid", "_rowid_"})

_TOUCHED = f'("sys_created_by" <> \'{MAINTENANCE}\' OR "sys_mod_count" > 0)'
_FIELD_COLUMNS = (
    *("name", "element", "column_label", "internal_type", "reference", "max_length", "choice"),
    *("default_value", "mandatory", "read_only", "display", "unique", "active", "audit"),
)
_OVERRIDES = ("default_value", "mandatory", "read_only", "display")


@dataclass(frozen=True)
class _Rows:
    """What the dictionary says beyond the built-in tables."""

    tables: list[tuple[str, ...]]
    columns: list[dict[str, str]]
    overrides: list[dict[str, str]]


class AddedTables:
    """Keeps the dictionary of an instance, and its physical tables, as the rows say."""

    def __init__(self, store: Store, dictionary: Dictionary) -> None:
        self._store = store
        self._dictionary = dictionary
        self._built_in = dict(dictionary.tables)
        self._columns: set[tuple[str, str]] = set()
        self._roots: set[str] = set()
        self._made: dict[str, frozenset[Field]] = {}

    def is_built_in(self, table: str) -> bool:
        """Whether a table came with the instance."""
        return table in self._built_in

    def is_built_in_column(self, table: str, element: str) -> bool:
        """Whether a column of a table itself came with the instance."""
        found = self._built_in.get(table)
        return found is not None and any(field.name == element for field in found.fields)

    def follow(self) -> None:
        """Read the rows; describe what they say, and create and drop physical tables to match."""
        rows = self._read()
        self._dictionary.replace(_described(self._built_in, rows).values())
        self._create(rows)
        self._follow_views()
        self._drop(rows)

    def follow_anew(self) -> None:
        """Follow after a write was taken back: what was made for it may be there no more."""
        self._made.clear()
        self.follow()

    def follow_another_database(self) -> None:
        """All data were replaced: what the old ones added is not to be dropped from the new."""
        self._columns, self._roots = set(), set()
        self.follow_anew()

    def _follow_views(self) -> None:
        """Describe database views, and create and drop them to match."""
        if not self._dictionary.knows("sys_db_view"):
            return
        views = described(self._store, self._dictionary)
        made = self._store.rows("SELECT name, sql FROM sqlite_master WHERE type = 'view'")
        there = {row[0]: row[1] for row in made}
        built_in = {name for name, table in self._built_in.items() if table.view}
        for name in there.keys() - views.keys() - built_in:
            self._store.write(f'DROP VIEW "{name}"')
        if views:
            self._dictionary.replace([*self._dictionary.tables.values(), *views.values()])
        for name, table in views.items():
            if there.get(name) != f'CREATE VIEW "{name}" AS {table.view}':
                self._store.create_table(self._dictionary, name)

    def _read(self) -> _Rows:
        tables = self._store.rows(
            'SELECT t."name", t."label", coalesce(p."name", t."super_class"), t."ws_access"'
            ' FROM "sys_db_object" t LEFT JOIN "sys_db_object" p ON p."sys_id" = t."super_class"'
            f" WHERE {_TOUCHED.replace(chr(34) + 'sys', 't.' + chr(34) + 'sys')} ORDER BY t.rowid"
        )
        names = ", ".join(f"coalesce(CAST(\"{name}\" AS TEXT), '')" for name in _FIELD_COLUMNS)
        columns = self._store.rows(
            f'SELECT {names} FROM "sys_dictionary" WHERE {_TOUCHED} ORDER BY rowid'
        )
        return _Rows(
            tables,
            [dict(zip(_FIELD_COLUMNS, row, strict=True)) for row in columns],
            self._read_overrides(),
        )

    def _read_overrides(self) -> list[dict[str, str]]:
        if not self._dictionary.knows("sys_dictionary_override"):
            return []
        names = ("name", "element", *_OVERRIDES, *(f"{name}_override" for name in _OVERRIDES))
        selected = ", ".join(f'"{name}"' for name in names)
        rows = self._store.rows(f'SELECT {selected} FROM "sys_dictionary_override" ORDER BY rowid')
        return [dict(zip(names, row, strict=True)) for row in rows]

    def _create(self, rows: _Rows) -> None:
        touched = {row["name"] for row in rows.columns} | {row[0] for row in rows.tables}
        known = [name for name in touched if self._dictionary.knows(name)]
        for root in {self._dictionary.root(name) for name in known}:
            columns = frozenset(self._dictionary.physical_fields(root))
            if self._made.get(root) != columns:
                self._store.create_table(self._dictionary, root)
                self._made[root] = columns

    def _drop(self, rows: _Rows) -> None:
        """Drop what was added and is no more. An inactive column keeps its values."""
        roots = {
            table.name
            for table in self._dictionary.tables.values()
            if not table.extends and not table.view and table.name not in self._built_in
        }
        columns = {
            (self._dictionary.root(row["name"]), row["element"])
            for row in rows.columns
            if self._dictionary.knows(row["name"])
            and not self.is_built_in_column(row["name"], row["element"])
        }
        for table in self._roots - roots:
            self._store.drop_table(table)
            self._made.pop(table, None)
        for table, column in self._columns - columns:
            if self._dictionary.knows(table) and not self._has_physical(table, column):
                self._store.drop_column(table, column)
        self._columns, self._roots = columns, roots

    def _has_physical(self, root: str, column: str) -> bool:
        return any(field.name == column for field in self._dictionary.physical_fields(root))


def field_of(row: Mapping[str, str]) -> Field | None:
    """The column a `sys_dictionary` row describes, or None where it describes none."""
    name, kind = row["element"], row["internal_type"]
    if not NAME.fullmatch(name) or name in RESERVED:
        return None
    if kind not in FIELD_TYPES or kind == "collection":
        return None
    unique = row["unique"] == "true"
    return Field(
        name=name,
        label=row["column_label"] or name,
        type=kind,
        reference=row["reference"] if kind in ("reference", "glide_list") else "",
        length=_length(row["max_length"], kind),
        choices=row["choice"] in ("1", "2", "3") or kind == "choice",
        default=row["default_value"],
        mandatory=row["mandatory"] == "true",
        read_only=row["read_only"] == "true",
        indexed=unique or kind == "reference",
        display=row["display"] == "true",
        unique=unique,
    )


def _length(given: str, kind: str) -> int:
    if given.isdecimal() and len(given) < 9 and int(given) > 0:
        return int(given)
    return 32 if kind == "reference" else 40


def _described(built_in: Mapping[str, Table], rows: _Rows) -> dict[str, Table]:
    tables = dict(built_in)
    _add_tables(tables, rows.tables)
    for row in rows.columns:
        table = tables.get(row["name"])
        if table is None:
            continue
        if not row["element"]:
            tables[table.name] = replace(
                table,
                label=row["column_label"] or table.label,
                audited=table.audited or row["audit"] == "true",
            )
        else:
            tables[table.name] = _with_column(table, row)
    _drop_dangling(tables)
    for row in rows.overrides:
        _override(tables, row)
    return tables


def _add_tables(tables: dict[str, Table], rows: Iterable[tuple[str, ...]]) -> None:
    """A table whose parent comes later waits for it; one whose parent never comes is left out."""
    waiting = list(rows)
    progress = True
    while waiting and progress:
        later = [row for row in waiting if not _add_table(tables, row)]
        progress = len(later) < len(waiting)
        waiting = later


def _add_table(tables: dict[str, Table], row: tuple[str, ...]) -> bool:
    name, label, parent, web_services = row
    known = tables.get(name)
    open_to_clients = web_services != "false"
    if known is not None:
        tables[name] = replace(known, label=label or known.label, web_services=open_to_clients)
        return True
    if not CUSTOM.fullmatch(name) or not NAME.fullmatch(name):
        return True
    if parent and parent not in tables:
        return False
    tables[name] = Table(
        name=name,
        label=label or name,
        fields=() if parent else (*SYSTEM_FIELDS, CLASS_FIELD),
        extends=parent,
        web_services=open_to_clients,
    )
    return True


def _with_column(table: Table, row: Mapping[str, str]) -> Table:
    """The table with a column added or changed; what is kept of a built-in one is its type."""
    fields = {field.name: field for field in table.fields}
    found, known = field_of(row), fields.get(row["element"])
    if found is None or (known is not None and known in SYSTEM_FIELDS):
        return table
    if row["active"] == "false":
        fields.pop(found.name, None)
    elif known is not None and known.storage is not found.storage:
        return table
    else:
        fields[found.name] = found if known is None else _kept(known, found)
    return replace(table, fields=tuple(fields.values()))


def _kept(known: Field, changed: Field) -> Field:
    """A built-in column as it was changed: its type is not, and what it refers to."""
    return replace(
        changed,
        type=known.type,
        reference=known.reference,
        names=known.names,
        indexed=changed.unique or known.indexed,
    )


def _drop_dangling(tables: dict[str, Table]) -> None:
    """Leave out references to tables that are not there."""
    for table in [table for table in tables.values() if not table.references <= tables.keys()]:
        kept = tuple(one for one in table.fields if not one.reference or one.reference in tables)
        tables[table.name] = replace(table, fields=kept)


def _override(tables: dict[str, Table], row: Mapping[str, str]) -> None:
    """Give a table its own version of a column that it inherits."""
    table = tables.get(row["name"])
    inherited = _inherited(tables, table, row["element"]) if table else None
    if table is None or inherited is None:
        return
    changed: dict[str, object] = {
        name: row[name] == "true"
        for name in ("mandatory", "read_only", "display")
        if row[f"{name}_override"] == "true"
    }
    if row["default_value_override"] == "true":
        changed["default"] = row["default_value"]
    others = tuple(one for one in table.fields if one.name != inherited.name)
    own = replace(inherited, **changed)  # type: ignore[arg-type]  # by the names of its fields
    tables[table.name] = replace(table, fields=(*others, own))


def _inherited(tables: Mapping[str, Table], table: Table, element: str) -> Field | None:
    at: Table | None = table
    while at is not None:
        found = next((one for one in at.fields if one.name == element), None)
        if found is not None:
            return found
        at = tables.get(at.extends) if at.extends else None
    return None
