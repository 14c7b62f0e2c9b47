"""An instance whose replies are written down beforehand, at the seam of the HTTP client."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

import httpx

ADDRESS = "https://example.service-now.com"

Reply = httpx.Response | Exception | Callable[[httpx.Request], httpx.Response]


class ScriptedInstance(httpx.AsyncBaseTransport):
    """Replies in the order written, or by path once that is used up; keeps every request."""

    def __init__(self) -> None:
        self.requests: list[httpx.Request] = []
        self.script: list[Reply] = []
        self.tables: dict[str, Callable[[httpx.Request], httpx.Response]] = {}

    def replies(self, *script: Reply) -> None:
        self.script += script

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        if not self.script:
            return self.tables[request.url.path.rsplit("/", 1)[-1]](request)
        reply = self.script.pop(0)
        if isinstance(reply, Exception):
            raise reply
        return reply(request) if callable(reply) else reply


class SilentInstance(httpx.AsyncBaseTransport):
    """Takes every request and never answers."""

    def __init__(self) -> None:
        self.requests: list[httpx.Request] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        await asyncio.Event().wait()
        raise AssertionError


class TokenTray:
    """Access tokens: the first is current, and each renewal gives the next."""

    def __init__(self, *tokens: str) -> None:
        self.tokens = list(tokens)
        self.stale: list[str] = []

    async def current(self) -> str:
        return self.tokens[0]

    async def renewed(self, *, stale: str) -> str:
        self.stale.append(stale)
        self.tokens.pop(0)
        return self.tokens[0]


def cell(value: str, display_value: str | None = None) -> dict[str, str]:
    """One field as the instance writes it with sysparm_display_value=all."""
    return {"value": value, "display_value": value if display_value is None else display_value}


def row(**fields: str | tuple[str, str]) -> dict[str, dict[str, str]]:
    """One record; a pair is a value and its display value."""
    return {
        name: cell(*field) if isinstance(field, tuple) else cell(field)
        for name, field in fields.items()
    }


def listed(*rows: Mapping[str, Any], total: int | None = None) -> httpx.Response:
    """Answer a list, with X-Total-Count as the instance counts: before access control."""
    counted = {"X-Total-Count": str(len(rows) if total is None else total)}
    return httpx.Response(200, json={"result": list(rows)}, headers=counted)


def one(status: int = 200, **fields: str | tuple[str, str]) -> httpx.Response:
    """Answer one record."""
    return httpx.Response(status, json={"result": row(**fields)})


def refused(
    status: int, message: str, detail: str | None = None, headers: Mapping[str, str] | None = None
) -> httpx.Response:
    """Answer an error in the envelope of the Table API."""
    error = {"message": message, "detail": detail}
    return httpx.Response(
        status, json={"error": error, "status": "failure"}, headers=dict(headers or {})
    )


def unauthenticated() -> httpx.Response:
    """Answer what an expired token gets."""
    return refused(401, "User Not Authenticated", "Required to provide Auth information")


def page(text: str, status: int = 200) -> httpx.Response:
    """Answer an HTML page."""
    return httpx.Response(status, html=f"<!DOCTYPE html><html><body>{text}</body></html>")
