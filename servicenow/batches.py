"""Several reads in one request, by the Batch API.

Its items run one after the other as the person of the batch's token. An instance or an OAuth
client may not allow it: then it is left alone for ten minutes, and whoever wanted the answers
reads them one by one.
"""

from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol
from urllib.parse import urlencode

import httpx

from servicenow.exceptions import (
    BadRequest,
    NotAsDocumented,
    NotAuthorized,
    RecordNotFound,
    RejectedByInstance,
    ServiceNowFailure,
)
from servicenow.remembered import Remembered
from servicenow.responses import JSON, Answer, Sought, answer_from

PATH: Final = "/api/now/v1/batch"
_ACCEPT: Final = [{"name": "Accept", "value": "application/json"}]
_LEFT_ALONE_SECONDS: Final = 600
_NOT_ALLOWED: Final = (
    NotAuthorized,
    RejectedByInstance,
    RecordNotFound,
    BadRequest,
    NotAsDocumented,
)


@dataclass(frozen=True, slots=True)
class Reading:
    """One GET of a batch: its path, its parameters, and what it looks for."""

    path: str
    query: Mapping[str, str]
    sought: Sought


class ReadsByPost(Protocol):
    """What batches need of a client."""

    async def read_by_post(self, path: str, *, body: Mapping[str, Any], sought: Sought) -> Answer:
        """See ServiceNowClient."""
        ...


class Batches:
    """Reads of one person that go to the instance together."""

    def __init__(self, client: ReadsByPost) -> None:
        self._client = client
        self._refused = Remembered(seconds=_LEFT_ALONE_SECONDS)

    async def read(self, readings: Sequence[Reading]) -> list[Answer | None]:
        """The answers in the order of `readings`; None for what has to be read by itself.

        Raises the failures that are of the whole instance: it is away, slow or limits requests.
        """
        if self._refused.knows(PATH):
            return [None] * len(readings)
        items = [_item(number, one) for number, one in enumerate(readings)]
        body = {"batch_request_id": "1", "rest_requests": items}
        try:
            answer = await self._client.read_by_post(PATH, body=body, sought=Sought("", PATH))
            answered = _by_id(answer)
        except _NOT_ALLOWED:
            self._refused.keep(PATH, value=True)
            return [None] * len(readings)
        return [_answer(answered.get(str(n)), one.sought) for n, one in enumerate(readings)]


def _item(number: int, reading: Reading) -> dict[str, Any]:
    return {
        "id": str(number),
        "method": "GET",
        "url": f"{reading.path}?{urlencode(reading.query)}",
        "headers": _ACCEPT,
        "exclude_response_headers": True,
    }


def _by_id(answer: Answer) -> dict[str, Mapping[str, Any]]:
    document: JSON = answer.json
    serviced = document.get("serviced_requests") if isinstance(document, dict) else None
    if not isinstance(serviced, list):
        message = "a batch without its answers"
        raise NotAsDocumented(message, status=answer.status)
    return {str(one.get("id")): one for one in serviced if isinstance(one, dict)}


def _answer(item: Mapping[str, Any] | None, sought: Sought) -> Answer | None:
    """What one item was answered; None where it failed, which a reading of its own will say."""
    if item is None or item.get("status_code") != httpx.codes.OK:
        return None
    try:
        body = b64decode(str(item.get("body", "")), validate=True)
        return answer_from(status=httpx.codes.OK, headers=httpx.Headers(), body=body, sought=sought)
    except (NotBase64, ServiceNowFailure):
        return None
