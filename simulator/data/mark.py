"""Coming back to how a large database was: what changes is noted, not what stays.

A snapshot of a million records would hold all of them twice. From a mark on, triggers put aside
each row that is changed or deleted as it was, and note each row that is new. That costs a write
some microseconds, and coming back as long as was written.
"""

# Identifiers come from the database itself, values are parameters.
# ruff: noqa: S608

from collections.abc import Iterable

from simulator.data.store import Store

# No table of an instance has such a name.
_BEFORE, _NEW = "@before", "@new"
_ROW = "@row"


class Mark:
    """The mark in one database, where it was placed; a state file keeps it over a restart."""

    def __init__(self, store: Store) -> None:
        self._store = store

    @property
    def is_there(self) -> bool:
        """Whether there is something to come back to."""
        found = self._store.scalar(
            "SELECT 1 FROM sqlite_master WHERE name LIKE ?", (f"%{_BEFORE}",)
        )
        return found is not None

    def place(self) -> None:
        """Come back to the present from now on."""
        with self._store.transaction():
            for table in self._tables():
                columns = self._columns(table)
                row, kept = f'"{_ROW}" INTEGER PRIMARY KEY', ", ".join(_quoted(columns))
                self._store.write(f'CREATE TABLE "{table}{_BEFORE}" ({row}, {kept})')
                self._store.write(f'CREATE TABLE "{table}{_NEW}" ({row})')
                self._watch(table, columns)

    def rewind(self) -> None:
        """Put every row, table and column back to where they were at the mark, all or nothing."""
        with self._store.transaction():
            marked = self._marked()
            for table in self._tables():
                if table in marked:
                    self._put_back(table)
                else:
                    self._store.write(f'DROP TABLE "{table}"')

    def _put_back(self, table: str) -> None:
        if not self._has_changed(table):
            return
        columns = self._kept_columns(table)
        names = ", ".join(_quoted(columns))
        for moment in ("insert", "update", "delete"):
            self._store.write(f'DROP TRIGGER "{table}@{moment}"')
        for noted in (_NEW, _BEFORE):
            self._store.write(
                f'DELETE FROM "{table}" WHERE rowid IN (SELECT "{_ROW}" FROM "{table}{noted}")'
            )
        self._store.write(
            f'INSERT INTO "{table}" (rowid, {names})'
            f' SELECT "{_ROW}", {names} FROM "{table}{_BEFORE}"'
        )
        for noted in (_NEW, _BEFORE):
            self._store.write(f'DELETE FROM "{table}{noted}"')
        self._watch(table, columns)

    def _has_changed(self, table: str) -> bool:
        return any(
            self._store.scalar(f'SELECT 1 FROM "{table}{noted}" LIMIT 1')
            for noted in (_NEW, _BEFORE)
        )

    def _watch(self, table: str, columns: Iterable[str]) -> None:
        """The triggers. A row that is new since the mark need not be kept when it changes."""
        kept = ", ".join(_quoted(["rowid", *columns], of="old"))
        keep = (
            f' WHEN NOT EXISTS (SELECT 1 FROM "{table}{_NEW}" WHERE "{_ROW}" = old.rowid)'
            f' AND NOT EXISTS (SELECT 1 FROM "{table}{_BEFORE}" WHERE "{_ROW}" = old.rowid)'
            f' BEGIN INSERT INTO "{table}{_BEFORE}" VALUES ({kept}); END'
        )
        self._store.write(f'CREATE TRIGGER "{table}@update" BEFORE UPDATE ON "{table}"{keep}')
        self._store.write(f'CREATE TRIGGER "{table}@delete" BEFORE DELETE ON "{table}"{keep}')
        self._store.write(
            f'CREATE TRIGGER "{table}@insert" AFTER INSERT ON "{table}"'
            f' WHEN NOT EXISTS (SELECT 1 FROM "{table}{_NEW}" WHERE "{_ROW}" = new.rowid)'
            f' BEGIN INSERT INTO "{table}{_NEW}" VALUES (new.rowid); END'
        )

    def _tables(self) -> list[str]:
        """The tables with rows of the instance: not SQLite's, not those of a search index."""
        rows = self._store.rows(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
            " AND instr(name, '@') = 0 ORDER BY name"
        )
        return [name for (name,) in rows]

    def _marked(self) -> set[str]:
        rows = self._store.rows(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE ?", (f"%{_BEFORE}",)
        )
        return {name.removesuffix(_BEFORE) for (name,) in rows}

    def _columns(self, table: str) -> list[str]:
        return [row[1] for row in self._store.rows(f'PRAGMA table_info("{table}")')]

    def _kept_columns(self, table: str) -> list[str]:
        return [name for name in self._columns(f"{table}{_BEFORE}") if name != _ROW]


def _quoted(names: Iterable[str], *, of: str = "") -> list[str]:
    return [f'{of}."{name}"' if of else f'"{name}"' for name in names]
