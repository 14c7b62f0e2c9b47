"""`manage.py verify_audit`: whether the audit log is what was sealed."""

import sys
import time
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from audit_app.canonical import LEDGERS
from audit_app.findings import Report
from audit_app.sealing import standings
from audit_app.seals import Seal
from audit_app.signing import public_key
from audit_app.verification import verify

TAMPERED: Final = 1
UNPROVED: Final = 2
_BAR: Final = 40


class Command(BaseCommand):
    """Exit code 0: everything is proved; 1: something was tampered with; 2: not all is proved."""

    help = "Verify every row, seal and checkpoint of the audit log. " + (__doc__ or "")
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the keys that count, and where the checkpoints are."""
        parser.add_argument(
            "--public-key",
            action="append",
            dest="public_keys",
            help="whose signatures count (again for a key used earlier); else this server's",
        )
        parser.add_argument("--checkpoints", type=Path, help="else AUDIT_CHECKPOINTS")
        parser.add_argument(
            "--print-public-key", action="store_true", help="print this server's, and end"
        )

    def handle(
        self,
        *,
        public_keys: list[str] | None,
        checkpoints: Path | None,
        print_public_key: bool,
        **_options: Any,  # noqa: ANN401  # Django's own
    ) -> None:
        """Verify and tell; ends the process with the exit code unless everything is proved."""
        if print_public_key:
            self.stdout.write(public_key())
            return
        started = time.monotonic()
        report = verify(
            file=checkpoints or Path(settings.AUDIT_CHECKPOINTS),
            public_keys=public_keys or [public_key()],
            progress=_Bar(),
        )
        self._tell(report, seconds=time.monotonic() - started)
        if not report.is_clean:
            sys.exit(TAMPERED)
        if report.unproved:
            sys.exit(UNPROVED)

    def _tell(self, report: Report, *, seconds: float) -> None:
        for finding in report.findings:
            self.stdout.write(str(finding))
        untold = sum(report.kinds.values()) - len(report.findings)
        if untold:
            self.stdout.write(f"… and {untold} more.")
        for doubt in report.unproved:
            self.stdout.write(f"NOT PROVED: {doubt}")
        rate = report.rows / max(seconds, 0.001)
        self.stdout.write(
            f"{report.rows} rows in {report.seals} seals, {report.checkpoints} checkpoints"
            f" (the last {report.last_checkpoint or 'never'}), {report.removed} rows removed by"
            f" retention, {report.erased} calls without the person who was erased,"
            f" {report.unsealed} not sealed yet, in {seconds:.1f} s ({rate:.0f} rows/s)."
        )
        if report.is_clean:
            self.stdout.write("Nothing was changed, removed, added or moved.")
        else:
            found = ", ".join(f"{count} {what}" for what, count in report.kinds.items())
            self.stdout.write(f"TAMPERED WITH: {found}.")


class _Bar:
    """A progress bar on standard error, where that is a terminal."""

    def __init__(self) -> None:
        self._total: int | None = None

    def __call__(self, rows: int) -> None:
        if not sys.stderr.isatty():
            return
        if self._total is None:
            head = standings(Seal.objects.without_rows().head())
            self._total = max(1, sum(head[ledger.name].rows for ledger in LEDGERS))
        share = min(1.0, rows / self._total)
        filled = round(_BAR * share)
        end = "\n" if share >= 1 else ""
        bar = "█" * filled + "·" * (_BAR - filled)
        print(f"\r{bar} {share:4.0%} {rows:,} rows", end=end, file=sys.stderr, flush=True)
