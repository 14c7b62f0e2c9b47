"""`manage.py migrate`: Django's own, as the owner of the database where DATABASE_OWNER_URL is set.

Afterwards the application's role gets what it needs and no more: it may add audit rows and read
them.
"""

from typing import Any

from django.conf import settings
from django.core.management.commands import migrate
from django.db import DEFAULT_DB_ALIAS, connection

from audit_app.owner import as_owner
from audit_app.roles import limit_application_role


class Command(migrate.Command):
    """Django's command, with whoever may change tables."""

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ANN401  # Django's signature
        """Migrate, then limit the application's role where another one owns the tables."""
        if not settings.DATABASE_OWNER or options["database"] != DEFAULT_DB_ALIAS:
            super().handle(*args, **options)
            return
        with as_owner():
            super().handle(*args, **options)
            if connection.vendor == "postgresql":
                limit_application_role(connection)
