"""`manage.py rotate_keys`: put every secret under the first key, while everything runs."""

from django.core.management.base import BaseCommand, CommandError, CommandParser

from oauth_app.encryption import keyset
from oauth_app.encryption_canary import forget_canaries_but
from oauth_app.exceptions import WeakKey, WrongKeys
from oauth_app.key_proof import prove_keys
from oauth_app.key_rotation import BATCH, Standing, rotate, standing
from oauth_app.progress import Progress

_SHOWN = 5


class Command(BaseCommand):
    """Puts every secret under the first key; may be killed and run again."""

    help = (
        "Put every encrypted secret under the first key of TOKEN_ENCRYPTION_KEY, while everything "
        "runs. It may be interrupted at any time: the next run goes on. Exit code 1 while a "
        "secret stands under another key."
    )

    requires_system_checks: list[str] = []  # it proves the keys itself

    def add_arguments(self, parser: CommandParser) -> None:
        """Take what to do and how much of it at once."""
        parser.add_argument(
            "--check", action="store_true", help="only say what stands under which key"
        )
        parser.add_argument(
            "--batch", type=int, default=BATCH, help=f"rows in each transaction; default: {BATCH}"
        )

    def handle(self, *, check: bool, batch: int, **_options: object) -> None:
        """Rotate, or only count. Raises CommandError while secrets stand under another key."""
        if batch < 1:
            raise CommandError("--batch must be at least 1.")
        if check:
            self._tell(standing())
            return
        try:
            prove_keys()
        except (WeakKey, WrongKeys) as fault:
            raise CommandError(str(fault)) from fault
        self._rotate(batch)
        now = standing()
        self._tell(now)
        forget_canaries_but(keyset())

    def _rotate(self, batch: int) -> None:
        progress = Progress(self.stdout, total=standing().to_rotate)
        done = 0
        unreadable: list[str] = []
        for each in rotate(batch=batch):
            done += each.rotated
            unreadable += each.unreadable
            progress.show(done)
        progress.finish()
        self.stdout.write(f"{done:,} secrets were put under the key {keyset().primary_id!r}.")
        for line in unreadable[:_SHOWN]:
            self.stderr.write(f"Left as it is: {line}.")
        if len(unreadable) > _SHOWN:
            self.stderr.write(f"… and {len(unreadable) - _SHOWN:,} more.")

    def _tell(self, now: Standing) -> None:
        for name, numbers in now.columns.items():
            each = ", ".join(f"{number:,} under {key}" for key, number in sorted(numbers.items()))
            self.stdout.write(f"{name}: {each or 'empty'}")
        if now.to_rotate:
            raise CommandError(
                f"{now.to_rotate:,} secrets do not stand under the first key, "
                f"{now.primary_id!r}. Run `manage.py rotate_keys` once every process has been "
                "restarted with it; keep the other keys until then."
            )
        self.stdout.write(f"All secrets stand under the key {now.primary_id!r}.")
        for key_id in keyset().keys:
            if key_id != now.primary_id:
                self.stdout.write(
                    f"The key {key_id!r} is no longer needed: take it out of "
                    "TOKEN_ENCRYPTION_KEY and restart. Keep it with the backups it belongs to."
                )
