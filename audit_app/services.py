"""Writing the audit log: an intent before a call, an outcome after it.

Each function commits before it returns and raises where it cannot: then the call must not happen,
or its answer not leave. None may be used inside a transaction, because whoever rolls that back
would take the record along. The twins with the prefix `a` do the same for asynchronous callers.
"""

from django.db import DatabaseError, InterfaceError, connection, transaction

from audit_app.exceptions import InsideTransaction
from audit_app.records import Closing, Opening, ToolCallRef, new_reference
from audit_app.rows import intent_row, outcome_row
from audit_app.writers import writers

__all__ = [
    "Closing",
    "Opening",
    "ToolCallRef",
    "aclose_record",
    "aopen_record",
    "arecord_refusal",
    "close_record",
    "new_reference",
    "open_record",
    "record_refusal",
]


def open_record(opening: Opening) -> ToolCallRef:
    """Commit the intent of a call, before its first request to ServiceNow.

    Raises InsideTransaction, or django.db.Error where the database does not take the row.
    """
    _ready_connection()
    call = intent_row(opening)
    call.save()
    return ToolCallRef(call.pk, call.reference_id)


def close_record(ref: ToolCallRef, *, closing: Closing) -> None:
    """Commit the outcome of an opened call, before its answer leaves. A later one replaces it.

    Raises InsideTransaction, or django.db.Error where the database does not take the row.
    """
    _ready_connection()
    try:
        outcome_row(ref.id, closing=closing).save()
    except (DatabaseError, InterfaceError):
        connection.close()
        # The server may have gone and come back since this thread wrote last, and the call is made:
        # its outcome is worth a second try. Twice the same outcome says nothing wrong.
        outcome_row(ref.id, closing=closing).save()


def record_refusal(opening: Opening, *, closing: Closing) -> ToolCallRef:
    """Commit intent and outcome of a call that never reaches ServiceNow, both or none.

    Raises InsideTransaction, or django.db.Error where the database does not take the rows.
    """
    _ready_connection()
    call = intent_row(opening)
    with transaction.atomic(durable=True):
        call.save()
        outcome_row(call.pk, closing=closing).save()
    return ToolCallRef(call.pk, call.reference_id)


async def aopen_record(opening: Opening) -> ToolCallRef:
    """`open_record` for asynchronous callers."""
    return await writers.run(open_record, opening)


async def aclose_record(ref: ToolCallRef, *, closing: Closing) -> None:
    """`close_record` for asynchronous callers."""
    await writers.run(close_record, ref, closing=closing)


async def arecord_refusal(opening: Opening, *, closing: Closing) -> ToolCallRef:
    """`record_refusal` for asynchronous callers."""
    return await writers.run(record_refusal, opening, closing=closing)


def _ready_connection() -> None:
    if connection.in_atomic_block or not connection.get_autocommit():
        raise InsideTransaction
    if connection.errors_occurred:
        # The server may have gone and come back since: a fresh connection, not one more failure.
        connection.close_if_unusable_or_obsolete()
