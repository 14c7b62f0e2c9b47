"""The switches: behaviours in which real instances differ."""

from html import escape
from typing import Any

from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import Response

from simulator.console.parts import (
    Cell,
    back_to,
    button,
    code,
    console_page,
    field,
    form,
    paragraph,
    table,
)
from simulator.control.switching import change_switches, described_switches, present_switches
from simulator.pages.templates import Html, join
from simulator.sign_in.forms import form_of
from simulator.world import world_of


async def switches(request: Request) -> Response:
    """GET /simulator/console/switches."""
    described = described_switches()
    rows = (
        (code(name), _told(described.get(name, "")), _value(name, value))
        for name, value in sorted(present_switches(world_of(request)).items())
    )
    return console_page(
        request,
        paragraph("What differs between real instances. A change counts at once."),
        table(("Switch", "What it does", "Value"), rows, empty="None."),
        title="Switches",
    )


async def change(request: Request) -> Response:
    """POST /simulator/console/switches: `name` and `value`."""
    asked, world = await form_of(request), world_of(request)
    name, text = asked.get("name", ""), asked.get("value", "")
    present = present_switches(world)
    if name not in present:
        return back_to("/switches", note="refused")
    value: Any = (
        [one for one in text.split(",") if one] if isinstance(present[name], tuple) else text
    )
    try:
        change_switches(world, {name: value})
    except ValidationError:
        return back_to("/switches", note="refused")
    return back_to("/switches")


def _value(name: str, value: object) -> Cell:
    if isinstance(value, bool):
        now, then = ("on", "Turn off") if value else ("off", "Turn on")
        flip = button("/switches", then, name=name, value="false" if value else "true")
        return Html(f"{now} {flip}")
    shown = ",".join(value) if isinstance(value, tuple) else str(value)
    hidden = Html(f'<input type="hidden" name="name" value="{name}">')
    return form("/switches", hidden, field("value", "", value=shown), submit="Set")


def _told(text: str) -> Html:
    """A description; what stands between backquotes is code."""
    pieces = text.split("`")
    return join([code(one) if at % 2 else Html(escape(one)) for at, one in enumerate(pieces)])
