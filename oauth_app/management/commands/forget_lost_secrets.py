"""`manage.py forget_lost_secrets`: start again after an encryption key was lost for good."""

from django.core.management.base import BaseCommand, CommandError, CommandParser

from oauth_app.encryption import keyset
from oauth_app.encryption_canary import compare_with_canaries
from oauth_app.exceptions import WeakKey, WrongKeys
from oauth_app.key_loss import forget_lost_secrets
from oauth_app.key_proof import lost_keys


class Command(BaseCommand):
    """Says what nobody can read any more; with --yes, forgets it."""

    help = (
        "Forget the secrets whose key is not in TOKEN_ENCRYPTION_KEY any more. Whose tokens are "
        "among them has to sign in again. Without --yes it only counts."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the confirmation."""
        parser.add_argument("--yes", action="store_true", help="forget them")

    def handle(self, *, yes: bool, **_options: object) -> None:
        """Count or forget. Raises CommandError where the keys at hand are wrong themselves."""
        try:
            keys = keyset()
            compare_with_canaries(keys)
        except (WeakKey, WrongKeys) as fault:
            raise CommandError(str(fault)) from fault
        lost = lost_keys(keys)
        for key_id, number in sorted(lost.items()):
            self.stdout.write(f"{number:,} secrets stand under the key {key_id!r}.")
        if not lost:
            self.stdout.write("Nothing is lost: every secret stands under a key that is there.")
        elif yes:
            for column, number in sorted(forget_lost_secrets().items()):
                self.stdout.write(f"{column}: {number:,} forgotten")
        else:
            self.stdout.write("Look for the key first. Then --yes forgets these secrets.")
