"""The suite's `authorization` command: it prints an address, and a person goes there."""

import asyncio
import re
import time
from pathlib import Path

import httpx

from snmcp_project.demo.person import allow_client
from snmcp_project.demo.startup import free_port
from tests.conformance.suite import Run

_ADDRESS = re.compile(r"https?://\S+/o/authorize/\S+")
_SECONDS = 60.0


def run_against(site: str, *, output: Path) -> Run:
    """Run the command against a site, where Abel signs in and allows the suite's client."""
    port = free_port()
    run = Run.started(
        "authorization",
        f"--url={site}",
        f"--client-id={_registered(site, f'http://127.0.0.1:{port}/callback')}",
        f"--port={port}",
        f"--resource={site}/mcp",
        output=output,
    )
    if address := _printed_address(run):
        asyncio.run(allow_client(address, "abel.tuter"))
    return run


def _registered(site: str, redirect_uri: str) -> str:
    """Register the suite as a public client; returns its id."""
    asked = {
        "client_name": "Conformance suite",
        "redirect_uris": [redirect_uri],
        "grant_types": ["authorization_code"],
        "token_endpoint_auth_method": "none",
    }
    answer = httpx.post(f"{site}/o/register/", json=asked)
    answer.raise_for_status()
    return str(answer.json()["client_id"])


def _printed_address(run: Run) -> str | None:
    """Where the person has to go; None if the command ended before it said so."""
    deadline = time.monotonic() + _SECONDS
    while time.monotonic() < deadline:
        if found := _ADDRESS.search(run.printed()):
            return found.group()
        if run.process.poll() is not None:
            return None
        time.sleep(0.05)
    return None
