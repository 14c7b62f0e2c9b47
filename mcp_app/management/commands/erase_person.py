"""`manage.py erase_person`: erase a person for good, as data protection asks."""

from django.core.management.base import BaseCommand, CommandError, CommandParser

from audit_app.erasure import erase_from_records
from audit_app.exceptions import MayNotRemove
from audit_app.seals import Seal
from mcp_app.erasure import erase_person
from mcp_app.exceptions import StillAnOperator
from oauth_app.models import User


class Command(BaseCommand):
    """Says who it would be; with --yes, erases them."""

    help = (
        "Erase a person: everything of theirs ends and is removed, and the audit log goes on to "
        "prove what was done and when, without saying by whom. Without --yes it only says who."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Take who, and the confirmation."""
        parser.add_argument(
            "username",
            help="as the admin shows it, such as abel.tuter@acme…; or the number of somebody who "
            "was erased, whose calls were recorded late",
        )
        parser.add_argument("--yes", action="store_true", help="erase them; there is no way back")

    def handle(self, *, username: str, yes: bool, **_options: object) -> None:
        """Erase. Raises CommandError where there is no such person, or they may not be erased."""
        person = User.objects.filter(username=username).first()
        try:
            if person is not None:
                self._erase(person, yes=yes)
            elif username.isdecimal() and int(username) in Seal.objects.erased():
                calls = erase_from_records(int(username))
                self.stdout.write(f"Erased user {username} from {calls:,} late calls.")
            else:
                raise CommandError(f"There is nobody with the user name {username}.")
        except (MayNotRemove, StillAnOperator) as refusal:
            raise CommandError(str(refusal)) from refusal

    def _erase(self, person: User, *, yes: bool) -> None:
        number = person.pk
        if not yes:
            self.stdout.write(f"{person.get_full_name()}, user {number}: --yes erases them.")
            return
        erased = erase_person(person)
        self.stdout.write(
            f"Erased user {number}, and from {erased.calls:,} calls of the audit log."
        )
        if not erased.is_revoked:
            self.stdout.write("ServiceNow did not take back every token: end them there.")
        if erased.ended_before:
            told = f"{erased.ended_before} of their connections had ended before"
            self.stdout.write(f"{told}: ServiceNow was not asked about those.")
