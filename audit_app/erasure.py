"""Erasing what identifies a person from the audit log, which goes on to be provable.

Name, sys_id, address, arguments, client and credential of each of their calls are emptied; what
was done and when stays. A signed seal says whose calls and how many: the digest of what was there
takes the place of `blinding`, so that every seal before still fits (see `canonical`). Whoever
empties a row without such a seal is found.
"""

from datetime import datetime
from typing import Final

from django.db import connection, transaction
from django.utils import timezone

from audit_app import triggers
from audit_app.canonical import CALLS, identities
from audit_app.exceptions import MayNotRemove
from audit_app.models import ToolCall
from audit_app.owner import as_owner
from audit_app.roles import owns_audit_tables
from audit_app.sealing import (
    append_rows,
    append_seal,
    become_only_sealer,
    seal_committed,
    standing_facts,
    standings,
)
from audit_app.seals import Kind, Seal

# Calls of everybody wait while a step empties its rows: about a tenth of a second.
CALLS_IN_A_STEP: Final = 2_000
# Values: the digest of what stood there, and the id of the call.
EMPTY: Final = (
    f"UPDATE {CALLS.table} SET blinding = %s, user_name = '', sys_id = '', arguments = '{{}}',"  # noqa: S608  # constants
    " client_id = '', credential_id = '', remote_addr = '' WHERE id = %s"
)


def require_right_to_erase() -> None:
    """Raise MayNotRemove where the role at hand may not change records."""
    with as_owner():
        if not owns_audit_tables(connection):
            raise MayNotRemove


def erase_from_records(user_id: int, *, in_a_step: int = CALLS_IN_A_STEP) -> int:
    """Empty what identifies a person in all their calls; return in how many.

    The person must not be able to call any more. Safe to run again. Raises MayNotRemove where the
    role at hand may not change records.
    """
    require_right_to_erase()
    total = 0
    with as_owner():
        seal_committed()  # what has piled up, a piece at a time, while calls go on
        while ToolCall.objects.identifying(user_id).exists():
            total += _erase_some(user_id, most=in_a_step, now=timezone.now())
    return total


def erase_late_records() -> int:
    """Empty what was recorded of somebody after they were erased; return how many calls.

    A call that was running then, or refusals that a server had counted, may come up to a minute
    late. Raises as `erase_from_records`.
    """
    return sum(erase_from_records(user_id) for user_id in Seal.objects.erased())


def _erase_some(user_id: int, *, most: int, now: datetime) -> int:
    with transaction.atomic(durable=True):
        become_only_sealer()
        append_rows(now=now)
        head = Seal.objects.without_rows().latest("number")
        stands = standings(head)[CALLS.name]
        found = [
            (digest, row_id)
            for row_id, digest in identities(
                connection, user_id=user_id, through=stands.frontier, most=most
            )
            # It came just now, and is sealed by the next step.
            if not stands.is_open(row_id)
        ]
        if found:
            last = max(row_id for _digest, row_id in found)
            erased = {"user_id": user_id, "through": last, "calls": len(found)}
            facts = {**standing_facts(head), "erased": erased}
            append_seal(head, kind=Kind.ERASURE, rows={}, facts=facts, now=now)
            with triggers.switched_off(connection), connection.cursor() as cursor:
                cursor.executemany(EMPTY, found)
        return len(found)
