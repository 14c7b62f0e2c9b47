"""Run inside the apps: what happens to connections whose refresh was killed.

`main fork` forks a child for each connection that standard input names; the child asks for its
token, and its process id is printed, for whoever kills it. `main ask` lets each of the given
connections ask three times, and prints what came of it.
"""

import asyncio
import json
import os
import signal
import sys
from typing import Final

from django.db import connections
from django.utils import timezone

from oauth_app.encryption_canary import require_right_keys
from oauth_app.exceptions import OauthAppFailure
from oauth_app.models import Connection
from oauth_app.tokens import ConnectionTokens
from servicenow.http import close_shared_client

_TIMES: Final = 3


def main(what: str) -> None:
    """Do one of the two."""
    fork() if what == "fork" else print(json.dumps(ask(**json.load(sys.stdin))))


def fork() -> None:
    """Fork a child for each line; nobody waits for them."""
    require_right_keys()
    connections.close_all()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    print("ready", flush=True)  # read by the proof
    for line in sys.stdin:
        child = os.fork()
        if not child:
            asyncio.run(ConnectionTokens(int(line)).current())
            os._exit(0)
        print(child, flush=True)  # read by the proof


def ask(crashed: list[int], between: int | None) -> dict[str, list[str]]:
    """Let each ask, after somebody else was refreshed: so nothing is wrong with the client."""
    return asyncio.run(_asked(crashed, between))


async def _asked(crashed: list[int], between: int | None) -> dict[str, list[str]]:
    said: dict[str, list[str]] = {}
    for connection in crashed:
        if between is not None:
            await Connection.objects.filter(pk=between).aupdate(
                access_token_expires_at=timezone.now(), next_refresh_at=None
            )
            await ConnectionTokens(between).current()
        said[str(connection)] = [await answer(connection) for _ in range(_TIMES)]
    await close_shared_client()
    return said


async def answer(connection: int) -> str:
    """Ask for somebody's token; return `served`, or the name of the failure."""
    try:
        await ConnectionTokens(connection).current()
    except OauthAppFailure as failure:
        return type(failure).__name__
    return "served"
