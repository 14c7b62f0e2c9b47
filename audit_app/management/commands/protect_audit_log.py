"""`manage.py protect_audit_log`: have the database guard the audit log."""

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import connection

from audit_app import roles, triggers
from audit_app.owner import as_owner


class Command(BaseCommand):
    """Put back triggers and limits of the application's role; safe to run twice."""

    help = "Install the triggers that make the audit log append-only, and limit the role."
    requires_migrations_checks = True

    def handle(self, *_args: object, **_options: object) -> None:
        """Install the triggers, say which were missing, and limit the role where there are two."""
        with as_owner():
            missing = triggers.missing(connection)
            triggers.install(connection, tables=triggers.guarded_tables())
            self.stdout.write(f"Installed. Missing before: {', '.join(missing) or 'none'}.")
            if settings.DATABASE_OWNER and connection.vendor == "postgresql":
                roles.limit_application_role(connection)
                self.stdout.write(f"{roles.application_role()} may add and read audit rows only.")
