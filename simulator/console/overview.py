"""The console's first page: what there is, what waits, what came in last."""

from starlette.requests import Request
from starlette.responses import Response

from simulator.console.parts import back_to, button, console_page, facts, heading
from simulator.console.requests import LATEST, request_table
from simulator.control.reset import reset_demo_data
from simulator.world import world_of


async def overview(request: Request) -> Response:
    """GET /simulator/console."""
    world = world_of(request)
    instance = world.instance
    counted = {
        "Time of the instance": f"{world.clock():%Y-%m-%d %H:%M:%S} UTC",
        "People": str(instance.count("sys_user")),
        "Incidents": str(instance.count("incident")),
        "Tables": str(len(instance.dictionary.tables)),
        "Requests in the journal": str(len(world.journal)),
        "Faults waiting": str(len(list(world.faults))),
    }
    return console_page(
        request,
        facts(counted),
        button("/reset", "Put the demo data back as they were"),
        heading("Latest requests"),
        request_table(world.journal.latest(LATEST)),
        title="Overview",
    )


async def reset(request: Request) -> Response:
    """POST /simulator/console/reset."""
    reset_demo_data(world_of(request))
    return back_to("", note="reset")
