"""Calling tools as somebody, through the real client, on the simulated instance."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

import httpx
from jsonschema import Draft202012Validator
from starlette.applications import Starlette

from servicenow.auth import FixedToken
from servicenow.client import ServiceNowClient
from servicenow.http import cookieless_client
from simulator.control.faults import Fault, FaultKind
from simulator.control.request_journal import JournalEntry
from simulator.instance import Instance
from simulator.world import World
from tests.tools_app.callers import INSTANCE_URL
from tools_app.catalog import CATALOG
from tools_app.identity import Caller
from tools_app.results import ANSWER_LIMIT, size
from tools_app.spec import ToolCall, make_call

CORRELATION_ID = "0f4c2b6e9d3a4c5f8e7d6a5b4c3d2e1f"


@dataclass(frozen=True)
class Desk:
    """One person at work: their caller and their own client."""

    caller: Caller
    client: ServiceNowClient
    world: World

    @property
    def instance(self) -> Instance:
        """The inside of the simulated instance."""
        return self.world.instance

    def tool_call(self, tool: str = "update_incident") -> ToolCall:
        """What a call of `tool` by this person gets."""
        return make_call(
            CATALOG[tool], caller=self.caller, client=self.client, correlation_id=CORRELATION_ID
        )

    async def call(self, tool: str, /, **arguments: object) -> dict[str, Any]:
        """Call a tool as an MCP client does; what it answers fits its schema and its limit."""
        spec = CATALOG[tool]
        result = await spec.run(self.tool_call(tool), spec.validate(arguments))
        answer = result.model_dump(mode="json")
        Draft202012Validator(spec.output_schema).validate(answer)
        assert size(answer) <= ANSWER_LIMIT
        return answer

    def fault(self, kind: FaultKind, *, path: str = "*", method: str = "*", **more: Any) -> None:
        """Let the next matching request fail."""
        self.world.faults.add(Fault(kind=kind, path=path, method=method, **more))

    def requests(self, method: str = "*", path: str = "") -> list[JournalEntry]:
        """What arrived at the instance, writes and reads."""
        return [
            entry
            for entry in self.world.journal
            if method in {"*", entry.method} and entry.path.startswith(path)
        ]

    def sent(self) -> list[JournalEntry]:
        """What was sent to the instance: what came inside a batch has no client of its own."""
        return [entry for entry in self.world.journal if "user-agent" in entry.headers]

    def one(self, table: str, encoded: str) -> dict[str, str]:
        """The first row that matches an encoded query, without anybody's rights."""
        return self.instance.query(table, encoded, limit=1)[0]

    def row(self, table: str, sys_id: str) -> dict[str, str]:
        """A row as it is stored, without anybody's rights."""
        found = self.instance.row(table, sys_id)
        assert found is not None
        return found


@asynccontextmanager
async def seated(simulator: Starlette, caller: Caller) -> AsyncIterator[Desk]:
    """`caller` at work on the simulated instance, with a live token of their own."""
    world: World = simulator.state.world
    person = world.instance.find_user(caller.user_name)
    assert person is not None
    client = world.clients.all()[0]
    token = world.credentials.grant(client, user=person["sys_id"], scope="useraccount").access
    async with cookieless_client(transport=httpx.ASGITransport(simulator)) as http:
        yield Desk(
            caller=replace(caller, sys_id=person["sys_id"]),
            client=ServiceNowClient(INSTANCE_URL, http=http, tokens=FixedToken(token.token)),
            world=world,
        )
