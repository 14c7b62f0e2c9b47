"""Rows of the audit log as bytes: the same row always gives the same ones.

A line begins with the row's id and moment, each followed by a tab, and holds every column. On
PostgreSQL it is COPY's text format, which the server writes ten times as fast as rows can be
fetched; on SQLite a tuple as Python writes it, because its columns take values of any type. Each
form has a name, which the seal keeps. A log does not move from one kind of database to another.
"""

import hashlib
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import starmap
from struct import Struct
from typing import Any, Final, NamedTuple

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper

# Id and SHA-256 of a row.
_ENTRY: Final = Struct(">q32s")
ENTRY_BYTES: Final = _ENTRY.size


@dataclass(frozen=True)
class Ledger:
    """One of the two tables, and the columns of its canonical form: id and moment first."""

    name: str
    table: str
    columns: tuple[str, ...]


# fmt: off
CALLS = Ledger("calls", "audit_app_toolcall", (
    "id", "opened_at", "reference_id", "user_id", "user_name", "sys_id", "connection_id",
    "instance_id", "instance_url", "tool", "toolset", "access", "arguments", "record_sought",
    "client_id", "client_name", "client_version", "protocol_version", "credential",
    "credential_id", "request_id", "remote_addr",
))
OUTCOMES = Ledger("outcomes", "audit_app_toolcalloutcome", (
    "id", "recorded_at", "call_id", "outcome", "code", "record_table", "record_sys_id",
    "record_number", "upstream_status", "duration_ms", "answer_bytes", "note",
))
# fmt: on
LEDGERS = (CALLS, OUTCOMES)


class SealedRow(NamedTuple):
    """A row as a seal names it, with the moment that the row itself tells."""

    id: int
    digest: bytes
    moment: bytes = b""


def packed(rows: Iterable[SealedRow]) -> bytes:
    """Return what stands in a seal: id and digest of each row."""
    pack = _ENTRY.pack
    return b"".join([pack(row_id, digest) for row_id, digest, _moment in rows])


def form_of(connection: BaseDatabaseWrapper) -> str:
    """Return the name of the form in which rows of this database are sealed."""
    return f"{connection.vendor} 1"


def entries(sealed: bytes) -> Iterator[SealedRow]:
    """Read what a seal says of each row. Raises ValueError where it is not whole."""
    if len(sealed) % _ENTRY.size:
        raise ValueError("a seal's rows are cut off")
    yield from starmap(SealedRow, _ENTRY.iter_unpack(sealed))


def rows_between(
    connection: BaseDatabaseWrapper,
    ledger: Ledger,
    *,
    after: int,
    through: int | None = None,
    most: int | None = None,
) -> Iterator[SealedRow]:
    """Rows with ids above `after` up to `through`, in order of ids; at most `most` of them.

    On PostgreSQL nothing else can be asked of the connection until all are read.
    """
    end = "" if through is None else f" AND id <= {through:d}"
    limit = "" if most is None else f" LIMIT {most:d}"
    columns, rows = ", ".join(ledger.columns), f"WHERE id > {after:d}{end} ORDER BY id{limit}"
    question = f"SELECT {columns} FROM {ledger.table} {rows}"  # noqa: S608  # constants and integers
    made, sha256 = SealedRow, hashlib.sha256
    for line in _lines(connection, question):
        row_id, moment, _rest = line.split(b"\t", 2)
        yield made(int(row_id), sha256(line).digest(), moment)


def _lines(connection: BaseDatabaseWrapper, question: str) -> Iterator[bytes]:
    connection.ensure_connection()
    if connection.vendor == "postgresql":
        return _postgresql_lines(connection, question)
    return _sqlite_lines(connection.connection, question)


def _postgresql_lines(connection: BaseDatabaseWrapper, question: str) -> Iterator[bytes]:
    with connection.cursor() as cursor:
        cursor.execute("SET datestyle = 'ISO, YMD'; SET timezone = 'UTC'")
        with _raw(cursor).copy(f"COPY ({question}) TO STDOUT (ENCODING 'UTF8')") as copy:
            for line in copy:
                yield bytes(line)


def _raw(cursor: CursorWrapper) -> Any:  # noqa: ANN401  # psycopg's cursor, which Django wraps
    return cursor.cursor


def _sqlite_lines(raw: sqlite3.Connection, question: str) -> Iterator[bytes]:
    last: int | None = None
    try:
        for row in raw.execute(question):
            last = row[0]
            yield _line(row)
    except sqlite3.OperationalError:
        # Text that is no UTF-8, which only somebody who tampers writes.
        for row in _rows_with_any_text(raw, question):
            if last is None or row[0] > last:
                yield _line(row)


def _line(row: Sequence[object]) -> bytes:
    # `ascii` tells values of every type apart, and means the same in every version of Python.
    return f"{row[0]}\t{row[1]}\t{row!a}".encode("utf-8", "surrogateescape")


def _rows_with_any_text(raw: sqlite3.Connection, question: str) -> list[Any]:
    before = raw.text_factory
    raw.text_factory = lambda text: text.decode("utf-8", "surrogateescape")
    try:
        return raw.execute(question).fetchall()
    finally:
        raw.text_factory = before
