"""What the state of an incident allows, as the base system defines it.

Checked before anything is sent, because ServiceNow enforces part of it only on its own forms and
otherwise leaves an incident on hold without a reason.
"""

from collections.abc import Mapping

from servicenow.records import Record
from tools_app.choosing import labels_of
from tools_app.exceptions import ArgumentProblem, InvalidArguments, StateForbids
from tools_app.spec import ToolCall

# What must be read before a change can be judged.
FIELDS_TO_DECIDE_BY = ("state", "hold_reason", "category")

ON_HOLD = "3"
RESOLVED = "6"
_ENDED = {"7": "closed", "8": "canceled"}
_AWAITING_CALLER = "1"


async def check_update(call: ToolCall, incident: Record, values: Mapping[str, str]) -> None:
    """Raise unless `values` may be written to `incident` in the state in which it is.

    Raises `StateForbids` for an ended incident that would be reopened, `InvalidArguments` where
    something has to be said along with the new state.
    """
    now = incident.value("state")
    wanted = values.get("state", now)
    if now in _ENDED and wanted != now:
        raise StateForbids(
            f"The incident is {_ENDED[now]}, and its state cannot change any more.",
            next_step="Create a new incident that mentions this one.",
        )
    if wanted == RESOLVED != now and not ({"close_code", "close_notes"} <= values.keys()):
        raise InvalidArguments(
            ArgumentProblem("state", "resolves the incident, which needs a code and notes"),
            next_step="Use resolve_incident.",
        )
    await _check_hold(call, incident, values, wanted=wanted)


def check_resolving(incident: Record) -> None:
    """Raise `StateForbids` if `incident` is resolved or ended already."""
    now = incident.value("state")
    if now == RESOLVED or now in _ENDED:
        raise StateForbids(
            f"The incident is {_ENDED.get(now, 'resolved')} already.",
            next_step="Read it with get_incident; add what is missing with add_work_note.",
        )


async def _check_hold(
    call: ToolCall, incident: Record, values: Mapping[str, str], *, wanted: str
) -> None:
    reason = values.get("hold_reason", incident.value("hold_reason"))
    if wanted != ON_HOLD:
        if values.get("hold_reason"):
            raise InvalidArguments(
                ArgumentProblem("hold_reason", "goes only with the state On Hold", "state On Hold")
            )
        return
    if not reason:
        reasons = await labels_of(call, "incident", "hold_reason")
        raise InvalidArguments(
            ArgumentProblem("hold_reason", "is missing for the state On Hold", reasons)
        )
    is_new = wanted != incident.value("state") or reason != incident.value("hold_reason")
    if is_new and reason == _AWAITING_CALLER and not values.get("comments"):
        raise InvalidArguments(
            ArgumentProblem(
                "other_fields.comments",
                "is missing",
                "what the caller is to answer, because the incident then awaits the caller",
            )
        )
