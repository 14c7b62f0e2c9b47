"""`manage.py protect_audit_log`: put the triggers back that guard the audit log."""

from django.core.management.base import BaseCommand
from django.db import connection

from audit_app import triggers


class Command(BaseCommand):
    """Make the triggers by which the database refuses to change audit rows; safe to run twice."""

    help = "Install the database triggers that make the audit log append-only."
    requires_migrations_checks = True

    def handle(self, *_args: object, **_options: object) -> None:
        """Install them and say which were missing."""
        missing = triggers.missing(connection)
        triggers.install(connection, tables=triggers.guarded_tables())
        self.stdout.write(f"Installed. Missing before: {', '.join(missing) or 'none'}.")
