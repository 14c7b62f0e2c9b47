"""A person stops a call in their client: the server stops working on it, and says so."""

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import httpx
import pytest

from snmcp_project.demo.site import DemoSite
from tests.end_to_end.clients.every_client import SDK_CLIENTS
from tests.end_to_end.clients.stage import Person, Stage
from tests.end_to_end.site_database import in_doubt, last_outcome

PEOPLE = {
    "python_modern": "fred.luddy",
    "python_legacy": "david.loo",
    "typescript_auto": "don.goodliffe",
    "typescript_legacy": "bow.ruggeri",
}
WITHIN_SECONDS = 1.0


def answer_slowly(site: DemoSite, user_name: str) -> int:
    """Let this person's next question about incidents take a minute; returns the fault's id."""
    fault = {"kind": "slow", "seconds": 60, "path": "/api/now/table/incident", "user": user_name}
    added = httpx.post(f"{site.instance_address}/simulator/faults", json=fault)
    return int(added.raise_for_status().json()["id"])


def has_struck(site: DemoSite, fault: int) -> bool:
    """Whether ServiceNow has been asked, and takes its time now."""
    waiting = httpx.get(f"{site.instance_address}/simulator/faults").json()["faults"]
    return fault not in [one["id"] for one in waiting]


async def seconds_until(happened: Callable[[], bool], *, at_most: float) -> float:
    """Wait until something has happened; returns how long that took."""
    started = time.monotonic()
    while not happened():
        assert time.monotonic() - started < at_most
        await asyncio.sleep(0.01)
    return time.monotonic() - started


@pytest.mark.parametrize("name", SDK_CLIENTS)
async def test_a_call_cancelled_in_the_client_ends_within_a_second(
    site: DemoSite, mcp: str, tmp_path: Path, name: str
) -> None:
    person = Person(PEOPLE[name])
    stage = Stage(mcp, tmp_path, site.environment())
    async with SDK_CLIENTS[name](stage, person.open) as client:
        await client.call("get_my_profile", {})
        fault = answer_slowly(site, person.user_name)
        call = asyncio.create_task(client.call("get_incident", {"incident": "INC0010001"}))
        question = ("get_incident", person.user_name)
        await seconds_until(lambda: has_struck(site, fault), at_most=10)
        assert question in in_doubt(site)
        call.cancel()
        with suppress(asyncio.CancelledError):
            await call
        ended = await seconds_until(lambda: question not in in_doubt(site), at_most=10)
        assert ended < WITHIN_SECONDS
        assert last_outcome(*question, site) == ("failed", "The client went away.")
        assert (await client.call("get_my_profile", {}))["user_name"] == person.user_name
