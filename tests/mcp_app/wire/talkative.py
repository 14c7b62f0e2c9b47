"""A small MCP server that says, asks and waits, behind the product's own endpoint."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import anyio
from mcp.server.context import ServerRequestContext
from mcp.server.lowlevel import Server
from mcp.server.subscriptions import ToolsListChanged
from mcp.shared.exceptions import MCPError
from mcp_types import CallToolRequestParams, CallToolResult, ListToolsResult, TextContent

from mcp_app.endpoint import McpEndpoint, close_everything
from mcp_app.lifecycle import Services
from mcp_app.service import McpService
from mcp_app.sessions.changes import Changes
from mcp_app.sessions.listening import Listening
from tests.mcp_app.clients import INITIALIZE, Wire, request

Context = ServerRequestContext[Any, Any]
QUESTION = {"type": "object", "properties": {"name": {"type": "string"}}}


@dataclass
class Tools:
    """What the tools did."""

    changes: Changes
    began: asyncio.Event = field(default_factory=asyncio.Event)
    may_end: asyncio.Event = field(default_factory=asyncio.Event)
    was_cancelled: bool = False

    async def call(self, ctx: Context, params: CallToolRequestParams) -> CallToolResult:
        text = await getattr(self, params.name)(ctx)
        return CallToolResult(content=[TextContent(type="text", text=text)])

    async def answer(self, _ctx: Context) -> str:
        return "at once"

    async def say(self, ctx: Context) -> str:
        await ctx.session.report_progress(1, 2, "half")
        await ctx.session.report_progress(2, 2)
        return "said"

    async def ask(self, ctx: Context) -> str:
        answer = await ctx.session.elicit_form(
            "Your name?", QUESTION, related_request_id=ctx.request_id
        )
        return f"{answer.action} {answer.content}"

    async def wait(self, _ctx: Context) -> str:
        self.began.set()
        try:
            await anyio.sleep_forever()
        except asyncio.CancelledError:
            self.was_cancelled = True
            raise
        return ""

    async def finish(self, _ctx: Context) -> str:
        self.began.set()
        await self.may_end.wait()
        return "finished"

    async def tell(self, ctx: Context) -> str:
        await ctx.session.send_tool_list_changed()
        return "told"

    async def change(self, _ctx: Context) -> str:
        await self.changes.publish(ToolsListChanged())
        return "changed"

    async def fail(self, _ctx: Context) -> str:
        raise RuntimeError("password=hunter2")

    async def refuse(self, _ctx: Context) -> str:
        raise MCPError(-32602, "Not like this")


@dataclass
class Talk:
    """One person's client of that server."""

    endpoint: McpEndpoint
    token: str
    tools: Tools
    session: str = ""

    def wire(
        self, message: dict[str, Any] | bytes, *, method: str = "POST", **headers: str
    ) -> Wire:
        """A request as this client sends it."""
        sent = {"Authorization": f"Bearer {self.token}"}
        sent |= {"Mcp-Session-Id": self.session} if self.session else {}
        body = message if isinstance(message, bytes) else json.dumps(message).encode()
        return Wire(body, headers=sent | headers, method=method, to=self.endpoint)

    async def post(self, message: dict[str, Any], **headers: str) -> Wire:
        """Send a message and wait for the whole answer."""
        wire = self.wire(message, **headers)
        await wire.run()
        return wire

    async def call(self, tool: str, *, token: str | None = None, **headers: str) -> Wire:
        """Call a tool and wait for the whole answer; `token` asks for progress."""
        return await self.post(calling(tool, token=token), **headers)

    async def open(self, **changed: Any) -> "Talk":
        """Open a session and return the client inside it."""
        wire = await self.post(request("initialize", INITIALIZE | changed))
        assert wire.status == 200, wire.body
        session = wire.answered[b"mcp-session-id"].decode()
        return Talk(self.endpoint, self.token, self.tools, session)

    @asynccontextmanager
    async def standing(self) -> AsyncIterator[Wire]:
        """Hold this session's stream open."""
        wire = self.wire(b"", method="GET")
        async with going_on(wire):
            await wire.until(": still here")
            yield wire


def calling(tool: str, *, id_: object = 1, token: str | None = None) -> dict[str, Any]:
    """A tool call."""
    meta = {"_meta": {"progressToken": token}} if token else {}
    return request("tools/call", {"name": tool, "arguments": {}, **meta}, id_=id_)


@asynccontextmanager
async def going_on(wire: Wire) -> AsyncIterator["asyncio.Task[None]"]:
    """Serve a request meanwhile; its client leaves at the end if it is not over."""
    task = asyncio.create_task(wire.run())
    try:
        yield task
    finally:
        wire.leave()
        await task


@asynccontextmanager
async def talkative(
    *, comment_seconds: float = 15.0, head_seconds: float = 15.0, patience_seconds: float = 0.05
) -> AsyncIterator[tuple[McpEndpoint, Tools]]:
    """The endpoint with that server, until the block ends."""
    made: list[Tools] = []

    def make_server(changes: Changes) -> Server[Any]:
        made.append(Tools(changes))
        server: Server[Any] = Server(
            "talkative",
            on_list_tools=_no_tools,
            on_call_tool=made[-1].call,
            on_subscriptions_listen=Listening(changes, check_seconds=comment_seconds),
        )
        server.middleware.clear()
        return server

    service = McpService(
        make_server,
        comment_seconds=comment_seconds,
        head_seconds=head_seconds,
        patience_seconds=patience_seconds,
    )
    endpoint = McpEndpoint(services=Services(lambda: service, after_stop=close_everything))
    yield endpoint, made[0]
    await endpoint.stop()


async def _no_tools(ctx: Context, params: object) -> ListToolsResult:
    return ListToolsResult(tools=[])
