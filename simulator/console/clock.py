"""The instance's clock: on, back, to a moment, stopped."""

from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import Response

from simulator.console.parts import back_to, button, console_page, facts, field, form, heading
from simulator.control.clock_changes import ClockChange, move_clock
from simulator.pages.templates import join
from simulator.sign_in.forms import form_of
from simulator.world import world_of

STEPS = {
    "30 minutes on": 1800,
    "1 hour on": 3600,
    "1 day on": 86_400,
    "1 week on": 604_800,
    "101 days on": 8_726_400,
    "1 hour back": -3600,
}


async def clock(request: Request) -> Response:
    """GET /simulator/console/clock."""
    present = world_of(request).clock
    stopped = present.is_stopped
    return console_page(
        request,
        facts(
            {
                "Time of the instance": present().isoformat(timespec="seconds"),
                "Ahead of this machine": f"{round(present.ahead.total_seconds())} s",
                "Runs": "no, it is stopped" if stopped else "yes",
            }
        ),
        join([button("/clock", text, seconds=str(seconds)) for text, seconds in STEPS.items()]),
        button("/clock", "Go on" if stopped else "Stop", stopped="false" if stopped else "true"),
        heading("To a moment"),
        form(
            "/clock",
            field(
                "to", "Moment", value=present().isoformat(timespec="seconds"), hint="with its zone"
            ),
            submit="Put it there",
        ),
        title="Clock",
    )


async def change(request: Request) -> Response:
    """POST /simulator/console/clock: `seconds`, `to` or `stopped`."""
    try:
        asked = ClockChange.model_validate(await form_of(request))
    except ValidationError:
        return back_to("/clock", note="refused")
    moved = move_clock(world_of(request).clock, asked)
    return back_to("/clock", note="done" if moved else "refused")
