"""Run inside the apps: many callers who all need the token of one connection, at once.

`main CONNECTION CALLERS` says "ready" and then, for each line on standard input, lets all of them
ask, and prints the seconds each waited, the tokens they got (hashed) and what failed.
"""

import asyncio
import hashlib
import json
import sys
import time
from typing import Any

from django.db import connections

from oauth_app.tokens import ConnectionTokens


def main(connection: str, callers: str) -> None:
    """Answer until standard input ends."""
    asyncio.run(_answer(int(connection), int(callers)))
    connections.close_all()


async def _answer(connection: int, callers: int) -> None:
    await ConnectionTokens(connection).current()
    print(json.dumps("ready"), flush=True)  # read by the proof
    while await asyncio.to_thread(sys.stdin.readline):
        waited = await asyncio.gather(*(_caller(connection) for _ in range(callers)))
        print(
            json.dumps(
                {
                    "seconds": [seconds for seconds, _, _ in waited],
                    "tokens": sorted({token for _, token, _ in waited if token}),
                    "failures": [failure for _, _, failure in waited if failure],
                }
            ),
            flush=True,  # read by the proof
        )


async def _caller(connection: int) -> tuple[float, str, Any]:
    began = time.perf_counter()
    try:
        token = await ConnectionTokens(connection).current()
    except Exception as failure:  # noqa: BLE001  # whatever it is, the proof counts it
        return time.perf_counter() - began, "", repr(failure)
    return time.perf_counter() - began, hashlib.sha256(token.encode()).hexdigest(), ""
