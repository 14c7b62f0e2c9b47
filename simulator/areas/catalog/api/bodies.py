"""What clients send: JSON objects whose values keep their types."""

from collections.abc import Mapping

import orjson
from starlette.requests import Request

from simulator.api.requests import check_size
from simulator.errors import BadBody, UnsupportedMedia


async def object_of(request: Request) -> Mapping[str, object]:
    """The body; an empty one is an empty object. Raises BadBody, TooLarge or UnsupportedMedia."""
    raw = await request.body()
    if not raw:
        return {}
    check_size(request, raw)
    content_type = request.headers.get("content-type", "application/json")
    if content_type.partition(";")[0].strip().lower() != "application/json":
        raise UnsupportedMedia(content_type)
    try:
        body = orjson.loads(raw)
    except orjson.JSONDecodeError:
        raise BadBody from None
    return _object(body)


def variables_of(body: Mapping[str, object]) -> Mapping[str, object]:
    """The answers in a body. Raises BadBody where they are no object."""
    return _object(body.get("variables") or {})


def text(body: Mapping[str, object], name: str) -> str:
    """A text in a body; empty when it is missing. Raises BadBody where it is of another type."""
    value = body.get(name) or ""
    if not isinstance(value, str):
        raise BadBody
    return value.strip()


def _object(value: object) -> Mapping[str, object]:
    if not isinstance(value, dict):
        raise BadBody
    return value
