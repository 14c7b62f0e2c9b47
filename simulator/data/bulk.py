"""Rows by the million: prepared inserts, and indexes that are made when the rows are there."""

# Identifiers come from the dictionary, values are parameters.
# ruff: noqa: S608

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from simulator.data.dictionary import Dictionary
from simulator.data.store import Cell, Store
from simulator.schema import Field


class BulkTable:
    """Inserts rows of one table that differ in some columns; the others take their defaults."""

    def __init__(
        self, store: Store, dictionary: Dictionary, table: str, *, columns: Sequence[str]
    ) -> None:
        self._store = store
        known = {field.name: field for field in dictionary.stored_fields(table)}
        self._columns = [at for at, name in enumerate(columns) if name in known]
        given = [columns[at] for at in self._columns]
        self._is_whole = len(given) == len(columns)
        fixed = {
            name: default
            for name, field in known.items()
            if name not in columns and (default := _default(field, table=table))
        }
        names = ", ".join(f'"{name}"' for name in (*given, *fixed))
        values = ", ".join([*("?" for _ in given), *(_literal(text) for text in fixed.values())])
        self._sql = f'INSERT INTO "{dictionary.root(table)}" ({names}) VALUES ({values})'

    def write(self, rows: Iterable[Sequence[Cell]]) -> None:
        """Insert rows; cells of columns that the table does not have are left out."""
        if not self._is_whole:
            rows = [[row[at] for at in self._columns] for row in rows]
        self._store.write_many(self._sql, rows)


@contextmanager
def bulk_load(store: Store, tables: Sequence[str]) -> Iterator[None]:
    """All or nothing, and without the indexes of these physical tables until the end."""
    with store.loading():
        indexes = list(_indexes(store, tables))
        for name, _ in indexes:
            store.write(f'DROP INDEX "{name}"')
        yield
        for _, sql in indexes:
            store.write(sql)
    store.analyze(rows_of_each=0)


def _indexes(store: Store, tables: Sequence[str]) -> Iterator[tuple[str, str]]:
    for table in tables:
        yield from (
            (name, sql)
            for name, sql in store.rows(
                "SELECT name, sql FROM sqlite_master"
                " WHERE type = 'index' AND tbl_name = ? AND sql IS NOT NULL",
                (table,),
            )
        )


def _default(field: Field, *, table: str) -> str:
    return table if field.name == "sys_class_name" else field.default


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
