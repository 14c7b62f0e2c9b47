"""An MCP server whose tools ask, wait, report and say whose call they serve.

The tools that the conformance scenarios call are among them; these are what is missing there.
"""

import asyncio
import json
from typing import Any

from mcp.server.lowlevel import Server
from mcp.server.subscriptions import ToolsListChanged
from mcp.shared.message import ServerMessageMetadata
from mcp_types import (
    CallToolRequestParams,
    CallToolResult,
    ElicitRequest,
    ElicitRequestFormParams,
    ElicitResult,
)

from mcp_app.auth import credential_of
from mcp_app.sealed_state import sealed_state
from mcp_app.sessions.changes import Changes
from mcp_app.sessions.listening import Listening
from tests.conformance.fixture.asking_tools import asking_tools
from tests.conformance.fixture.input_required_tools import input_required_tools
from tests.conformance.fixture.tools import Context, Tools, strings, text

tools = Tools()


def make_server(changes: Changes) -> Server[Any]:
    """Return the fixture, without a transport; `changes` tells it what listeners wait for."""
    every = _changing(changes).including(tools, asking_tools, input_required_tools)
    server: Server[Any] = Server(
        "two-workers-fixture",
        version="1",
        get_tool_input_schema=every.schema,
        on_list_tools=every.list,
        on_call_tool=every.call,
        on_subscriptions_listen=Listening(changes),
    )
    server.middleware[:] = [sealed_state()]
    return server


def _changing(changes: Changes) -> Tools:
    changing = Tools()

    @changing.tool("change_tools", "Says to everybody that the list of tools has changed")
    async def change_tools(_ctx: Context, _params: CallToolRequestParams) -> CallToolResult:
        await changes.publish(ToolsListChanged())
        return text("changed")

    return changing


@tools.tool(
    "who_am_i", "Answers after a while with the person and a marker", schema=strings("mark")
)
async def who_am_i(ctx: Context, params: CallToolRequestParams) -> CallToolResult:
    arguments = params.arguments or {}
    assert ctx.request is not None
    await asyncio.sleep(arguments.get("milliseconds", 0) / 1000)
    return text(f"{credential_of(ctx.request.scope).user_name} {arguments['mark']}")


@tools.tool("wait", "Says that it waits, and waits for ever")
async def wait(ctx: Context, _params: CallToolRequestParams) -> CallToolResult:
    await ctx.session.report_progress(0, 1, "waiting")
    await asyncio.Event().wait()
    return text("never")


@tools.tool("tell", "Tells this session, outside of any answer, that the list has changed")
async def tell(ctx: Context, _params: CallToolRequestParams) -> CallToolResult:
    await ctx.session.send_tool_list_changed()
    return text("told")


@tools.tool("ask_with_progress", "Asks the person and answers with the progress they reported")
async def ask_with_progress(ctx: Context, _params: CallToolRequestParams) -> CallToolResult:
    heard: list[float] = []

    async def on_progress(progress: float, total: float | None, message: str | None) -> None:
        heard.append(progress)

    form = ElicitRequestFormParams(message="How far?", requested_schema=strings("name"))
    await ctx.session.send_request(
        ElicitRequest(params=form),
        ElicitResult,
        metadata=ServerMessageMetadata(related_request_id=ctx.request_id),
        progress_callback=on_progress,
    )
    return text(json.dumps(heard))
