"""Rows of the audit log as bytes: the same row always gives the same ones.

A line begins with the row's id and moment, each followed by a tab, and holds every column. On
PostgreSQL it is COPY's text format, which the server writes ten times as fast as rows can be
fetched; on SQLite a tuple as Python writes it, because its columns take values of any type. Each
form has a name, which the seal keeps. A log does not move from one kind of database to another.

What identifies a person stands last in the row of a call, behind random characters (`blinding`),
and is sealed by a digest of its own. Erasing a person leaves that digest in their place: it tells
nothing, because nobody knows what the characters were, and the seals still fit.
"""

import hashlib
import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
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
    """One of the two tables, and the columns of its canonical form: id and moment first.

    `identifying` are those that erasing a person empties; they stand last, `blinding` before all.
    """

    name: str
    table: str
    kept: tuple[str, ...]
    identifying: tuple[str, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column, in the order of the canonical form."""
        return (*self.kept, *self.identifying)


# fmt: off
CALLS = Ledger("calls", "audit_app_toolcall", (
    "id", "opened_at", "user_id", "reference_id", "connection_id", "instance_id", "instance_url",
    "tool", "toolset", "access", "record_sought", "client_name", "client_version",
    "protocol_version", "credential", "request_id",
), identifying=(
    "blinding", "user_name", "sys_id", "arguments", "client_id", "credential_id", "remote_addr",
))
OUTCOMES = Ledger("outcomes", "audit_app_toolcalloutcome", (
    "id", "recorded_at", "call_id", "outcome", "code", "record_table", "record_sys_id",
    "record_number", "upstream_status", "duration_ms", "answer_bytes", "note",
))
# fmt: on
LEDGERS = (CALLS, OUTCOMES)
# What `identifying` columns are once they are empty: the digest, and nothing.
_EMPTIED: Final = {
    "postgresql": re.compile(rb"\t([0-9a-f]{64})\t\t\t\{\}\t\t\t\n"),
    "sqlite": re.compile(rb"\t'([0-9a-f]{64})'\t''\t''\t'\{\}'\t''\t''\t''\n"),
}
# Up to which call, by its id, somebody is erased, by their user id.
Erased = Mapping[int, int]


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
    return f"{connection.vendor} 2"


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
    erased: Erased | None = None,
) -> Iterator[SealedRow]:
    """Rows with ids above `after` up to `through`, in order of ids; at most `most` of them.

    What identifies somebody may be missing only where `erased` says so. On PostgreSQL nothing else
    can be asked of the connection until all are read.
    """
    end = "" if through is None else f" AND id <= {through:d}"
    limit = "" if most is None else f" LIMIT {most:d}"
    lines = _lines(connection, ledger, f"id > {after:d}{end} ORDER BY id{limit}")
    digest = _digesting(connection.vendor, erased or {})
    made = SealedRow
    for kept, identifying in lines:
        row_id, moment, _rest = kept.split(b"\t", 2)
        yield made(int(row_id), digest(kept, identifying), moment)


def identities(
    connection: BaseDatabaseWrapper, *, user_id: int, through: int, most: int
) -> Iterator[tuple[int, str]]:
    """Calls of somebody that still say who it was, up to an id: id, and digest of what says so."""
    rows = f"user_id = {user_id:d} AND id <= {through:d} AND length(blinding) < 64"
    for kept, identifying in _lines(connection, CALLS, f"{rows} ORDER BY id LIMIT {most:d}"):
        yield int(kept.split(b"\t", 1)[0]), hashlib.sha256(identifying).hexdigest()


def _digesting(vendor: str, erased: Erased) -> Callable[[bytes, bytes], bytes]:
    sha256, emptied = hashlib.sha256, _EMPTIED[vendor].fullmatch

    def digest(kept: bytes, identifying: bytes) -> bytes:
        if not identifying:
            return sha256(kept).digest()
        found = emptied(identifying)
        if found and _is_erased(kept, erased):
            return sha256(kept + bytes.fromhex(found[1].decode())).digest()
        return sha256(kept + sha256(identifying).digest()).digest()

    return digest


def _is_erased(kept: bytes, erased: Erased) -> bool:
    row_id, _moment, person, _rest = kept.split(b"\t", 3)
    return person.isdigit() and int(row_id) <= erased.get(int(person), 0)


def _lines(
    connection: BaseDatabaseWrapper, ledger: Ledger, rows: str
) -> Iterator[tuple[bytes, bytes]]:
    """Each row in two parts: what stays, and what identifies a person."""
    question = f"SELECT {', '.join(ledger.columns)} FROM {ledger.table} WHERE {rows}"  # noqa: S608  # constants and integers
    connection.ensure_connection()
    if connection.vendor == "postgresql":
        return _postgresql_lines(connection, question, ledger)
    return _sqlite_lines(connection.connection, question, ledger)


def _postgresql_lines(
    connection: BaseDatabaseWrapper, question: str, ledger: Ledger
) -> Iterator[tuple[bytes, bytes]]:
    identifying = len(ledger.identifying)
    with connection.cursor() as cursor:
        cursor.execute("SET datestyle = 'ISO, YMD'; SET timezone = 'UTC'")
        with _raw(cursor).copy(f"COPY ({question}) TO STDOUT (ENCODING 'UTF8')") as copy:
            for part in copy:
                line = bytes(part)
                kept = line.rsplit(b"\t", identifying)[0] if identifying else line
                yield kept, line[len(kept) :]


def _raw(cursor: CursorWrapper) -> Any:  # noqa: ANN401  # psycopg's cursor, which Django wraps
    return cursor.cursor


def _sqlite_lines(
    raw: sqlite3.Connection, question: str, ledger: Ledger
) -> Iterator[tuple[bytes, bytes]]:
    kept, last = len(ledger.kept), None
    try:
        for row in raw.execute(question):
            last = row[0]
            yield _line(row, kept)
    except sqlite3.OperationalError:
        # Text that is no UTF-8, which only somebody who tampers writes.
        for row in _rows_with_any_text(raw, question):
            if last is None or row[0] > last:
                yield _line(row, kept)


def _line(row: Sequence[object], kept: int) -> tuple[bytes, bytes]:
    # `ascii` tells values of every type apart, and means the same in every version of Python.
    begin = f"{row[0]}\t{row[1]}\t{row[2]}\t{row[:kept]!a}".encode("utf-8", "surrogateescape")
    identifying = "".join(f"\t{value!a}" for value in row[kept:])
    return begin, f"{identifying}\n".encode() if identifying else b""


def _rows_with_any_text(raw: sqlite3.Connection, question: str) -> list[Any]:
    before = raw.text_factory
    raw.text_factory = lambda text: text.decode("utf-8", "surrogateescape")
    try:
        return raw.execute(question).fetchall()
    finally:
        raw.text_factory = before
