"""Checkpoints: signed lines outside the database that say how far the chain had come.

A chain cannot show that its end was cut off, nor that all of it was made anew. A line in a file,
and the same in the log, can: after it was written, nobody who reaches the database can take it
back.
"""

import fcntl
import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import structlog
from django.conf import settings
from django.utils import timezone

from audit_app.sealing import standings
from audit_app.seals import Seal
from audit_app.signing import is_signed, public_key, sign

log = structlog.get_logger(__name__)

_FORM = "checkpoint 1"
_LAST_LINES_BYTES = 4_096


@dataclass(frozen=True)
class Checkpoint:
    """How far the chain had come: its last seal, and the rows ever sealed in each ledger."""

    seal: int
    digest: str
    calls: int
    outcomes: int
    signed_at: str
    public_key: str
    signature: str = ""
    form: str = _FORM

    def signed_text(self) -> str:
        """Return what the signature is made over: the digest of everything else."""
        facts = asdict(replace(self, signature=""))
        return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()

    def is_genuine(self) -> bool:
        """Whether the owner of the public key it names has signed it."""
        return is_signed(self.signed_text(), signature=self.signature, by=self.public_key)


def write_checkpoint(*, now: datetime | None = None) -> Checkpoint | None:
    """Append a signed line about the last seal to the file and the log.

    None where the file has that line already, or there is no seal. Safe to run twice at once.
    Raises OSError where the file cannot be written: then nothing is said to be safe.
    """
    head = Seal.objects.without_rows().head()
    if head is None:
        return None
    stands = standings(head)
    unsigned = Checkpoint(
        seal=head.number,
        digest=head.digest,
        calls=stands["calls"].rows,
        outcomes=stands["outcomes"].rows,
        signed_at=(now or timezone.now()).astimezone(UTC).isoformat(timespec="seconds"),
        public_key=public_key(),
    )
    made = replace(unsigned, signature=sign(unsigned.signed_text()))
    if not _appended(Path(settings.AUDIT_CHECKPOINTS), made):
        return None
    log.info("audit_checkpoint", **asdict(made))
    return made


def checkpoints_in(file: Path, *, most_bytes: int) -> Iterator[Checkpoint | None]:
    """Read the checkpoints within the first `most_bytes`; None is a line that is none."""
    with file.open("rb") as lines:
        read = 0
        for line in lines:
            read += len(line)
            if read > most_bytes:
                return
            if line.strip():
                yield _parsed(line)


def _appended(file: Path, checkpoint: Checkpoint) -> bool:
    """Write the line and see it on the disk, unless the file has come as far already."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(file, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        end = os.fstat(descriptor).st_size
        tail = os.pread(descriptor, _LAST_LINES_BYTES, max(0, end - _LAST_LINES_BYTES))
        last = _parsed(tail.rstrip().rsplit(b"\n", 1)[-1])
        if last and (last.seal, last.digest) == (checkpoint.seal, checkpoint.digest):
            return False
        # A line that a full disk cut off must not swallow the next one.
        begin = "" if tail.endswith(b"\n") or not tail else "\n"
        os.write(descriptor, f"{begin}{json.dumps(asdict(checkpoint))}\n".encode())
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    return True


def _parsed(line: bytes) -> Checkpoint | None:
    try:
        found = Checkpoint(**json.loads(line))
    except (ValueError, TypeError):
        return None
    return found if isinstance(found.seal, int) and found.form == _FORM else None
