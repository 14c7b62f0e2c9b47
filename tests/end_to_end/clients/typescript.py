"""The TypeScript SDK's client, in a process of its own."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from functools import partial
from itertools import count
from typing import Any

from tests.end_to_end.clients.stage import Call, OpenBrowser, Person, Stage, ToolRefused
from tests.support.node import CLIENTS, node_program

SCRIPT = CLIENTS / "typescript_client.mjs"
REDIRECT_URI = "http://127.0.0.1:33419/callback"


class TypeScriptClient:
    """Speaks with the script: one line of JSON each way."""

    def __init__(self, process: asyncio.subprocess.Process, open_browser: OpenBrowser) -> None:
        self._process = process
        self._open_browser = open_browser
        self._ids = count(1)
        self._answers: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self.revision: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    async def listen(self) -> None:
        """Take what the script says, until it ends."""
        assert self._process.stdout is not None
        async for line in self._process.stdout:
            message = json.loads(line)
            if "open" in message:
                await self._say(opened=await self._open_browser(message["open"]))
            elif "connected" in message:
                self.revision.set_result(message["connected"])
            elif "failed" in message:
                self.revision.set_exception(ToolRefused(message["failed"]))
            else:
                self._answers.pop(message["id"]).set_result(message)

    async def ask(self, **question: Any) -> dict[str, Any]:
        """Ask for a tool call or a list; returns the client's result. Raises ToolRefused.

        Cancelled while waiting, it cancels the call as a program in TypeScript would.
        """
        number = next(self._ids)
        answer = self._answers[number] = asyncio.get_running_loop().create_future()
        await self._say(id=number, **question)
        try:
            message = await asyncio.shield(answer)
        except asyncio.CancelledError:
            await self._say(cancel=number)
            await answer
            raise
        if "error" in message:
            raise ToolRefused(message["error"])
        result: dict[str, Any] = message["result"]
        return result

    async def call(self, tool: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """Call a tool; returns its structured content. Raises ToolRefused."""
        result = await self.ask(tool=tool, arguments=dict(arguments))
        if result.get("isError") or "structuredContent" not in result:
            raise ToolRefused(str(result["content"]))
        content: dict[str, Any] = result["structuredContent"]
        return content

    async def tool_names(self) -> list[str]:
        """List the names of the tools there are."""
        return [tool["name"] for tool in (await self.ask(list=True))["tools"]]

    async def _say(self, **message: Any) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(message).encode() + b"\n")
        await self._process.stdin.drain()


@asynccontextmanager
async def typescript_client(
    stage: Stage, open_browser: OpenBrowser, *, mode: str
) -> AsyncIterator[TypeScriptClient]:
    """Start the script; `mode` is the SDK's: "auto" or "legacy"."""
    process = await asyncio.create_subprocess_exec(
        *(str(node_program()), str(SCRIPT), stage.mcp, mode),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        env=stage.environment,
        limit=2**20,
    )
    browser = partial(open_browser, redirect_uri=REDIRECT_URI)
    client = TypeScriptClient(process, browser)
    listening = asyncio.create_task(client.listen())
    try:
        await client.revision
        yield client
    finally:
        assert process.stdin is not None
        process.stdin.close()
        with suppress(ConnectionError):
            await process.stdin.wait_closed()
        await process.wait()
        await listening


@asynccontextmanager
async def typescript(stage: Stage, person: Person, *, mode: str) -> AsyncIterator[Call]:
    """Connect the TypeScript client as a person."""
    async with typescript_client(stage, person.open, mode=mode) as client:
        yield client.call
