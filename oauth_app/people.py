"""People from ServiceNow as users here: found by (instance, sys_id), never by e-mail or name."""

import re
from typing import Final

from oauth_app.models import Instance, User
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


def _free_username(wanted: str) -> str:
    taken = set(User.objects.filter(username__startswith=wanted).values_list("username", flat=True))
    if wanted not in taken:
        return wanted
    number = 2
    while f"{wanted}+{number}" in taken:
        number += 1
    return f"{wanted}+{number}"
