"""The id of a session is worth nothing without the credential that opened it."""

import asyncio
import secrets
from itertools import product
from typing import Any

import httpx
import pytest

from tests.mcp_app.clients import request
from tests.two_workers.client import INITIALIZE, Client, called, notification
from tests.two_workers.site import TwoWorkers

pytestmark = pytest.mark.enable_socket
TRIES = 1_000
AT_ONCE = 8
# What a thief would send: a beginning, a call, an answer, a cancellation, a new stream, an end.
REQUESTS: list[tuple[str, Any]] = [
    ("POST", request("initialize", INITIALIZE)),
    ("POST", called("who_am_i", mark="stolen")),
    ("POST", {"jsonrpc": "2.0", "id": "0.0", "result": {"action": "accept"}}),
    ("POST", notification("notifications/cancelled", requestId=1)),
    ("GET", None),
    ("DELETE", None),
]


def as_sent(answer: httpx.Response) -> tuple[int, bytes, dict[str, str]]:
    """All of an answer but what differs from one to the next anyway."""
    headers = {name: value for name, value in answer.headers.items() if name != "date"}
    return answer.status_code, answer.content, headers


async def test_a_thousand_tries_with_a_stolen_id_open_nothing(
    site: TwoWorkers, web: httpx.AsyncClient, abel: Client, charlie: Client
) -> None:
    """Each answer is, byte for byte, the one to an id that never was."""
    other_client = Client(web, site.people[0].other_token)
    attempts = list(product((charlie, other_client), site.workers, REQUESTS))
    expected: dict[int, Any] = {}

    async def tried(n: int, session: str) -> tuple[int, bytes, dict[str, str]]:
        thief, worker, (method, message) = attempts[n % len(attempts)]
        headers = Client(web, thief.token, session).headers()
        url = worker.address + thief.path
        return as_sent(await web.request(method, url, headers=headers, json=message))

    for n in range(len(attempts)):
        expected[n] = await tried(n, secrets.token_urlsafe(32))
        assert expected[n][0] == 404
    wrong = []

    async def thieve(first: int) -> None:
        for n in range(first, TRIES, AT_ONCE):
            answer = await tried(n, abel.session)
            if answer != expected[n % len(attempts)]:
                wrong.append((attempts[n % len(attempts)], answer))

    await asyncio.gather(*(thieve(first) for first in range(AT_ONCE)))
    assert wrong == []
    assert (await abel.call(site.uvicorn, "who_am_i", mark="mine")).endswith(" mine")
