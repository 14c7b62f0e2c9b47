"""Clients of vendors that cannot run here, as they behave on the wire: plain HTTP by hand."""

import base64
import hashlib
import re
import secrets
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode

import httpx

from snmcp_project.demo.person import authorization_result
from tests.end_to_end.clients.stage import Call, Person, Stage, ToolRefused


@dataclass(frozen=True)
class Vendor:
    """How a vendor's client behaves.

    `accept` is what it can read, `revision` what it asks for first, `resource` whether it knows
    RFC 8707, `acknowledged` what it takes as the answer to a notification.
    """

    name: str
    redirect_uri: str
    revision: str
    accept: str
    acknowledged: int
    auth_method: str
    sends_resource: bool = True
    sends_revision: bool = True


# It asks for 2025-06-18, cannot read streams, keeps the session's id, and has a secret.
SERVICENOW = Vendor(
    name="Servicenow",
    redirect_uri="https://dev12345.service-now.com/oauth_redirect.do",
    revision="2025-06-18",
    accept="application/json",
    acknowledged=202,
    auth_method="client_secret_post",
    sends_resource=False,
    sends_revision=False,
)
# At the address of its own it keeps no session, and takes nothing but 200.
SERVICENOW_ALONE = replace(SERVICENOW, acknowledged=200)
# It cannot read streams either, wants 202 for notifications and 405 for GET.
COPILOT_STUDIO = Vendor(
    name="Copilot Studio",
    redirect_uri="https://global.consent.azure-apim.net/redirect/snmcp-5f1a",
    revision="2025-06-18",
    accept="application/json",
    acknowledged=202,
    auth_method="client_secret_basic",
)


@dataclass
class ByHand:
    """A client of such a vendor."""

    vendor: Vendor
    mcp: str
    person: Person
    http: httpx.AsyncClient
    headers: dict[str, str] = field(default_factory=dict)

    async def open(self) -> None:
        """Initialise a session, or do without one where the server gives none; list the tools."""
        await self.begin()
        assert (await self.post("tools/list", {}, id=2)).json()["result"]["tools"]

    async def begin(self) -> httpx.Response:
        """Send what comes before the first real request; returns the answer to `initialize`."""
        asked = {
            "protocolVersion": self.vendor.revision,
            "capabilities": {},
            "clientInfo": {"name": self.vendor.name, "version": "1.0"},
        }
        opened = await self.post("initialize", asked, id=1)
        assert opened.json()["result"]["protocolVersion"] == self.vendor.revision
        if session := opened.headers.get("Mcp-Session-Id"):
            self.headers["Mcp-Session-Id"] = session
        if self.vendor.sends_revision:
            self.headers["MCP-Protocol-Version"] = self.vendor.revision
        noted = await self.post("notifications/initialized", {})
        assert noted.status_code == self.vendor.acknowledged
        return opened

    async def call(self, tool: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """Call a tool; returns its structured content. Raises ToolRefused."""
        answer = await self.post("tools/call", {"name": tool, "arguments": arguments}, id=3)
        result = answer.json()["result"]
        if result.get("isError"):
            raise ToolRefused(str(result["content"]))
        content: dict[str, Any] = result["structuredContent"]
        return content

    async def post(self, method: str, params: Mapping[str, Any], **id: int) -> httpx.Response:  # noqa: A002  # the word of JSON-RPC
        """Send one message; signs in and sends it again where the server wants a token."""
        message = {"jsonrpc": "2.0", "method": method, "params": params, **id}
        answer = await self._send(message)
        if answer.status_code == 401 and "Authorization" not in self.headers:
            token = await self._token(answer.headers["WWW-Authenticate"])
            self.headers["Authorization"] = f"Bearer {token}"
            answer = await self._send(message)
        answer.raise_for_status()
        if id:
            assert answer.headers["Content-Type"] == "application/json"
        return answer

    async def _send(self, message: Mapping[str, Any]) -> httpx.Response:
        headers = {"Accept": self.vendor.accept, **self.headers}
        return await self.http.post(self.mcp, json=message, headers=headers)

    async def _token(self, challenge: str) -> str:
        """Discover, register, send the person to the browser, and exchange the code."""
        metadata = re.search(r'resource_metadata="([^"]+)"', challenge)
        assert metadata is not None
        resource = (await self._get(metadata[1])).json()
        issuer = resource["authorization_servers"][0]
        server = (await self._get(f"{issuer}/.well-known/oauth-authorization-server")).json()
        registered = await self._register(server["registration_endpoint"])
        verifier = secrets.token_urlsafe(48)
        asked = {
            "response_type": "code",
            "client_id": registered["client_id"],
            "redirect_uri": self.vendor.redirect_uri,
            "scope": " ".join(resource["scopes_supported"]),
            "state": secrets.token_urlsafe(8),
            "code_challenge": _challenge(verifier),
            "code_challenge_method": "S256",
        }
        if self.vendor.sends_resource:
            asked["resource"] = resource["resource"]
        to_open = f"{server['authorization_endpoint']}?{urlencode(asked)}"
        ended = authorization_result(
            await self.person.open(to_open, redirect_uri=self.vendor.redirect_uri)
        )
        assert ended.state == asked["state"]
        return await self._exchange(server["token_endpoint"], registered, ended.code, verifier)

    async def _get(self, address: str) -> httpx.Response:
        return (await self.http.get(address)).raise_for_status()

    async def _register(self, endpoint: str) -> dict[str, Any]:
        metadata = {
            "client_name": self.vendor.name,
            "redirect_uris": [self.vendor.redirect_uri],
            "grant_types": ["authorization_code", "refresh_token"],
            "response_types": ["code"],
            "token_endpoint_auth_method": self.vendor.auth_method,
        }
        answer = await self.http.post(endpoint, json=metadata)
        assert answer.status_code == 201, answer.text
        registered: dict[str, Any] = answer.json()
        return registered

    async def _exchange(
        self, endpoint: str, registered: Mapping[str, Any], code: str, verifier: str
    ) -> str:
        identity = {name: registered[name] for name in ("client_id", "client_secret")}
        in_body = self.vendor.auth_method == "client_secret_post"
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self.vendor.redirect_uri,
            "code_verifier": verifier,
        }
        answer = await self.http.post(
            endpoint,
            data=form | identity if in_body else form,
            auth=None if in_body else httpx.BasicAuth(*identity.values()),
        )
        return str(answer.raise_for_status().json()["access_token"])


@asynccontextmanager
async def by_hand(stage: Stage, person: Person, *, vendor: Vendor) -> AsyncIterator[Call]:
    """Connect as a vendor's client does."""
    async with httpx.AsyncClient(timeout=60) as http:
        client = ByHand(vendor, stage.mcp, person, http)
        await client.open()
        yield client.call


@asynccontextmanager
async def servicenow_alone(stage: Stage, person: Person) -> AsyncIterator[Call]:
    """Connect as ServiceNow does at the address for it: it opens before it has a token."""
    async with httpx.AsyncClient(timeout=60) as http:
        client = ByHand(SERVICENOW_ALONE, stage.mcp, person, http)
        opening = await client.begin()
        assert "Mcp-Session-Id" not in opening.headers
        assert person.opened == []
        assert (await client.post("tools/list", {}, id=2)).json()["result"]["tools"]
        yield client.call


@asynccontextmanager
async def copilot_studio(stage: Stage, person: Person) -> AsyncIterator[Call]:
    """Connect as Copilot Studio does; it tries GET too, and goes on only where that is 405."""
    async with httpx.AsyncClient(timeout=60) as http:
        client = ByHand(COPILOT_STUDIO, stage.mcp, person, http)
        await client.open()
        headers = {"Accept": COPILOT_STUDIO.accept, **client.headers}
        assert (await http.get(stage.mcp, headers=headers)).status_code == 405
        yield client.call


def _challenge(verifier: str) -> str:
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
