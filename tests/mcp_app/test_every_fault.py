"""Every fault of an instance against every tool, as an MCP client sees it.

Whatever goes wrong: HTTP 200 and a failure with a code, or a success that is proved; a read is sent
three times at most, a write once; after 30 seconds a call is over.
"""

import asyncio
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from typing import Any

import pytest
import stamina
from pytest_django import Settings
from starlette.applications import Starlette

from audit_app.models import ToolCallOutcome
from simulator.control.faults import Fault, FaultKind
from simulator.control.request_journal import JournalEntry
from simulator.world import World
from tests.mcp_app.clients import Http, call, failure_in
from tests.mcp_app.people import Person
from tests.tools_app.callers import ABEL
from tests.tools_app.catalog.each_tool import prepared
from tests.tools_app.desk import seated
from tools_app.catalog import CATALOG

BUDGET_SECONDS = 30
# A little less and a little more; real time passes too.
NOT_YET, OVER = BUDGET_SECONDS - 5, 6
DONE = ""
# What is asked for by POST is elsewhere.
WRITTEN_TO = ("/api/now/table/*", "/api/sn_*")


@dataclass(frozen=True)
class Ending:
    """How a call ends whose every read, or every write, meets one fault.

    `write` is the code of a tool that writes, `DONE` where the record then proves what was done.
    A read is sent at most `reads` times, a write `writes` times.
    """

    read: str
    write: str
    reads: int = 1
    writes: int = 1


def refused(code: str, *, reads: int = 1, writes: int = 1) -> Ending:
    """The instance said no, and did nothing."""
    return Ending(code, code, reads=reads, writes=writes)


LOST = Ending("SN_UNAVAILABLE", "OUTCOME_UNKNOWN")
PROVED = Ending("SN_UNAVAILABLE", DONE)
# By what they have in common: each group has an instance of its own, which takes a second.
ENDINGS: dict[str, dict[FaultKind, Ending]] = {
    "refused": {
        # Sent again once the token is renewed, writes too: a 401 did nothing.
        FaultKind.NOT_AUTHENTICATED: refused("AUTH_EXPIRED", reads=2, writes=2),
        FaultKind.NOT_AUTHENTICATED_OTHER_WORDS: refused("AUTH_EXPIRED", reads=2, writes=2),
        FaultKind.NOT_AUTHORIZED: refused("INSUFFICIENT_PERMISSIONS"),
        # What may be a matter of one field is asked for in two ways, each of which asks once.
        FaultKind.SCOPE_NOT_ALLOWED: refused("INSUFFICIENT_PERMISSIONS", reads=2),
        # It asks to wait for 30 seconds, which is too long for a call.
        FaultKind.RATE_LIMITED: refused("RATE_LIMITED"),
    },
    "not done": {
        FaultKind.SERVER_FAULT: LOST,
        FaultKind.HIBERNATING_PAGE: LOST,
        FaultKind.LOGIN_PAGE: LOST,
    },
    "not done, in passing": {
        FaultKind.BAD_GATEWAY: replace(LOST, reads=3),
        FaultKind.UNAVAILABLE: replace(LOST, reads=3),
        FaultKind.RESET_BEFORE: replace(LOST, reads=3),
    },
    "done": {
        FaultKind.SERVER_FAULT_AFTER_COMMIT: PROVED,
        FaultKind.TRUNCATED: PROVED,
        FaultKind.ERROR_IN_200: PROVED,
        FaultKind.MALFORMED_ERROR_IN_200: PROVED,
    },
    "done, in passing": {
        FaultKind.RESET_MIDWAY: replace(PROVED, reads=3),
        FaultKind.RESET_AFTER: replace(PROVED, reads=3),
    },
    "too slow": {
        # The time for a look at what became of a write is over too.
        FaultKind.SLOW: LOST,
        FaultKind.DRIP: LOST,
        FaultKind.HOLD: LOST,
    },
}
STALLING = ENDINGS["too slow"]
# Writes that nothing in the record proves.
UNPROVED = {
    "check_change_conflicts",
    "change_update_set",
    "create_update_set",
}


@dataclass
class LoopTime:
    """The clock of the event loop, which can be put forward."""

    ahead: float = 0.0

    def __post_init__(self) -> None:
        loop = asyncio.get_running_loop()
        own = loop.time
        loop.time = lambda: own() + self.ahead  # type: ignore[method-assign]  # ends with the loop

    async def pass_by(self, seconds: float) -> None:
        """Let so much time pass at once, and whatever waits for it happen."""
        self.ahead += seconds
        for _ in range(10):
            await asyncio.sleep(0)


@pytest.fixture(autouse=True)
def _repeat_at_once() -> Iterator[None]:
    """The number of attempts stays what the client chose; of a thousand nobody reads a log."""
    stamina.instrumentation.set_on_retry_hooks([])
    with stamina.set_testing(True, attempts=10, cap=True):
        yield
    stamina.instrumentation.set_on_retry_hooks(None)


@dataclass(frozen=True)
class Trouble:
    """An instance on which one fault befalls whatever is asked of it."""

    world: World
    kind: FaultKind
    mcp: Http
    token: str
    time: LoopTime

    async def call(self, tool: str, arguments: dict[str, object]) -> dict[str, Any]:
        """Call a tool whose reads fail, or whose writes if it writes; its result."""
        writes = CATALOG[tool].access.writes
        self.world.journal.clear()
        for path in WRITTEN_TO if writes else ("/api/*",):
            self.world.faults.add(
                Fault(
                    kind=self.kind,
                    path=path,
                    method="P*" if writes else "*",
                    count=None,
                    seconds=600,
                )
            )
        accepted = {"Accept": "application/json"}
        working = asyncio.create_task(
            self.mcp.modern(call(tool, arguments), token=self.token, headers=accepted)
        )
        if self.kind in STALLING:
            await self._stalled(working)
        answer = await working
        self.world.faults.clear()
        assert answer.status_code == 200, answer.text
        result: dict[str, Any] = answer.json()["result"]
        return result

    async def _stalled(self, working: asyncio.Task[Any]) -> None:
        """Nothing ends the call before its time, and its time ends it."""
        while not any(entry.fault for entry in self.world.journal):  # noqa: ASYNC110  # no event
            await asyncio.sleep(0.001)
        await self.time.pass_by(NOT_YET)
        assert not working.done()
        await self.time.pass_by(OVER)

    def sent(self, *, writes: bool) -> list[int]:
        """How often each request that reads, or each that writes, was sent to an API."""
        requests = Counter(
            (entry.method, entry.path, entry.query_string, entry.body)
            for entry in self.world.journal
            if entry.path.startswith("/api/") and is_write(entry) is writes
        )
        return list(requests.values())


def is_write(entry: JournalEntry) -> bool:
    """Whether a request changes something."""
    return entry.method != "GET" and any(fnmatchcase(entry.path, path) for path in WRITTEN_TO)


def test_every_fault_has_its_ending() -> None:
    assert {kind for group in ENDINGS.values() for kind in group} == set(FaultKind)


@pytest.mark.timeout(60)
@pytest.mark.parametrize("group", ENDINGS)
async def test_every_tool_ends_every_fault_with_a_code_and_sends_no_write_again(
    mcp: Http, abel: Person, simulator: Starlette, settings: Settings, group: str
) -> None:
    settings.RATE_LIMIT_PER_USER = 1_000
    token, time = await abel.access_token(), LoopTime()
    codes = []
    async with seated(simulator, ABEL) as desk:
        for kind, ending in ENDINGS[group].items():
            trouble = Trouble(desk.world, kind, mcp, token, time)
            for tool in CATALOG:
                result = await trouble.call(tool, await prepared(desk, tool))
                codes.append(assert_ends(result, tool=tool, ending=ending, trouble=trouble))
    on_record = ToolCallOutcome.objects.order_by("pk").values_list("code", flat=True)
    assert [code async for code in on_record] == codes


def assert_ends(result: dict[str, Any], *, tool: str, ending: Ending, trouble: Trouble) -> str:
    """One call ended as it should, and the instance saw no more of it than it should; its code."""
    of_what, writes = f"{tool} under {trouble.kind}", CATALOG[tool].access.writes
    expected = ending.write if writes else ending.read
    if expected == DONE and tool in UNPROVED:
        expected = "OUTCOME_UNKNOWN"
    failure = failure_in(result) if result.get("isError") else {"code": DONE}
    assert failure["code"] == expected, f"{of_what}: {failure}"
    assert expected == DONE or (failure["message"] and failure["next_step"]), of_what
    if writes:
        assert trouble.sent(writes=True) == [ending.writes], of_what
    else:
        assert max(trouble.sent(writes=False)) <= ending.reads, of_what
        assert not trouble.sent(writes=True), of_what
    return expected


# A calculation that was begun and cannot be looked at now may be begun again.
WRITING = [
    name
    for name, tool in CATALOG.items()
    if tool.access.writes and name != "check_change_conflicts"
]


@pytest.mark.timeout(60)
async def test_what_is_written_is_never_told_as_if_it_could_be_tried_again(
    mcp: Http, abel: Person, simulator: Starlette, settings: Settings
) -> None:
    settings.RATE_LIMIT_PER_USER = 1_000
    token = await abel.access_token()
    async with seated(simulator, ABEL) as desk:
        for tool in WRITING:
            for step in range(20):
                arguments = await prepared(desk, tool)
                desk.world.journal.clear()
                desk.fault(FaultKind.SERVER_FAULT, path="/api/*", count=None, skip=step)
                result = await mcp.call(tool, arguments, token=token)
                desk.world.faults.clear()
                if not any(entry.fault for entry in desk.world.journal):
                    break
                is_written = any(is_write(one) and not one.fault for one in desk.world.journal)
                if is_written and result.get("isError"):
                    assert failure_in(result)["code"] == "OUTCOME_UNKNOWN", (tool, step)
            assert step > 0
            assert not result.get("isError"), tool
