"""A search index over the texts of a large table: which rows may contain a piece of text.

It knows all runs of three characters (SQLite's FTS5, tokenizer `trigram`), without regard to case.
So it finds some rows too many and none too few, and the query's own `LIKE` decides among them: what
is found is the same with the index and without.
"""

# Identifiers come from the dictionary, values are parameters.
# ruff: noqa: S608

from collections.abc import Iterable, Sequence

from simulator.data.store import Store

SHORTEST = 3

_INDEX = "@text"
_JOURNAL = "sys_journal_field"


class TextIndexes:
    """The search indexes of one database. Most have none: a small table is read in no time."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._columns: dict[str, frozenset[str]] = {}
        self.follow()

    def follow(self) -> None:
        """Look again which there are: the database was replaced or filled."""
        rows = self._store.rows(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE 'CREATE VIRTUAL%'"
        )
        self._columns = {
            name.removesuffix(_INDEX): frozenset(
                row[1] for row in self._store.rows(f'PRAGMA table_info("{name}")')
            )
            for (name,) in rows
        }

    def create(self, table: str, *, columns: Sequence[str]) -> None:
        """Index columns of a physical table, and keep the index in step from now on."""
        names = _listed(columns)
        self._store.write(
            f'CREATE VIRTUAL TABLE "{table}{_INDEX}" USING fts5'
            f"({names}, content='', columnsize=0, detail=none, tokenize='trigram')"
        )
        self._store.write(
            f'INSERT INTO "{table}{_INDEX}" (rowid, {names}) SELECT rowid, {names} FROM "{table}"'
        )
        self._keep_in_step(table, columns)
        self.follow()

    def _keep_in_step(self, table: str, columns: Sequence[str]) -> None:
        names, index = _listed(columns), f'"{table}{_INDEX}"'
        old = f"INSERT INTO {index} ({index}, rowid, {names}) VALUES ('delete', old.rowid, "
        gone = f"{old}{_listed(columns, of='old.')});"
        new = f"INSERT INTO {index} (rowid, {names}) VALUES (new.rowid, "
        come = f"{new}{_listed(columns, of='new.')});"
        changed = " OR ".join(f'old."{name}" IS NOT new."{name}"' for name in columns)
        for moment, when, steps in (
            ("insert", "AFTER INSERT", come),
            ("delete", "AFTER DELETE", gone),
            ("update", f"AFTER UPDATE OF {names}", gone + come),
        ):
            condition = f" WHEN {changed}" if moment == "update" else ""
            self._store.write(
                f'CREATE TRIGGER "{table}{_INDEX}.{moment}" {when} ON "{table}"'
                f"{condition} BEGIN {steps} END"
            )

    def may_contain(self, table: str, columns: Iterable[str], text: str, *, alias: str) -> str:
        """A condition that all rows meet of which a column contains a text.

        Its one parameter is :func:`terms`. Empty where there is no index that could help.
        """
        rows = self._rows(table, columns, text)
        return f"{alias}.rowid IN ({rows})" if rows else ""

    def may_be_about(self, table: str, columns: Iterable[str], text: str, *, alias: str) -> str:
        """The same for records of which a column, or a journal entry, contains a text.

        It takes the parameter twice.
        """
        rows, entries = self._rows(table, columns, text), self._rows(_JOURNAL, ("value",), text)
        if not rows or not entries:
            return ""
        return (
            f'{alias}.rowid IN ({rows} UNION SELECT w.rowid FROM "{_JOURNAL}" j'
            f' JOIN "{table}" w ON w."sys_id" = j."element_id" WHERE j.rowid IN ({entries}))'
        )

    def _rows(self, table: str, columns: Iterable[str], text: str) -> str:
        indexed = self._columns.get(table)
        if indexed is None or len(text) < SHORTEST or "\0" in text:
            return ""
        index = f'"{table}{_INDEX}"'
        found = f"SELECT rowid FROM {index} WHERE {index} MATCH ?"
        return found if indexed.issuperset(columns) else ""


def terms(text: str) -> str:
    """What to ask the index for: runs of three characters that together cover the text."""
    starts = {*range(0, len(text) - SHORTEST, SHORTEST), len(text) - SHORTEST}
    runs = sorted({text[at : at + SHORTEST] for at in starts})
    return " AND ".join('"' + run.replace('"', '""') + '"' for run in runs)


def _listed(columns: Sequence[str], *, of: str = "") -> str:
    return ", ".join(f'{of}"{name}"' for name in columns)
