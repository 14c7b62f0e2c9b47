"""An MCP client with a person's browser, as small programs: registration, consent, tokens."""

import base64
import hashlib
import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from django.http import HttpResponse
from django.test import Client

MCP = "http://localhost:8080/mcp"
ISSUER = "http://localhost:8080"
REDIRECT = "http://127.0.0.1:33418/callback"
WEB_REDIRECT = "https://client.example/callback"
VERIFIER = "a-verifier-of-43-to-128-characters-0123456789-abcdef"


def challenge_of(verifier: str) -> str:
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def query_of(address: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(address).query))


@dataclass
class McpClient:
    """A registered client. `web` is without cookies: the client itself, not a browser."""

    client_id: str = ""
    client_secret: str = ""
    redirect_uri: str = REDIRECT
    web: Client = field(default_factory=Client)

    @classmethod
    def registered(cls, **metadata: object) -> "McpClient":
        uri = metadata.get("redirect_uris", [REDIRECT])[0]
        answer = register(**metadata)
        assert answer.status_code == 201, answer.content
        body = answer.json()
        return cls(body["client_id"], body.get("client_secret", ""), uri)

    def question(self, **changed: str | list[str] | None) -> dict[str, Any]:
        asked: dict[str, Any] = {
            "response_type": "code",
            "client_id": self.client_id,
            "redirect_uri": self.redirect_uri,
            "scope": "mcp:read mcp:write",
            "state": "st-1",
            "code_challenge": challenge_of(VERIFIER),
            "code_challenge_method": "S256",
            "resource": MCP,
        } | changed
        return {name: value for name, value in asked.items() if value is not None}

    def ask(self, browser: Client, **changed: str | list[str] | None) -> HttpResponse:
        return browser.get("/o/authorize/", self.question(**changed))

    def code(
        self,
        browser: Client,
        *,
        answer: dict[str, Any] | None = None,
        **changed: str | list[str] | None,
    ) -> str:
        page = self.ask(browser, **changed)
        assert page.status_code == 200, page.content
        response = browser.post("/o/authorize/", yes(page) | (answer or {}))
        assert response.status_code == 302, response.content.decode()
        return query_of(response["Location"])["code"]

    def exchange(self, code: str, /, **changed: str | None) -> HttpResponse:
        return self.token(
            **{
                "grant_type": "authorization_code",
                "code": code,
                "redirect_uri": self.redirect_uri,
                "code_verifier": VERIFIER,
                "resource": MCP,
            }
            | changed
        )

    def refresh(self, refresh_token: str, /, **changed: str | None) -> HttpResponse:
        grant = {"grant_type": "refresh_token", "refresh_token": refresh_token}
        return self.token(**grant | changed)

    def token(self, **body: str | None) -> HttpResponse:
        body = {"client_id": self.client_id} | body
        sent = {name: value for name, value in body.items() if value is not None}
        return self.web.post("/o/token/", sent)

    def tokens(self, browser: Client, **consent: object) -> dict[str, Any]:
        response = self.exchange(self.code(browser, **consent))
        assert response.status_code == 200, response.content
        return dict(response.json())


def register(web: Client | None = None, **metadata: object) -> HttpResponse:
    described = {
        "client_name": "Claude Code",
        "redirect_uris": [REDIRECT],
        "grant_types": ["authorization_code", "refresh_token"],
        "response_types": ["code"],
        "token_endpoint_auth_method": "none",
    } | metadata
    return (web or Client()).post("/o/register/", described, content_type="application/json")


def ticket_of(page: HttpResponse) -> str:
    found = re.search(r'name="ticket" value="([^"]+)"', page.content.decode())
    assert found
    return found[1]


def yes(page: HttpResponse) -> dict[str, Any]:
    """The consent form as it stands on the page, answered with Allow."""
    toolsets = re.findall(r'name="toolsets" value="(\w+)" checked', page.content.decode())
    form = {"ticket": ticket_of(page), "decision": "allow", "toolsets": toolsets}
    if re.search(r'name="read_only" value="on" checked(?! disabled)', page.content.decode()):
        form["read_only"] = "on"
    return form
