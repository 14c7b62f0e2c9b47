"""Requests that take long, answered in a thread, so that nobody else has to wait for them."""

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache

from starlette.requests import Request
from starlette.responses import Response

from simulator.access.people import Person
from simulator.data.aside import TakesLong, in_a_hurry
from simulator.instance import Instance

_Endpoint = Callable[[Instance, Request, Person], Awaitable[Response]]

# Each looks at every row of a table and takes a whole core.
_AT_A_TIME = 2


async def answered_in_time(
    endpoint: _Endpoint, instance: Instance, request: Request, person: Person
) -> Response:
    """What an endpoint answers; one that only reads starts again in a thread if it takes long."""
    if request.method not in ("GET", "HEAD") or not instance.store.can_read_aside:
        return await endpoint(instance, request, person)
    hurry = in_a_hurry.set(True)
    try:
        return await endpoint(instance, request, person)
    except TakesLong:
        pass
    finally:
        in_a_hurry.reset(hurry)
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(_threads(), _aside, endpoint, instance, request, person)


def _aside(endpoint: _Endpoint, instance: Instance, request: Request, person: Person) -> Response:
    with instance.store.aside(seconds=instance.switches.transaction_seconds):
        return asyncio.run(_awaited(endpoint, instance, request, person))


async def _awaited(
    endpoint: _Endpoint, instance: Instance, request: Request, person: Person
) -> Response:
    return await endpoint(instance, request, person)


@cache
def _threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(_AT_A_TIME, thread_name_prefix="aside")
