"""People from ServiceNow as users here: found by (instance, sys_id), never by e-mail or name."""

import re
from typing import Final

from oauth_app.models import Instance, User
from oauth_app.revocations import announce_revocation
from servicenow.who_am_i import Identity

_LONGEST_USERNAME: Final = 150
_NOT_IN_A_USERNAME: Final = re.compile(r"[^\w.@+-]")


def make_person(identity: Identity, *, instance: Instance) -> User:
    """Make a user without a password for someone who signs in for the first time.

    The username says where they come from. Where it is taken, by an operator or by someone who
    was renamed, a number is added: it is a label, and nobody is found by it.
    """
    wanted = _NOT_IN_A_USERNAME.sub("_", f"{identity.user_name}@{instance.host}")
    person = User(username=_free_username(wanted[: _LONGEST_USERNAME - 10]))
    person.set_unusable_password()
    update_person(person, identity)
    return person


def update_person(person: User, identity: Identity) -> None:
    """Take over name and e-mail as ServiceNow has them today; operators' own names stay."""
    if person.has_usable_password():
        return
    first, _, last = identity.name.rpartition(" ")
    person.first_name, person.last_name = first[:150], last[:150]
    person.email = identity.email[:254]
    person.save()


def turn_off(person: User) -> None:
    """Let no credential of theirs open anything, in any process within a second. Nothing is lost.

    Their ServiceNow tokens are neither used nor renewed meanwhile.
    """
    User.objects.filter(pk=person.pk).update(is_active=False)
    announce_revocation()


def turn_on(person: User) -> None:
    """Let everything go on that `turn_off` stopped."""
    User.objects.filter(pk=person.pk).update(is_active=True)


def _free_username(wanted: str) -> str:
    taken = set(User.objects.filter(username__startswith=wanted).values_list("username", flat=True))
    if wanted not in taken:
        return wanted
    number = 2
    while f"{wanted}+{number}" in taken:
        number += 1
    return f"{wanted}+{number}"
