"""What a client may say of who is acting, which revisions are served, what tools look like."""

import asyncio
from pathlib import Path

import httpx

from snmcp_project.demo.client import MemoryStorage, connected
from snmcp_project.demo.site import DemoSite
from tests.end_to_end.clients.command_line import Inspector
from tests.end_to_end.clients.stage import Person, Stage, ToolRefused
from tools_app.catalog import CATALOG


async def caller_of(mcp: str, number: str) -> str:
    """Who reported an incident, as Beth reads it."""
    async with connected(mcp, "beth.anglin") as beth:
        answer = await beth.call_tool("get_incident", {"incident": number})
    assert answer.structured_content is not None
    return str(answer.structured_content["caller"]["name"])


async def test_a_foreign_caller_as_an_argument_is_refused(mcp: str) -> None:
    async with connected(mcp, "abel.tuter") as abel:
        answer = await abel.call_tool(
            "create_incident", {"short_description": "Forged", "caller_id": "beth.anglin"}
        )
    assert answer.is_error
    assert "VALIDATION_ERROR" in str(answer.content)
    assert "caller_id" in str(answer.content)


async def test_a_foreign_caller_in_other_fields_is_dropped_and_named(mcp: str) -> None:
    async with connected(mcp, "abel.tuter") as abel:
        answer = await abel.call_tool(
            "create_incident",
            {"short_description": "Forged too", "other_fields": {"caller_id": "beth.anglin"}},
        )
    assert answer.structured_content is not None
    assert "caller_id" in str(answer.structured_content["ignored"])
    number = answer.structured_content["number"]
    assert await caller_of(mcp, number) == "Abel Tuter"


OLDER_REVISIONS = ["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"]


def as_of(revision: str) -> dict[str, object]:
    """What a client of that revision says first."""
    params = {
        "protocolVersion": revision,
        "capabilities": {},
        "clientInfo": {"name": "old", "version": "1"},
    }
    return {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": params}


async def test_clients_of_the_older_revisions_are_served(mcp: str) -> None:
    storage = MemoryStorage()
    async with connected(mcp, "abel.tuter", storage=storage) as client:
        await client.list_tools()
    assert storage.tokens is not None
    headers = {
        "Authorization": f"Bearer {storage.tokens.access_token}",
        "Accept": "application/json, text/event-stream",
    }
    call = {"name": "get_my_profile", "arguments": {}}
    question = {"jsonrpc": "2.0", "id": 2, "method": "tools/call", "params": call}
    async with httpx.AsyncClient(headers=headers, timeout=30) as http:
        for revision in OLDER_REVISIONS:
            opened = await http.post(mcp, json=as_of(revision))
            assert opened.json()["result"]["protocolVersion"] == revision
            session = {"MCP-Protocol-Version": revision}
            if "Mcp-Session-Id" in opened.headers:
                session["Mcp-Session-Id"] = opened.headers["Mcp-Session-Id"]
            answer = await http.post(mcp, json=question, headers=session)
            profile = answer.json()["result"]["structuredContent"]
            assert profile["user_name"] == "abel.tuter", revision


async def test_the_inspector_finds_schemas_portable_in_every_era_and_shows_failures(
    mcp: str, site: DemoSite, tmp_path: Path
) -> None:
    inspector = Inspector(Stage(mcp, tmp_path, site.environment()), Person("abel.tuter"))
    listed = ["--method", "tools/list", "--strict", "--protocol-era"]
    answers = [await inspector.answer(*listed, "legacy")]
    # It fits even failures to a tool's output schema, and would show only that they do not.
    missing = ["--method", "tools/call", "--tool-name", "get_incident", "--stored-auth-only"]
    *others, failed = await asyncio.gather(
        inspector.answer(*listed, "auto", "--stored-auth-only"),
        inspector.answer(*listed, "modern", "--stored-auth-only"),
        inspector.answer(*missing, "--tool-arg", "incident=INC9999999"),
        return_exceptions=True,
    )
    assert [len(answer["tools"]) for answer in (*answers, *others)] == [len(CATALOG)] * 3
    assert isinstance(failed, ToolRefused)
    assert "There is no such record" in str(failed)
