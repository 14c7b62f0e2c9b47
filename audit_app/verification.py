"""Whether the audit log is what was sealed: every row, every seal, every checkpoint.

One pass, in constant memory, over one snapshot of the database, so that calls go on meanwhile.
What it finds: rows that were changed, removed or added, seals that were changed, removed, put in
another order or made anew, and an end that was cut off after a checkpoint.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Final

from django.db import connection, transaction

from audit_app.canonical import LEDGERS, Ledger, SealedRow, rows_between
from audit_app.checkpoints import Checkpoint, checkpoints_in
from audit_app.comparison import Comparison, Span
from audit_app.findings import Finding, Report
from audit_app.gaps import Standing
from audit_app.models import ToolCall
from audit_app.sealing import standings, standings_in
from audit_app.seals import BEGINNING, FIRST, Kind, Seal
from audit_app.signing import is_signed

# Seals that are read together: at most 8 MB of ids and digests.
_TOGETHER: Final = 20
_SMALLEST_ID: Final = -(2**63)
_CUT_OFF: Final = "end cut off"

Progress = Callable[[int], object]


def verify(
    *, file: Path | None, public_keys: Collection[str], progress: Progress = lambda _rows: None
) -> Report:
    """Verify everything; `progress` hears the number of rows looked at.

    `public_keys` are those whose signatures count. `file` holds the checkpoints; without it a cut
    end cannot be seen, and the report says so.
    """
    # Its size first: checkpoints that are written meanwhile are about seals not in the snapshot.
    size = file.stat().st_size if file and file.exists() else None
    report = Report()
    with _snapshot():
        walk = _Walk(report, public_keys=public_keys, progress=progress)
        walk.from_beginning_to_end()
        if file is None or size is None:
            report.unproved.append(f"There is no file of checkpoints{f' {file}' if file else ''}.")
        else:
            _check_checkpoints(file, size, walk=walk)
    return report


@dataclass
class _Walk:
    """From the first seal that is left to the last one."""

    report: Report
    public_keys: Collection[str]
    progress: Progress
    number: int = 0
    digest: str = BEGINNING
    # Everything up to this seal was removed by retention.
    removed_through: int = 0
    stands: dict[str, Standing] = field(default_factory=lambda: standings(None))
    complete_at: dict[str, datetime] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._comparisons = {each.name: Comparison(each, self.report) for each in LEDGERS}
        # These seals are links of the chain, and are checked with it.
        self._erased = Seal.objects.erased()

    def from_beginning_to_end(self) -> None:
        """Look at everything."""
        for stray in Seal.objects.before_the_first().without_rows():
            why = "the chain begins at one"
            self.report.found(Finding("seal inserted", seal=stray.number, why=why))
        self._begin_after_retention()
        lowest = dict.fromkeys(self._comparisons, _SMALLEST_ID)
        while seals := list(Seal.objects.after(self.number)[:_TOGETHER]):
            broken_before = self.report.broken_links
            spans = [self._checked(seal) for seal in seals]
            is_whole = self.report.broken_links == broken_before
            self._check_signatures(seals[-1:] if is_whole else seals)
            for ledger in LEDGERS:
                lowest[ledger.name] = self._compare(ledger, spans, after=lowest[ledger.name])
            self.progress(self.report.rows)
        for ledger in LEDGERS:
            comparison = self._comparisons[ledger.name]
            comparison.rows_are(self._rows(ledger, after=lowest[ledger.name]))
            comparison.end(self.stands[ledger.name], complete_at=self.complete_at.get(ledger.name))
        self._see_that_the_erased_stay_erased()

    def _see_that_the_erased_stay_erased(self) -> None:
        for user_id, through in self._erased.items():
            told = ToolCall.objects.identifying(user_id).filter(pk__lte=through).count()
            if told:
                doubt = f"User {user_id} was erased, and {told} calls say who it was."
                self.report.unproved.append(f"{doubt} Run `manage.py erase_person {user_id}`.")

    def is_trusted(self, digest: str, *, signature: str, by: str) -> bool:
        """Whether one of the keys that count has signed this digest."""
        return by in self.public_keys and is_signed(digest, signature=signature, by=by)

    def _compare(self, ledger: Ledger, spans: Sequence[Mapping[str, Span]], *, after: int) -> int:
        """Compare the rows of some seals; return the id up to which they were read."""
        through = max([after, *(span[ledger.name].after.frontier for span in spans)])
        comparison = self._comparisons[ledger.name]
        comparison.rows_are(self._rows(ledger, after=after, through=through))
        for span in spans:
            comparison.check(span[ledger.name])
        comparison.put_rest_aside()
        return through

    def _rows(
        self, ledger: Ledger, *, after: int, through: int | None = None
    ) -> Iterator[SealedRow]:
        return rows_between(connection, ledger, after=after, through=through, erased=self._erased)

    def _begin_after_retention(self) -> None:
        first = Seal.objects.after(0).without_rows().first()
        if first is None or first.number == FIRST:
            return
        marks = Seal.objects.filter(kind=Kind.RETENTION, number__gte=first.number)
        for mark in marks.order_by("-number"):
            removed = mark.told().get("removed", {})
            if removed.get("through") != first.number - 1:
                continue
            self.number, self.digest = first.number - 1, str(removed.get("digest"))
            self.removed_through = self.number
            self.stands = standings_in(removed.get("ledgers"))
            self.report.removed = sum(each.rows for each in self.stands.values())
            self._check_signatures([mark])
            return
        # `_what_is_broken` tells which seals are missing.

    def _checked(self, seal: Seal) -> dict[str, Span]:
        """Check one link, and return what it says of the rows of each ledger."""
        self.report.seals += 1
        self.report.erased += seal.erased()[2]
        stands = _standings_of(seal)
        for what, why in self._what_is_broken(seal, stands):
            when = f"{seal.sealed_at:%Y-%m-%d %H:%M:%S}"
            self.report.broken_links += 1
            self.report.found(Finding(what, seal=seal.number, when=when, why=why))
        after = stands or self.stands
        spans = {
            name: Span(
                seal=seal.number,
                sealed=seal.rows_of(name),
                before=before,
                after=after[name],
                since=self.complete_at.get(name),
                until=seal.sealed_at,
            )
            for name, before in self.stands.items()
        }
        self.complete_at |= dict.fromkeys(seal.told().get("complete", ()), seal.sealed_at)
        self.number, self.digest, self.stands = seal.number, seal.digest, after
        return spans

    def _what_is_broken(
        self, seal: Seal, stands: dict[str, Standing] | None
    ) -> Iterator[tuple[str, str]]:
        if seal.number != self.number + 1:
            missing = f"{self.number + 1} to {seal.number - 1}"
            yield "seals deleted", f"numbers {missing} are gone without a mark of retention"
        elif seal.previous != self.digest:
            yield "seal moved", "it does not follow the seal before it"
        if stands is None or seal.digest != seal.true_digest():
            yield "seal changed", "its digest is not that of what it says"

    def _check_signatures(self, seals: Sequence[Seal]) -> None:
        """Check who signed; the last seal vouches for all before it while the chain is whole."""
        for seal in seals:
            if not self.is_trusted(seal.digest, signature=seal.signature, by=seal.signed_by):
                why = "the signature is of no key that counts, or of something else"
                self.report.found(Finding("seal not signed", seal=seal.number, why=why))


def _standings_of(seal: Seal) -> dict[str, Standing] | None:
    try:
        return standings(seal)
    except (ValueError, TypeError):
        return None


def _check_checkpoints(file: Path, size: int, *, walk: _Walk) -> None:
    """See that the chain still has every seal that was signed; tell the worst of each kind."""
    report, last = walk.report, None
    wrong: dict[str, Finding] = {}
    for number, checkpoint in enumerate(checkpoints_in(file, most_bytes=size), start=1):
        if checkpoint is None:
            report.unproved.append(f"Line {number} of {file} is no checkpoint.")
            continue
        report.checkpoints += 1
        last = checkpoint
        if finding := _contradiction(checkpoint, walk=walk):
            if _is_trusted(checkpoint, walk=walk):
                _keep_worst(wrong, finding)
            else:
                report.unproved.append(f"Line {number} of {file} is signed by no key that counts.")
    for finding in wrong.values():
        report.found(finding)
    if last is None and walk.number:
        report.unproved.append(f"{file} holds no checkpoint.")
    if last is not None:
        _judge_last(last, file, walk=walk)


def _judge_last(last: Checkpoint, file: Path, *, walk: _Walk) -> None:
    walk.report.last_checkpoint = last.signed_at
    if not _is_trusted(last, walk=walk):
        doubt = f"The last line of {file} is signed by no key that counts."
        walk.report.unproved.append(doubt)


def _keep_worst(wrong: dict[str, Finding], finding: Finding) -> None:
    """Of ends that are cut off the furthest, of replaced links the first."""
    if finding.what == _CUT_OFF or finding.what not in wrong:
        wrong[finding.what] = finding


def _is_trusted(checkpoint: Checkpoint, *, walk: _Walk) -> bool:
    return checkpoint.public_key in walk.public_keys and checkpoint.is_genuine()


def _contradiction(checkpoint: Checkpoint, *, walk: _Walk) -> Finding | None:
    """What a checkpoint says that the chain does not; None where both agree."""
    if checkpoint.seal <= walk.removed_through:
        return None
    if checkpoint.seal > walk.number:
        lost = checkpoint.calls + checkpoint.outcomes
        lost -= sum(each.rows for each in walk.stands.values())
        why = f"seals {walk.number + 1} to {checkpoint.seal} with {lost} rows are gone"
        return Finding(_CUT_OFF, seal=checkpoint.seal, when=checkpoint.signed_at, why=why)
    stored = Seal.objects.filter(number=checkpoint.seal).values_list("digest", flat=True).first()
    if stored == checkpoint.digest:
        return None
    why = "the seal is not the one that was signed: the chain was made anew"
    return Finding("chain replaced", seal=checkpoint.seal, when=checkpoint.signed_at, why=why)


@contextmanager
def _snapshot() -> Iterator[None]:
    """See the database as it is now until the end, and let others write meanwhile."""
    if connection.vendor == "postgresql":
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
        return
    connection.ensure_connection()
    raw = connection.connection
    raw.execute("BEGIN DEFERRED")  # `transaction.atomic` would begin IMMEDIATE and stop every call
    try:
        yield
    finally:
        raw.execute("ROLLBACK")
