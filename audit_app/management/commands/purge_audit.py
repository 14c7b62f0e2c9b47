"""`manage.py purge_audit`: remove what AUDIT_RETENTION_DAYS no longer keeps."""

from datetime import timedelta

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from audit_app.erasure import erase_late_records
from audit_app.exceptions import MayNotRemove
from audit_app.retention import remove_old_records


class Command(BaseCommand):
    """For where Celery's role may not remove rows: run it daily with DATABASE_OWNER_URL."""

    help = "Remove audit records older than AUDIT_RETENTION_DAYS days, leaving a signed mark."

    def handle(self, *_args: object, **_options: object) -> None:
        """Remove them and say how many; raises CommandError where this role may not."""
        try:
            late = erase_late_records()
            removed = remove_old_records(within=timedelta(hours=1))
        except MayNotRemove as refusal:
            raise CommandError(str(refusal)) from refusal
        if late:
            self.stdout.write(f"Erased people from {late} calls that were recorded late.")
        if not settings.AUDIT_RETENTION_DAYS:
            self.stdout.write("AUDIT_RETENTION_DAYS is 0: everything is kept.")
            return
        self.stdout.write(
            f"Removed: {removed.calls} calls, {removed.outcomes} outcomes, {removed.seals} seals."
        )
