"""The Batch API: `/api/now[/v1|/v2]/batch`, several requests in one.

Items run one after the other and in no transaction. Where an item reaches a limit, it and those
after it are named in `unserviced_requests`.
"""

import asyncio
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from simulator.access.people import Person
from simulator.api.answers import answer
from simulator.api.batch_items import Outcome, outcome_of
from simulator.api.batch_request import Item, batch_of
from simulator.api.calls import call_of
from simulator.api.endpoints import api_routes
from simulator.api.limits import quota_seconds
from simulator.instance import Instance

_MEGABYTE = 1024 * 1024
_LARGEST_OUTPUT_HEADER = "x-batchrequest-max-output-size"


def routes(instance: Instance) -> list[Route]:
    """The route of this API."""
    return api_routes(instance, {"/api/now{version}/batch": {"POST": _batch}})


async def _batch(instance: Instance, request: Request, _: Person) -> Response:
    batch = await batch_of(request)
    limits = _Limits(instance, request)
    serviced: list[dict[str, Any]] = []
    for item in batch.items:
        began = instance.clock()
        outcome = await limits.outcome(item, batch=request)
        if outcome is None:
            break
        spent = (instance.clock() - began).total_seconds() * 1000
        serviced.append(outcome.as_json(item, milliseconds=max(int(spent), 0)))
    return answer(
        {
            "batch_request_id": batch.id,
            "serviced_requests": serviced,
            "unserviced_requests": [item.id for item in batch.items[len(serviced) :]],
        }
    )


class _Limits:
    """How large an item and its answer may be, and until when the whole batch may take.

    System properties say how large, the transaction quota rule "REST Batch API request timeout"
    (`sysrule_quota`) how long; without a rule there is no end.
    """

    def __init__(self, instance: Instance, request: Request) -> None:
        self._instance = instance
        self._began = instance.clock()
        self._quota = quota_seconds(instance, call_of(request.scope))
        self._input = min(
            _bytes(instance.property("glide.rest.batch.max.inputSize"), default=5 * _MEGABYTE),
            10 * _MEGABYTE,
        )
        output = _bytes(
            instance.property("glide.rest.batch.max.outputSize"), default=10 * _MEGABYTE
        )
        asked = _bytes(request.headers.get(_LARGEST_OUTPUT_HEADER, ""), default=output)
        self._output = min(asked, output)

    async def outcome(self, item: Item, *, batch: Request) -> Outcome | None:
        """What the item is answered; None if it reaches a limit."""
        left = self._seconds_left()
        if (left is not None and left <= 0) or len(item.body or b"") > self._input:
            return None
        try:
            async with asyncio.timeout(left):
                outcome = await outcome_of(item, batch=batch)
        except TimeoutError:
            return None
        return outcome if len(outcome.body) <= self._output else None

    def _seconds_left(self) -> float | None:
        if self._quota is None:
            return None
        return self._quota - (self._instance.clock() - self._began).total_seconds()


def _bytes(text: str, *, default: int) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 16 else default
