"""`manage.py generate_key`: a fresh value for TOKEN_ENCRYPTION_KEY."""

from django.core.management.base import BaseCommand

from oauth_app.encryption import generated_key


class Command(BaseCommand):
    """Prints a fresh encryption key; needs no setting at all."""

    help = "Print a fresh value for TOKEN_ENCRYPTION_KEY."
    requires_system_checks: list[str] = []

    def handle(self, *args: object, **options: object) -> None:
        """Print the key alone, so that a script can take it."""
        self.stdout.write(generated_key())
