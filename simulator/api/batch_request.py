"""What a Batch API request holds: its items, read from JSON."""

import binascii
import re
from base64 import b64decode
from dataclasses import dataclass
from urllib.parse import quote, unquote, urlsplit

from starlette.requests import Request

from simulator.api.json_bodies import json_object
from simulator.errors import BadParameter

_NOT_PRINTABLE = re.compile(r"[^\x21-\x7e]")
_BATCH = re.compile(r"/api/now(/v\d+)?/batch/?")


@dataclass(frozen=True)
class Item:
    """One request of a batch. `body` is decoded; None: it is no base64."""

    id: str
    method: str
    url: str
    headers: tuple[tuple[str, str], ...]
    body: bytes | None
    with_headers: bool

    @property
    def path(self) -> str:
        """The path, decoded; empty if the address is none of an API of this instance."""
        try:
            parts = urlsplit(self.url)
        except ValueError:
            return ""
        path = unquote(parts.path)
        is_here = not parts.scheme and not parts.netloc and path.startswith("/api/")
        return path if is_here else ""

    @property
    def query_string(self) -> bytes:
        """The query as it would travel: ASCII, nothing decoded."""
        query = urlsplit(self.url).query
        return _NOT_PRINTABLE.sub(lambda found: quote(found[0], errors="replace"), query).encode()

    @property
    def is_batch(self) -> bool:
        """Whether it is a batch inside the batch."""
        return _BATCH.fullmatch(self.path) is not None


@dataclass(frozen=True)
class Batch:
    """Items in their order; `id` is a text, also where the client sent a number."""

    id: str
    items: tuple[Item, ...]


async def batch_of(request: Request) -> Batch:
    """The batch in a request's body. Raises what is in errors.py; then no item is run."""
    body = await json_object(request)
    items = body.get("rest_requests")
    if not isinstance(items, list):
        raise BadParameter("rest_requests")
    batch_id = _text(body.get("batch_request_id", ""), "batch_request_id")
    return Batch(batch_id, tuple(_item(item) for item in items))


def _item(given: object) -> Item:
    if not isinstance(given, dict):
        raise BadParameter("rest_requests")
    body = given.get("body")
    return Item(
        id=_text(given.get("id"), "rest_requests.id"),
        method=_text(given.get("method"), "rest_requests.method").upper(),
        url=_text(given.get("url"), "rest_requests.url"),
        headers=_headers(given.get("headers")),
        body=b"" if body is None else _decoded(_text(body, "rest_requests.body")),
        with_headers=given.get("exclude_response_headers") not in (True, "true"),
    )


def _headers(given: object) -> tuple[tuple[str, str], ...]:
    if given is None:
        return ()
    if not isinstance(given, list) or not all(isinstance(header, dict) for header in given):
        raise BadParameter("rest_requests.headers")
    return tuple(
        (
            _text(header.get("name"), "rest_requests.headers.name").lower(),
            _text(header.get("value"), "rest_requests.headers.value"),
        )
        for header in given
    )


def _text(value: object, name: str) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise BadParameter(name)
    return str(value)


def _decoded(body: str) -> bytes | None:
    """Base64 decoded, line breaks allowed."""
    try:
        return b64decode("".join(body.split()), validate=True)
    except (binascii.Error, ValueError):
        return None
