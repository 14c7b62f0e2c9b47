"""What every client of the end-to-end tests is given, and what it gives back."""

from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import parse_qsl, urlencode, urlsplit

from snmcp_project.demo.person import allow_client

Call = Callable[[str, Mapping[str, Any]], Awaitable[dict[str, Any]]]


class OpenBrowser(Protocol):
    """A person's browser at an authorization URL: returns the address at which it ends.

    An address that begins with `redirect_uri` is not opened.
    """

    async def __call__(self, url: str, *, redirect_uri: str) -> str: ...


class Caller(Protocol):
    """A connected client of an SDK."""

    async def call(self, tool: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """Call a tool; returns its structured content. Raises ToolRefused."""

    async def tool_names(self) -> list[str]:
        """List the names of the tools there are."""


class ToolRefused(Exception):
    """A tool call ended with an error; carries what the client shows of it."""


@dataclass
class Person:
    """Somebody with a browser. `opened` are the addresses at which clients asked to be allowed."""

    user_name: str
    choices: Mapping[str, str] = field(default_factory=dict)
    opened: list[str] = field(default_factory=list)

    async def open(self, url: str, *, redirect_uri: str = "") -> str:
        """Sign in and allow the client; returns where the browser ends, as `allow_client` does."""
        self.opened.append(url)
        return await allow_client(
            url, self.user_name, redirect_uri=redirect_uri, choices=self.choices
        )


@dataclass(frozen=True)
class Stage:
    """The server's address, an empty home for the client, and the environment of processes."""

    mcp: str
    home: Path
    environment: Mapping[str, str]


# Opens a connection as a person; inside it, tools are called.
Connect = Callable[[Stage, Person], AbstractAsyncContextManager[Call]]


def scope_of(authorization_url: str) -> str:
    """The scopes that a client asks for."""
    return dict(parse_qsl(urlsplit(authorization_url).query)).get("scope", "")


def asking_for(scope: str, authorization_url: str) -> str:
    """The same address, asking for other scopes."""
    parts = urlsplit(authorization_url)
    query = urlencode(dict(parse_qsl(parts.query)) | {"scope": scope})
    return parts._replace(query=query).geturl()
