"""People who call a tool all the time, and what came of each call."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import httpx

from snmcp_project.demo.client import MemoryStorage, connected

PEOPLE = ("abel.tuter", "beth.anglin", "charlie.whitherspoon")
_REVISION: Final = "2025-11-25"
_INITIALIZE: Final[dict[str, Any]] = {
    "protocolVersion": _REVISION,
    "capabilities": {},
    "clientInfo": {"name": "proof", "version": "1"},
}
_CALL: Final[dict[str, Any]] = {"name": "get_my_profile", "arguments": {}}
_BETWEEN_SECONDS: Final = 0.1


@dataclass
class Calls:
    """How many calls were made, and what went wrong with some."""

    made: int = 0
    failures: list[str] = field(default_factory=list)


async def signed_in(mcp: str) -> dict[str, str]:
    """Sign everybody in with ServiceNow and return their access tokens by user name."""
    tokens = {}
    for name in PEOPLE:
        storage = MemoryStorage()
        async with connected(mcp, name, storage=storage):
            if storage.tokens is not None:
                tokens[name] = storage.tokens.access_token
    return tokens


async def call_until(
    stop: asyncio.Event, servers: Sequence[str], tokens: dict[str, str], calls: Calls
) -> None:
    """Let everybody call at every server, one call after another, until `stop` is set."""
    async with httpx.AsyncClient(timeout=30) as web:
        await asyncio.gather(
            *(
                _one_after_another(stop, _Client(web, f"{server}/mcp", token), name, calls)
                for server in servers
                for name, token in tokens.items()
            )
        )


@dataclass
class _Client:
    web: httpx.AsyncClient
    address: str
    token: str
    session: str = ""

    async def ask(self, method: str, params: dict[str, Any]) -> httpx.Response:
        """POST one request and read the whole answer."""
        headers = {
            "Authorization": f"Bearer {self.token}",
            "Accept": "application/json, text/event-stream",
            "MCP-Protocol-Version": _REVISION,
        }
        headers |= {"Mcp-Session-Id": self.session} if self.session else {}
        message = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}
        answer = await self.web.post(self.address, json=message, headers=headers)
        self.session = self.session or answer.headers.get("Mcp-Session-Id", "")
        return answer


async def _one_after_another(stop: asyncio.Event, client: _Client, name: str, calls: Calls) -> None:
    await client.ask("initialize", _INITIALIZE)
    while True:
        calls.made += 1
        try:
            if failure := _failure(await client.ask("tools/call", _CALL), name):
                calls.failures.append(failure)
        except httpx.HTTPError as fault:
            calls.failures.append(repr(fault))
        if stop.is_set():
            return
        await asyncio.sleep(_BETWEEN_SECONDS)


def _failure(answer: httpx.Response, name: str) -> str:
    if answer.status_code != 200:
        return f"HTTP {answer.status_code}"
    text = answer.text
    failed = '"isError":true' in text.replace(" ", "") or name not in text
    return text[:300] if failed else ""
