"""Where people and their credentials are in any order: one site, and what is known of each."""

import asyncio
import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

import httpx
from django.test import Client
from django.test.client import ClientHandler
from starlette.applications import Starlette

from mcp_app.routing import endpoint
from snmcp_project.asgi import application
from tests.mcp_app.clients import MCP, Http, call
from tests.mcp_app.people import Person
from tests.oauth_app.connected import connect

_LEFT_SECONDS: Final = 0.5
_SERIAL: Final = itertools.count(1)


@dataclass
class Holder:
    """Somebody: what ServiceNow calls them, and what they have done here."""

    user_name: str
    sys_id: str
    person: Person
    is_off: bool = False
    is_connected: bool = True

    @property
    def marks(self) -> tuple[str, str]:
        """What shows that an answer is theirs."""
        return (self.sys_id, self.user_name)


@dataclass
class Held:
    """A credential: how it is presented (`secret` or `browser`), and whether it has ended."""

    kind: str
    owner: Holder
    secret: str = ""
    browser: Client | None = None
    row: int = 0
    has_ended: bool = False

    @property
    def is_live(self) -> bool:
        """Whether it must open something."""
        return not (self.has_ended or self.owner.is_off)


@dataclass
class Place:
    """Where all runs happen: one site, with new people for each run; and what came of them."""

    simulator: Starlette
    loop: asyncio.Runner
    runs: int = 0
    answered: int = 0
    refused: int = 0
    paused: int = 0
    wrong: str = ""  # what went wrong first, which Hypothesis may not be able to repeat
    # One for all browsers: making one reads the folders of static files.
    pages: ClientHandler = field(default_factory=lambda: ClientHandler(enforce_csrf_checks=False))
    steps: dict[str, int] = field(default_factory=dict)

    def newcomer(self) -> Holder:
        """Somebody new on the instance, who has signed in."""
        name = f"somebody.{next(_SERIAL):07d}"
        facts = {"user_name": name, "name": f"Name of {name}", "email": f"{name}@example.com"}
        sys_id = self.simulator.state.world.instance.insert("sys_user", facts | {"active": "true"})
        return Holder(name, sys_id, self.connected(name))

    def connected(self, user_name: str) -> Person:
        """Store a sign-in of theirs."""
        connection = connect(self.simulator.state.world, user_name)
        return Person(connection.user, connection)

    def post(self, secret: str, *, in_url: bool, address: str) -> httpx.Response:
        """Ask who one is, with a credential in the header or in the personal URL."""
        return self.loop.run(self._post(secret, in_url=in_url, address=address))

    async def _post(self, secret: str, *, in_url: bool, address: str) -> httpx.Response:
        transport = httpx.ASGITransport(application, client=(address, 40123))
        async with httpx.AsyncClient(transport=transport, base_url=MCP) as web:
            # Everybody's requests have the same id.
            asked, http = call("get_my_profile", id_=1), Http(web)
            before = asyncio.all_tasks()
            if in_url:
                answer = await http.post(asked, address=f"{MCP}?token={secret}")
            else:
                answer = await http.modern(asked, token=secret)
            # A call that fails at one request leaves its others to themselves; the loop stands
            # still between two steps, in which nothing of this one may be left.
            if left := asyncio.all_tasks() - before:
                await asyncio.wait(left, timeout=_LEFT_SECONDS)
            return answer


@contextmanager
def place_at(simulator: Starlette) -> Iterator[Place]:
    """A place for many runs; what runs for its event loop ends with it."""
    with asyncio.Runner() as loop:
        try:
            yield Place(simulator, loop)
        finally:
            loop.run(endpoint.stop())
