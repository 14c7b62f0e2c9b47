"""`manage.py ensure_operator NAME`: an operator who may do everything in the admin."""

import os

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError, CommandParser

PASSWORD = "DJANGO_SUPERUSER_PASSWORD"  # noqa: S105  # the variable's name, Django's own


class Command(BaseCommand):
    """Make the operator unless there is one of that name, whose password then stays."""

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the operator's name."""
        parser.add_argument("name")

    def handle(self, *, name: str, **_options: object) -> None:
        """Make the operator; raises CommandError without a password in the environment."""
        password = os.environ.get(PASSWORD)
        if not password:
            raise CommandError(f"Set {PASSWORD} to the operator's password.")
        people = get_user_model().objects
        if people.filter(username=name).exists():
            self.stdout.write(f"{name} exists.")
            return
        people.create_superuser(name, password=password)
        self.stdout.write(f"{name} made.")
