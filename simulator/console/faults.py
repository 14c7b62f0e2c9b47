"""The fault switches: what is to go wrong, for whom and how often."""

from dataclasses import asdict

from pydantic import TypeAdapter, ValidationError
from starlette.requests import Request
from starlette.responses import Response

from simulator.console.parts import (
    Cell,
    back_to,
    button,
    choice,
    code,
    console_page,
    field,
    form,
    heading,
    table,
)
from simulator.control.faults import Fault, FaultKind, Faults, Waiting
from simulator.control.latency import Distribution
from simulator.pages.templates import Html
from simulator.sign_in.forms import form_of
from simulator.world import world_of

_ENDLESS = "for ever"
_FOLLOWED = ("path", "method", "user", "count", "skip", "probability", "seconds")


async def faults(request: Request) -> Response:
    """GET /simulator/console/faults."""
    return console_page(
        request,
        heading("Let something go wrong"),
        form(
            "/faults",
            choice("kind", "What", list(FaultKind)),
            field("path", "Path", value="/api/*", hint="a pattern"),
            field("method", "Method", value="*"),
            field("user", "Person", value="*", hint="a user name or pattern"),
            field("count", "How often", value="1", hint=f"a number, or: {_ENDLESS}"),
            field("skip", "After sparing", value="0", kind="number"),
            field("probability", "Probability", value="1", hint="of each request, 0 to 1"),
            field("seed", "Seed", value="0", kind="number"),
            field("seconds", "Seconds", value="1", hint="typical, of slow and drip"),
            choice("distribution", "Distribution of the seconds", list(Distribution)),
            field("spread", "Spread", value="0"),
            submit="Add the fault",
        ),
        heading("Waiting"),
        _waiting(world_of(request).faults),
        button("/faults/release", "Release what is held"),
        button("/faults/clear", "Take all back"),
        title="Faults",
    )


async def add(request: Request) -> Response:
    """POST /simulator/console/faults."""
    asked = await form_of(request)
    latency = {"distribution": asked.pop("distribution", ""), "spread": asked.pop("spread", "0")}
    latency["typical"] = asked.get("seconds", "0")
    endless = asked.get("count", "").strip() == _ENDLESS
    facts = {**asked, "latency": latency, "count": None if endless else asked.get("count")}
    try:
        fault = TypeAdapter(Fault).validate_python(facts)
    except ValidationError:
        return back_to("/faults", note="refused")
    world_of(request).faults.add(fault)
    return back_to("/faults")


async def remove(request: Request) -> Response:
    """POST /simulator/console/faults/{id}/remove."""
    removed = world_of(request).faults.remove(request.path_params["id"])
    return back_to("/faults", note="done" if removed else "refused")


async def release(request: Request) -> Response:
    """POST /simulator/console/faults/release."""
    world_of(request).faults.release()
    return back_to("/faults")


async def clear(request: Request) -> Response:
    """POST /simulator/console/faults/clear."""
    world_of(request).faults.clear()
    return back_to("/faults")


def _waiting(waiting: Faults) -> Html:
    return table(
        ("Kind", "Which", ""),
        (_line(one) for one in waiting),
        empty="Everything goes well.",
    )


def _line(one: Waiting) -> tuple[Cell, ...]:
    facts = asdict(one.fault)
    facts["count"] = _ENDLESS if one.fault.count is None else one.fault.count
    told = ", ".join(f"{name} {facts[name]}" for name in _FOLLOWED)
    return one.fault.kind.value, code(told), button(f"/faults/{one.id}/remove", "Take back")
