"""What tests of changes need: a change of one's own, and a seat for whoever has to decide."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

from starlette.applications import Starlette

from tests.tools_app.callers import ABEL
from tests.tools_app.desk import Desk, seated

PLANNED = {"planned_start": "2099-03-01T20:00:00Z", "planned_end": "2099-03-01T22:00:00Z"}


async def planned(desk: Desk, **more: object) -> dict[str, Any]:
    """A new normal change for the Network group."""
    values = {
        "type": "normal",
        "short_description": "Swap the core switch",
        "assignment_group": "Network",
    }
    return await desk.call("create_change_request", **{**values, **more})


async def submitted(desk: Desk) -> dict[str, Any]:
    """A new normal change whose approval is asked for."""
    new = await planned(desk)
    return await desk.call("submit_change_for_approval", change=new["number"])


@asynccontextmanager
async def seat_of(simulator: Starlette, user_name: str) -> AsyncIterator[Desk]:
    """Somebody else of the demo at work."""
    async with seated(simulator, replace(ABEL, user_name=user_name, name="")) as desk:
        yield desk


def approver_of(desk: Desk, change: str, *, who: str = "") -> dict[str, str]:
    """An approval of the change that waits, for this person if one is named."""
    person = f"^approver.user_name={who}" if who else ""
    return desk.one("sysapproval_approver", f"sysapproval={change}^state=requested{person}")
