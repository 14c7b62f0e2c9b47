"""One tool call over HTTP, each on its own (revision 2026-07-28), and what came of it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import httpx

from proofs.site import Worker

_REVISION: Final = "2026-07-28"
_ENVELOPE: Final = {
    "io.modelcontextprotocol/protocolVersion": _REVISION,
    "io.modelcontextprotocol/clientCapabilities": {},
    "io.modelcontextprotocol/clientInfo": {"name": "proof", "version": "1"},
}


@dataclass(frozen=True)
class Answered:
    """An answer; `code` is that of a failed call, empty where it succeeded."""

    status: int
    id: object
    code: str
    result: Mapping[str, Any]

    @property
    def succeeded(self) -> bool:
        """Whether the tool did what it was asked."""
        return self.status == 200 and not self.code


def message(tool: str, arguments: Mapping[str, object], *, id_: object = 1) -> dict[str, Any]:
    """A `tools/call`."""
    params = {"name": tool, "arguments": arguments, "_meta": _ENVELOPE}
    return {"jsonrpc": "2.0", "id": id_, "method": "tools/call", "params": params}


def headers(tool: str, *, token: str) -> dict[str, str]:
    """The headers that go with it."""
    return {
        "Authorization": f"Bearer {token}",
        "Accept": "application/json, text/event-stream",
        "MCP-Protocol-Version": _REVISION,
        "Mcp-Method": "tools/call",
        "Mcp-Name": tool,
    }


async def asked(
    web: httpx.AsyncClient,
    worker: Worker,
    tool: str,
    arguments: Mapping[str, object],
    *,
    token: str,
    id_: object = 1,
) -> Answered:
    """Make the call and read the whole answer. Raises what httpx raises."""
    answer = await web.post(
        f"{worker.address}/mcp",
        json=message(tool, arguments, id_=id_),
        headers=headers(tool, token=token),
    )
    return read(answer)


def read(answer: httpx.Response) -> Answered:
    """What an answer says, be it JSON or a stream of one message."""
    text = answer.text
    if answer.headers.get("content-type", "").startswith("text/event-stream"):
        lines = [line for line in text.splitlines() if line.startswith("data: {")]
        text = lines[-1].removeprefix("data: ") if lines else "{}"
    try:
        said = json.loads(text)
    except ValueError:
        said = {}
    result = said.get("result", {})
    return Answered(answer.status_code, said.get("id"), _code(answer.status_code, said), result)


def _code(status: int, said: dict[str, Any]) -> str:
    if "error" in said:
        return str(said["error"].get("code", "error"))
    result = said.get("result")
    if not result:
        return f"HTTP {status}"
    if not result.get("isError"):
        return ""
    try:
        return str(json.loads(result["content"][0]["text"])["code"])
    except (ValueError, LookupError):
        return "unreadable"
