"""What a person has worked on lately, as the record of their calls tells it."""

from typing import Final

from audit_app.models import ToolCall, ToolCallOutcome

# Far enough back to know what a person works on; more would cost what it is not worth.
_LATEST_CALLS: Final = 200
_COMPLETION: Final = "suggest"  # one call for each letter typed


def records_touched(user_id: int, *, table: str, most: int = 10) -> list[str]:
    """The numbers of the records of a table that a person's calls were about, the latest first."""
    work = ToolCall.objects.filter(user_id=user_id).exclude(tool=_COMPLETION)
    calls = work.order_by("-pk")[:_LATEST_CALLS]
    outcomes = ToolCallOutcome.objects.filter(
        call_id__in=list(calls.values_list("pk", flat=True)), record_table=table
    ).exclude(record_number="")
    numbers = outcomes.order_by("-pk").values_list("record_number", flat=True)
    return list(dict.fromkeys(numbers))[:most]
