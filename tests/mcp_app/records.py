"""What the audit log holds after a test, and what the simulated instance was asked."""

from asgiref.sync import sync_to_async
from starlette.applications import Starlette

from audit_app.models import ToolCall, ToolCallOutcome
from simulator.control.request_journal import JournalEntry


async def recorded() -> list[tuple[ToolCall, list[ToolCallOutcome]]]:
    """Every call with its outcomes, oldest first."""
    return await sync_to_async(_recorded)()


def _recorded() -> list[tuple[ToolCall, list[ToolCallOutcome]]]:
    calls = ToolCall.objects.order_by("pk")
    return [
        (call, list(ToolCallOutcome.objects.filter(call_id=call.pk).order_by("pk")))
        for call in calls
    ]


async def the_only_record() -> tuple[ToolCall, ToolCallOutcome]:
    """The one call of a test and its one outcome."""
    [(call, [outcome])] = await recorded()
    return call, outcome


def asked_of(simulator: Starlette, **fitting: str) -> list[JournalEntry]:
    """The requests that reached the instance and have these attributes."""
    return [
        entry
        for entry in simulator.state.world.journal
        if all(getattr(entry, name) == value for name, value in fitting.items())
    ]
