"""Real MCP clients from nothing: registration, sign-in, consent, token, an incident."""

import asyncio
import json
import re
import subprocess
import tempfile
import threading
import webbrowser
from pathlib import Path
from typing import Any
from uuid import uuid4

import fastmcp
import httpx2
import pytest
from fastmcp.client.auth import OAuth
from mcp import Client
from mcp.client.streamable_http import streamable_http_client

from snmcp_project.demo.client import MemoryStorage, connected
from snmcp_project.demo.person import allow_client
from snmcp_project.demo.site import DemoSite
from tests.support.node import CLIENTS, node_program

INSPECTOR = CLIENTS / "node_modules/@modelcontextprotocol/inspector/clients/launcher/build/index.js"


async def caller_of(mcp: str, number: str) -> str:
    """Who reported an incident, as Beth reads it."""
    async with connected(mcp, "beth.anglin") as beth:
        answer = await beth.call_tool("get_incident", {"incident": number})
    assert answer.structured_content is not None
    return str(answer.structured_content["caller"]["name"])


async def test_the_python_sdk_client_works_as_the_person_who_signed_in(mcp: str) -> None:
    async with connected(mcp, "abel.tuter") as abel:
        created = await abel.call_tool("create_incident", {"short_description": "No sound"})
    assert created.structured_content is not None
    number = created.structured_content["number"]
    assert await caller_of(mcp, number) == "Abel Tuter"


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


@pytest.mark.parametrize("revision", ["2025-03-26", "2025-06-18", "2025-11-25"])
async def test_a_client_of_an_older_revision_is_served(mcp: str, revision: str) -> None:
    storage = MemoryStorage()
    async with connected(mcp, "abel.tuter", storage=storage):
        assert storage.tokens is not None
    headers = {"Authorization": f"Bearer {storage.tokens.access_token}"}
    async with (
        httpx2.AsyncClient(headers=headers) as http,
        Client(streamable_http_client(mcp, http_client=http), mode="legacy") as client,
    ):
        answer = await client.call_tool("get_my_profile", {})
    assert answer.structured_content is not None
    assert answer.structured_content["user_name"] == "abel.tuter"
    initialize = {
        "jsonrpc": "2.0",
        "id": 1,
        "method": "initialize",
        "params": {
            "protocolVersion": revision,
            "capabilities": {},
            "clientInfo": {"name": "old", "version": "1"},
        },
    }
    async with httpx2.AsyncClient(headers=headers) as http:
        opened = await http.post(mcp, json=initialize, headers={"Accept": "application/json"})
    assert opened.json()["result"]["protocolVersion"] == revision


@pytest.mark.filterwarnings("ignore:Using in-memory token storage:UserWarning")
async def test_fastmcps_client_signs_in_with_its_own_oauth(
    mcp: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def open_browser(url: str) -> bool:
        walk = threading.Thread(target=lambda: asyncio.run(allow_client(url, "abel.tuter")))
        walk.start()
        return True

    monkeypatch.setattr(webbrowser, "open", open_browser)
    async with fastmcp.Client(mcp, auth=OAuth(client_name="fastmcp")) as client:
        answer = await client.call_tool("create_incident", {"short_description": "From fastmcp"})
    assert answer.structured_content is not None
    number = answer.structured_content["number"]
    assert await caller_of(mcp, number) == "Abel Tuter"


class Inspector:
    """The Inspector CLI with a home of its own; Abel opens the address that it prints."""

    def __init__(self, mcp: str, site: DemoSite, home: Path) -> None:
        self._mcp = mcp
        environment = site.environment()
        path = f"{node_program().parent}:{environment['PATH']}"
        # Without a terminal the Inspector signs in only where it believes a browser will open.
        own = {"PATH": path, "HOME": str(home), "MCP_AUTO_OPEN_ENABLED": "true"}
        self._environment = environment | own

    def run(self, *arguments: str) -> tuple[int, str, str]:
        """Return its exit status and what it printed to standard output and error."""
        command = [str(node_program()), str(INSPECTOR), "--cli", self._mcp, "--transport", "http"]
        with (
            tempfile.TemporaryFile("w+") as output,
            subprocess.Popen(
                [*command, *arguments],
                env=self._environment,
                stdout=output,
                stderr=subprocess.PIPE,
                text=True,
            ) as child,
        ):
            watchdog = threading.Timer(60, child.kill)
            watchdog.start()
            assert child.stderr is not None
            errors = ""
            for line in child.stderr:
                errors += line
                if address := re.search(r"https?://\S+/o/authorize/\S+", line):
                    asyncio.run(allow_client(address.group(), "abel.tuter"))
            status = child.wait()
            watchdog.cancel()
            output.seek(0)
            return status, output.read(), errors

    def answer(self, *arguments: str) -> dict[str, Any]:
        status, output, errors = self.run(*arguments)
        assert status == 0, output + errors
        answer: dict[str, Any] = json.loads(output)
        return answer


@pytest.fixture
def inspector(mcp: str, site: DemoSite, tmp_path: Path) -> Inspector:
    return Inspector(mcp, site, tmp_path)


def test_the_inspector_signs_in_and_creates_an_incident(mcp: str, inspector: Inspector) -> None:
    title = f"From the Inspector {uuid4().hex[:6]}"
    answer = inspector.answer(
        *("--method", "tools/call", "--tool-name", "create_incident"),
        *("--tool-arg", f"short_description={title}"),
    )
    number = answer["structuredContent"]["number"]
    assert asyncio.run(caller_of(mcp, number)) == "Abel Tuter"


@pytest.mark.parametrize("era", ["legacy", "modern"])
def test_the_inspector_finds_every_schema_portable(inspector: Inspector, era: str) -> None:
    answer = inspector.answer("--method", "tools/list", "--strict", "--protocol-era", era)
    assert len(answer["tools"]) == 11
