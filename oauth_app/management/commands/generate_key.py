"""`manage.py generate_key`: a fresh key in the form TOKEN_ENCRYPTION_KEY takes."""

import secrets
from datetime import UTC, datetime

from django.core.management.base import BaseCommand, CommandError, CommandParser

from oauth_app.encryption import generated_key, is_key_id

_WHERE = """\
The first key of a site:
    TOKEN_ENCRYPTION_KEY=<this>
    or put it into a file, and TOKEN_ENCRYPTION_KEY_FILE=/path/of/the/file
In place of an older key, without anybody noticing (docs/operations.md, "Keys"):
    1. TOKEN_ENCRYPTION_KEY=<old>,<this>    and restart every process: all can read it
    2. TOKEN_ENCRYPTION_KEY=<this>,<old>    and restart every process: all write it
    3. manage.py rotate_keys
    4. manage.py rotate_keys --check        says when the old key may go
    A key that was set without an id is called default: write default:<old>.
Keep it apart from backups of the database. Without it nobody's tokens can be read.
"""


class Command(BaseCommand):
    """Prints a fresh encryption key; needs no setting at all."""

    help = "Print a fresh key for TOKEN_ENCRYPTION_KEY; on standard error, where it goes."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the key's id."""
        parser.add_argument("--id", default="", help="default: today's date and four letters")

    def handle(self, *, id: str, **_options: object) -> None:  # noqa: A002  # the option's name
        """Print the key alone on standard output, so that a script can take it."""
        key_id = id or f"{datetime.now(UTC):%Y-%m-%d}-{secrets.token_hex(2)}"
        if not is_key_id(key_id):
            raise CommandError("A key id is 1 to 32 letters, digits, '_' or '-'.")
        self.stdout.write(f"{key_id}:{generated_key()}")
        self.stderr.write(_WHERE, style_func=str)
