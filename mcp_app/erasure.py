"""Erasing a person for good, as data protection asks: all of them but what was done, and when."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from audit_app.erasure import erase_from_records, require_right_to_erase
from mcp_app.exceptions import StillAnOperator
from oauth_app import people
from oauth_app.disconnection import Ended, end_here, revoke
from oauth_app.models import User
from oauth_app.models.connections import Reason, State
from oauth_app.removal import remove_person
from servicenow.http import close_shared_client


@dataclass(frozen=True)
class Erased:
    """In how many calls the person was erased, and whether ServiceNow took all tokens back.

    It was not asked about those of connections that had `ended_before`.
    """

    calls: int
    is_revoked: bool
    ended_before: int


def erase_person(person: User) -> Erased:
    """End everything of theirs, empty their records in the audit log, and remove them.

    There is no way back; safe to run again where it broke off. Raises StillAnOperator for who has
    rights in the admin, and `audit_app.exceptions.MayNotRemove` where the database role at hand may
    not change records: then nothing has happened.
    """
    if person.is_staff:
        raise StillAnOperator
    require_right_to_erase()
    people.turn_off(person)
    ended_before = person.connections.filter(state=State.DISCONNECTED).count()
    ended = [
        end_here(connection=connection, reason=Reason.ENDED_BY_OPERATOR)
        for connection in person.connections.select_related("user")
    ]
    is_revoked = asyncio.run(_are_revoked(ended))
    calls = erase_from_records(person.pk)
    remove_person(person)
    return Erased(calls, is_revoked=is_revoked, ended_before=ended_before)


async def _are_revoked(ended: Sequence[Ended]) -> bool:
    try:
        revoked = [await revoke(each.instance, each.tokens) for each in ended]
    finally:
        await close_shared_client()
    return all(revoked) and all(each.is_readable for each in ended)
