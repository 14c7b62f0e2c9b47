"""The SQLite database under an instance: one connection, real columns, real indexes.

Text is stored as `''` when empty and compares without ASCII case; numbers are INTEGER or REAL and
NULL when empty, so that ranges and orders are right. Everything leaves as text.
"""

import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, nullcontext

from simulator.data.aside import (
    PATIENCE_SECONDS,
    Deadline,
    ReadConnections,
    TakesLong,
    in_a_hurry,
)
from simulator.data.dictionary import Dictionary
from simulator.data.indexes import indexes
from simulator.data.kept_reads import KeptReads, is_about_settings, table_written
from simulator.schema import Field, Storage

Cell = str | int | float | None

_NO_LOG = b"\x01\x01"
_CACHE_KB = 64_000
_CACHE_KB_WHILE_LOADING = 400_000


class Store:
    """Rows of one instance. Any thread may use it; calls are serialised by a lock."""

    def __init__(self, path: str | None, *, snapshot: bytes | None = None) -> None:
        self._lock = threading.RLock()
        self._connection = sqlite3.connect(
            path or ":memory:", isolation_level=None, check_same_thread=False, cached_statements=512
        )
        if snapshot is not None:
            self._connection.deserialize(snapshot)
        self._aside = ReadConnections(path) if path else None
        self._deadline = Deadline(self._connection) if path else None
        self._configure()
        self._kept = KeptReads()
        self._follow_views()
        self._depth = 0
        self._on_rollback: dict[Callable[[], None], None] = {}

    def _configure(self) -> None:
        self._connection.execute("PRAGMA journal_mode=WAL")
        # What is committed outlives the process, which is all that a simulator needs; to have it
        # outlive the machine takes ten times as long.
        self._connection.execute("PRAGMA synchronous=OFF")
        self._connection.execute("PRAGMA temp_store=MEMORY")
        # So that the triggers that note deletions see a row that another one replaces.
        self._connection.execute("PRAGMA recursive_triggers=ON")
        self._connection.execute(f"PRAGMA cache_size=-{_CACHE_KB}")

    @property
    def fingerprint(self) -> int:
        """Of the schema that the tables were last made by; 0 in a new database."""
        return int(self.scalar("PRAGMA user_version") or 0)

    def create_tables(self, dictionary: Dictionary, *, fingerprint: int) -> None:
        """Create the tables, columns and indexes that are missing, and note the schema."""
        with self.transaction():
            for name in dictionary.roots():
                self.create_table(dictionary, name)
            self._connection.execute(f"PRAGMA user_version = {fingerprint}")

    def create_table(self, dictionary: Dictionary, root: str) -> None:
        """Create one physical table, or the columns and indexes that it lacks."""
        view = dictionary.tables[root].view
        if view:
            kind = self.scalar("SELECT type FROM sqlite_master WHERE name = ?", (root,))
            if kind is not None:  # a state file of an older simulator may have a table
                self.write(f'DROP {kind} "{root}"')
            self.write(f'CREATE VIEW "{root}" AS {view}')
            return
        fields = dictionary.physical_fields(root)
        with self._lock:
            self._create_table(root, fields)
            there = {row[1] for row in self._connection.execute(f'PRAGMA index_list("{root}")')}
            for index in indexes(root, fields, has_classes=dictionary.has_classes(root)):
                if index.name not in there:
                    self._connection.execute(index.sql)

    def drop_table(self, name: str) -> None:
        """Drop a physical table with all its rows, if it is there."""
        self.write(f'DROP TABLE IF EXISTS "{name}"')

    def drop_column(self, table: str, column: str) -> None:
        """Drop a column with its index and values, if it is there.

        Where triggers note changes of the table it cannot go: then it is only emptied.
        """
        there = {row[1] for row in self.rows(f'PRAGMA table_info("{table}")')}
        if column not in there:
            return
        self.write(f'DROP INDEX IF EXISTS "{table}.{column}"')
        watched = "SELECT 1 FROM sqlite_master WHERE type = 'trigger' AND tbl_name = ?"
        if self.scalar(watched, (table,)):
            emptied = f"CASE typeof(\"{column}\") WHEN 'text' THEN '' END"
            self.write(f'UPDATE "{table}" SET "{column}" = {emptied}')  # noqa: S608  # known names
        else:
            self.write(f'ALTER TABLE "{table}" DROP COLUMN "{column}"')

    def _create_table(self, name: str, fields: Sequence[Field]) -> None:
        columns = ", ".join(_column(field) for field in fields)
        there = {row[1] for row in self._connection.execute(f'PRAGMA table_info("{name}")')}
        if there and "sys_id" not in there:
            # A state file of an older simulator, which kept other things under this name.
            self._connection.execute(f'DROP TABLE "{name}"')
        self._connection.execute(f'CREATE TABLE IF NOT EXISTS "{name}" ({columns})')
        there = {row[1] for row in self._connection.execute(f'PRAGMA table_info("{name}")')}
        for field in fields:
            if field.name not in there:
                self._connection.execute(f'ALTER TABLE "{name}" ADD COLUMN {_column(field)}')

    def analyze(self, *, rows_of_each: int = 1000) -> None:
        """Let SQLite count what its indexes hold; without it, it guesses which one to use.

        It looks at so many rows of each index; 0 is all of them.
        """
        with self._lock:
            self._connection.execute(f"PRAGMA analysis_limit={rows_of_each}")
            self._connection.execute("ANALYZE")

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing; a transaction inside another one joins it."""
        with self._lock, self._aside.not_reading() if self._aside else nullcontext():
            self._depth += 1
            try:
                if self._depth == 1:
                    self._connection.execute("BEGIN IMMEDIATE")
                yield
            except BaseException:
                if self._depth == 1:
                    self._connection.execute("ROLLBACK")
                    self._take_back()
                raise
            else:
                if self._depth == 1:
                    self._connection.execute("COMMIT")
                    self._kept.committed()
                    self._on_rollback.clear()
            finally:
                self._depth -= 1

    def on_rollback(self, follow: Callable[[], None]) -> None:
        """Call something once if the transaction under way, the outermost one, is taken back."""
        if self._depth:
            self._on_rollback[follow] = None

    def _take_back(self) -> None:
        self._kept.forget()
        followers = list(self._on_rollback)
        self._on_rollback.clear()
        for follow in followers:
            follow()

    @contextmanager
    def loading(self) -> Iterator[None]:
        """A transaction of very many rows: written once, straight into a new file.

        The write-ahead log would hold all of it a second time; a rollback journal holds only what
        was there before.
        """
        with self._lock:
            if self._depth:
                yield
                return
            self._connection.execute("PRAGMA journal_mode=DELETE")
            self._connection.execute("PRAGMA synchronous=OFF")
            self._connection.execute(f"PRAGMA cache_size=-{_CACHE_KB_WHILE_LOADING}")
            try:
                with self.transaction():
                    yield
            finally:
                self._configure()

    def rows(
        self, sql: str, parameters: Sequence[Cell] | Mapping[str, Cell] = ()
    ) -> list[tuple[str, ...]]:
        """All rows of a SELECT, or of a statement that returns what it wrote."""
        if table_written(sql):
            with self._lock:
                written = self._read(sql, parameters)
                self._kept.wrote(sql)
            return written
        if not is_about_settings(sql):
            return self._read(sql, parameters)
        known = self._kept.find(sql, parameters)
        if known is None:
            read_at = self._kept.now()
            known = self._read(sql, parameters)
            self._kept.keep(sql, parameters, known, read_at=read_at)
        return known[:]

    def scalar(self, sql: str, parameters: Sequence[Cell] = ()) -> Cell:
        """The first column of the first row of a SELECT, or None."""
        rows = self.rows(sql, parameters)
        return rows[0][0] if rows else None

    def _read(
        self, sql: str, parameters: Sequence[Cell] | Mapping[str, Cell]
    ) -> list[tuple[str, ...]]:
        aside = self._aside.of_this_thread if self._aside else None
        if aside is not None:
            return aside.execute(sql, parameters).fetchall()
        with self._lock:
            if self._deadline is None or self._depth or not in_a_hurry.get():
                return self._connection.execute(sql, parameters).fetchall()
            with self._deadline.within(PATIENCE_SECONDS):
                return self._read_in_a_hurry(sql, parameters)

    def _read_in_a_hurry(
        self, sql: str, parameters: Sequence[Cell] | Mapping[str, Cell]
    ) -> list[tuple[str, ...]]:
        try:
            return self._connection.execute(sql, parameters).fetchall()
        except sqlite3.OperationalError as failure:
            if failure.sqlite_errorcode == sqlite3.SQLITE_INTERRUPT:
                raise TakesLong from failure
            raise

    @property
    def can_read_aside(self) -> bool:
        """Whether another thread may read at the same time: the database is in a file."""
        return self._aside is not None

    @contextmanager
    def aside(self, *, seconds: float) -> Iterator[None]:
        """Have this thread read by a connection of its own, as the database was last committed.

        A statement that takes longer than `seconds` is given up: sqlite3.OperationalError.
        """
        if self._aside is None:
            yield
            return
        with self._aside.reading(seconds=seconds):
            yield

    def count(self, sql: str, parameters: Sequence[Cell]) -> int:
        """The number a `SELECT count(*)` gives; remembered until its tables are written to."""
        known = self._kept.find(sql, parameters)
        if known is None:
            read_at = self._kept.now()
            known = self._read(sql, parameters)
            self._kept.keep(sql, parameters, known, read_at=read_at)
        return int(known[0][0])

    def _follow_views(self) -> None:
        views = self._connection.execute("SELECT name FROM sqlite_master WHERE type = 'view'")
        self._kept.views = frozenset(name for (name,) in views)

    def has_index(self, name: str) -> bool:
        """Whether there is such an index."""
        found = "SELECT 1 FROM sqlite_master WHERE type = 'index' AND name = ?"
        return self.scalar(found, (name,)) is not None

    def write(self, sql: str, parameters: Sequence[Cell] = ()) -> int:
        """Run one INSERT, UPDATE or DELETE; how many rows it touched."""
        with self._lock:
            touched = self._connection.execute(sql, parameters).rowcount
            self._kept.wrote(sql)
            if not table_written(sql):
                self._follow_views()
        return touched

    def write_many(self, sql: str, rows: Iterable[Sequence[Cell]]) -> None:
        """Run one statement for many rows."""
        with self._lock:
            self._connection.executemany(sql, rows)
            self._kept.wrote(sql)

    def snapshot(self) -> bytes:
        """The database as bytes."""
        with self._lock:
            taken = self._connection.serialize()
        # A database in memory has no write-ahead log: that of a file says in its header it has.
        return taken if taken[18:20] == _NO_LOG else taken[:18] + _NO_LOG + taken[20:]

    @property
    def size_bytes(self) -> int:
        """How large a snapshot would be."""
        return int(self.scalar("PRAGMA page_count") or 0) * int(
            self.scalar("PRAGMA page_size") or 0
        )

    def restore(self, snapshot: bytes) -> None:
        """Put a snapshot in the place of everything there is, in the file too."""
        with self._lock, closing(sqlite3.connect(":memory:")) as source:
            source.deserialize(snapshot)
            source.backup(self._connection)
            self._kept.forget()
            self._follow_views()

    def close(self) -> None:
        """Close the connections."""
        with self._lock:
            if self._aside:
                self._aside.close()
            self._connection.close()


def _column(field: Field) -> str:
    if field.name == "sys_id":
        return '"sys_id" TEXT COLLATE NOCASE PRIMARY KEY NOT NULL'
    if field.storage is Storage.NUMBER:
        return f'"{field.name}" {"REAL" if field.type == "float" else "INTEGER"}'
    return f"\"{field.name}\" TEXT COLLATE NOCASE NOT NULL DEFAULT ''"
