"""Clients that are programs of Node: the stdio bridge mcp-remote, and the Inspector's CLI.

Both print the address that a person shall open, and listen on loopback for the answer.
"""

import asyncio
import json
import os
import re
from collections.abc import AsyncIterable, AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from mcp import Client
from mcp.client.stdio import StdioServerParameters, stdio_client

from tests.end_to_end.clients.python_clients import PythonClient
from tests.end_to_end.clients.stage import Call, Person, Stage, ToolRefused
from tests.support.node import CLIENTS, node_program

MODULES = CLIENTS / "node_modules"
MCP_REMOTE = MODULES / "mcp-remote/dist/proxy.js"
INSPECTOR = MODULES / "@modelcontextprotocol/inspector/clients/launcher/build/index.js"
TO_OPEN = re.compile(r"https?://\S+/o/authorize/\S+")


@asynccontextmanager
async def mcp_remote(stage: Stage, person: Person, *, mode: str) -> AsyncIterator[Call]:
    """Connect a client that speaks stdio only, through mcp-remote; `mode` is that of the bridge."""
    reading, writing = os.pipe()
    errors = asyncio.StreamReader()
    transport, _ = await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(errors), os.fdopen(reading, "rb")
    )
    opening = asyncio.create_task(_open_what_is_printed(errors, person))
    bridge = StdioServerParameters(
        command=str(node_program()),
        args=[str(MCP_REMOTE), stage.mcp, "--allow-http", "--protocol", mode],
        # It opens the desktop's browser too, where it finds one.
        env={**stage.environment, "HOME": str(stage.home), "BROWSER": "true"},
    )
    try:
        with os.fdopen(writing, "w") as log:
            async with Client(stdio_client(bridge, errlog=log), mode="legacy") as client:
                yield PythonClient(client).call
        await opening
    finally:
        transport.close()


async def _open_what_is_printed(lines: AsyncIterable[bytes], person: Person) -> str:
    """Open each address to allow the client at; returns all that was printed."""
    printed = ""
    async for line in lines:
        printed += line.decode()
        if address := TO_OPEN.search(line.decode()):
            await person.open(address.group())
    return printed


class Inspector:
    """The Inspector CLI. It runs once for each question, and keeps its tokens in its home."""

    def __init__(self, stage: Stage, person: Person) -> None:
        self._stage = stage
        self._person = person
        path = f"{node_program().parent}:{stage.environment['PATH']}"
        self._environment = {
            **stage.environment,
            "PATH": path,
            "HOME": str(stage.home),
            # Without a terminal it signs in only where it believes a browser will open.
            "MCP_AUTO_OPEN_ENABLED": "true",
            # Where no keychain runs, it would forget the token between two calls.
            "MCP_INSPECTOR_SECRET_STORE": "file",
        }
        self._sign_in: list[str] = []

    async def answer(self, *arguments: str) -> dict[str, Any]:
        """Ask with these arguments; returns the result it prints. Raises ToolRefused."""
        process = await asyncio.create_subprocess_exec(
            *(str(node_program()), str(INSPECTOR), "--cli", self._stage.mcp),
            *("--transport", "http", *arguments),
            env=self._environment,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        assert process.stdout is not None
        assert process.stderr is not None
        output, errors = await asyncio.gather(
            process.stdout.read(), _open_what_is_printed(process.stderr, self._person)
        )
        if await process.wait() != 0:
            raise ToolRefused(output.decode() + errors)
        answer: dict[str, Any] = json.loads(output)
        return answer

    async def call(self, tool: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """Call a tool, one process for it; returns its structured content. Raises ToolRefused."""
        given = [f"--tool-arg={name}={value}" for name, value in arguments.items()]
        asked = ["--method", "tools/call", "--tool-name", tool, *given]
        answer = await self.answer(*asked, *self._sign_in)
        self._sign_in = ["--stored-auth-only"]
        content: dict[str, Any] = answer["structuredContent"]
        return content


@asynccontextmanager
async def inspector(stage: Stage, person: Person) -> AsyncIterator[Call]:
    """Call with the Inspector's CLI."""
    yield Inspector(stage, person).call
