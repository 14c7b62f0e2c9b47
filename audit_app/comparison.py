"""One ledger's rows against what the seals say of them, in one pass over both."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain
from typing import Final

from audit_app.canonical import ENTRY_BYTES, Ledger, SealedRow, entries, packed
from audit_app.findings import Finding, Report
from audit_app.gaps import Standing

# How far clocks may differ, and how long a row may take from its moment to its commit.
TOLERANCE: Final = timedelta(minutes=15)


@dataclass(frozen=True)
class Span:
    """What one seal says of one ledger: its rows, and between which moments they were made."""

    seal: int
    sealed: bytes
    before: Standing
    after: Standing
    since: datetime | None
    until: datetime


class Comparison:
    """Follows one ledger from seal to seal. Rows that came late wait until a seal claims them."""

    def __init__(self, ledger: Ledger, report: Report) -> None:
        self.ledger = ledger
        self._report = report
        # At most the ids that were missing once: nothing else is kept from seal to seal.
        self._waiting: dict[int, SealedRow] = {}
        self._rows: Iterator[SealedRow] = iter(())
        self._next: SealedRow | None = None

    def rows_are(self, rows: Iterator[SealedRow]) -> None:
        """Go on with these rows: those of the next seals, in order of ids."""
        self._rows = rows
        self._next = next(self._rows, None)

    def check(self, span: Span) -> None:
        """Compare what one seal says with the rows it covers."""
        present = self._rows_through(span.after.frontier)
        self._report.rows += len(present)
        is_same = len(span.sealed) == ENTRY_BYTES * len(present)
        if not is_same or span.sealed != packed(present):
            self._compare(span, present)
        self._check_moments(span, present)

    def put_rest_aside(self) -> None:
        """Read what is left, which only a chain that was tampered with leaves."""
        self._waiting |= {row.id: row for row in self._remaining()}

    def end(self, stands: Standing, *, complete_at: datetime | None) -> None:
        """Judge what no seal has claimed: new rows and those in open gaps wait for theirs.

        `complete_at` is when a seal had last taken everything there was.
        """
        newest = _moment(complete_at - TOLERANCE) if complete_at else b""
        for row in chain(list(self._waiting.values()), self._remaining()):
            if row.id > stands.frontier and row.moment < newest:
                self._found("inserted", row, why="it is older than the last seal, which has it not")
            elif row.id > stands.frontier or stands.is_open(row.id):
                self._report.unsealed += 1
            else:
                self._found("inserted", row, why="no seal covers it, and its id was passed over")

    def _remaining(self) -> Iterator[SealedRow]:
        while self._next is not None:
            yield self._next
            self._next = next(self._rows, None)

    def _rows_through(self, frontier: int) -> list[SealedRow]:
        if self._next is None or self._next.id > frontier:
            return []
        taken, self._next = [self._next], None
        add = taken.append
        for row in self._rows:
            if row[0] > frontier:
                self._next = row
                break
            add(row)
        return taken

    def _compare(self, span: Span, present: Sequence[SealedRow]) -> None:
        there = {row.id: row for row in present}
        for said in self._said(span):
            is_late = said.id <= span.before.frontier
            self._report.late += is_late
            found = (self._waiting if is_late else there).pop(said.id, None)
            if found is None:
                self._found("deleted", said, span=span, why="the seal names it, and it is gone")
            elif found.digest != said.digest:
                self._found("changed", found, span=span, why="it is not what was sealed")
        self._waiting |= there

    def _said(self, span: Span) -> Iterator[SealedRow]:
        try:
            yield from entries(span.sealed)
        except ValueError as fault:
            why = str(fault)
            self._report.found(Finding("seal changed", self.ledger.name, seal=span.seal, why=why))

    def _check_moments(self, span: Span, present: Sequence[SealedRow]) -> None:
        """See that rows were made when they say: between the seal before and their own."""
        earliest = _moment(span.since - TOLERANCE) if span.since else b""
        latest = _moment(span.until + TOLERANCE)
        moments = [row[2] for row in present] or [earliest]
        if earliest <= min(moments) and max(moments) <= latest:
            return
        for row in present:
            if not earliest <= row.moment <= latest and row.id not in self._waiting:
                why = f"it was sealed at {span.until:%Y-%m-%d %H:%M:%S}, and says another time"
                self._found("misdated", row, span=span, why=why)

    def _found(self, what: str, row: SealedRow, *, why: str, span: Span | None = None) -> None:
        when = row.moment.decode("utf-8", "replace")[:19]
        seal = span.seal if span else None
        self._report.found(Finding(what, self.ledger.name, row.id, seal, when, why))


def _moment(at: datetime) -> bytes:
    """Return a moment as rows tell theirs, to compare with."""
    return at.strftime("%Y-%m-%d %H:%M:%S.%f").encode()
