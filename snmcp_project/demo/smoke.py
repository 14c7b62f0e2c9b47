"""`make smoke`: start a fresh demo on free ports and walk the main job with a real MCP client."""

import asyncio
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import httpx
from mcp import Client

from snmcp_project.demo.browser import Browser
from snmcp_project.demo.client import connected
from snmcp_project.demo.failures import DemoFailed
from snmcp_project.demo.person import sign_in
from snmcp_project.demo.processes import Processes
from snmcp_project.demo.site import DemoSite
from snmcp_project.demo.startup import bring_up, free_port
from snmcp_project.embedded_redis import RedisDidNotStart

NOTE = "Found the loose cable behind the printer."


class StepFailed(DemoFailed):
    """A step of the walk gave something else than it must."""


def main() -> int:
    """Walk the main job; print each step; return 0 if all of it worked, else 1."""
    started = time.monotonic()
    failed = False
    with tempfile.TemporaryDirectory(prefix="snmcp-smoke-", ignore_cleanup_errors=True) as folder:
        site = DemoSite(Path(folder), free_port(), free_port())
        try:
            with Processes(site.directory / "logs", site.environment()) as processes:
                bring_up(site, processes, report=_step)
                asyncio.run(walk(site))
        except* (DemoFailed, RedisDidNotStart) as failures:
            failed = True
            for failure in _leaves(failures):
                print(f"FAILED: {failure}", file=sys.stderr)
    if not failed:
        _step(f"All of it worked, in {time.monotonic() - started:.0f} s")
    return int(failed)


def _leaves(group: BaseExceptionGroup[Exception]) -> Iterator[BaseException]:
    for one in group.exceptions:
        if isinstance(one, BaseExceptionGroup):
            yield from _leaves(one)
        else:
            yield one


async def walk(site: DemoSite) -> None:
    """Sign in on the page, connect two people's clients, work on an incident, read it back."""
    async with httpx.AsyncClient(timeout=30) as http:
        browser = Browser(http)
        await browser.open(f"{site.address}/oauth/authorize")
        ended_at = await sign_in(browser, "abel.tuter")
        _require(ended_at == f"{site.address}/connection", f"My connection, not {ended_at}")
    _step("Abel signed in on the web page")
    mcp = f"{site.address}/mcp"
    async with connected(mcp, "abel.tuter") as abel:
        _step("Abel's client registered, Abel signed in and allowed it, and it has its token")
        number = await work_on_an_incident(abel)
    async with connected(mcp, "beth.anglin") as beth:
        incident = await _call(beth, "get_incident", incident=number)
        _require(incident["caller"]["name"] == "Abel Tuter", f"the caller is Abel: {incident}")
        _step(f"Beth reads {number} as herself: its caller is Abel Tuter")


async def work_on_an_incident(client: Client) -> str:
    """Create, find, note and resolve an incident; returns its number."""
    tools = (await client.list_tools()).tools
    _step(f"It sees {len(tools)} tools")
    created = await _call(client, "create_incident", short_description="The printer hums")
    number = str(created["number"])
    _step(f"Created {number}")
    found = await _call(client, "search_incidents", text="printer hums")
    _require(number in [one["number"] for one in found["records"]], f"the search finds {number}")
    await _call(client, "add_work_note", record=number, note=NOTE)
    journal = await _call(client, "get_journal", record=number)
    _require(NOTE in str(journal), "the journal has the note")
    _step("Found it by its text and added a work note")
    await _call(
        client,
        "resolve_incident",
        incident=number,
        close_code="Solution provided",
        close_notes="Put the cable back.",
    )
    _step("Resolved it")
    return number


async def _call(client: Client, tool: str, **arguments: str) -> Mapping[str, Any]:
    answer = await client.call_tool(tool, arguments)
    if answer.is_error or answer.structured_content is None:
        raise StepFailed(f"{tool} answered {answer.content}")
    return dict(answer.structured_content)


def _require(holds: bool, what: str) -> None:  # noqa: FBT001  # reads as a sentence
    if not holds:
        raise StepFailed(what)


def _step(words: str) -> None:
    print(f"  {words}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
