"""Bodies that are one JSON object, whose values keep their types."""

from collections.abc import Mapping

import orjson
from starlette.requests import Request

from simulator.api.requests import check_size
from simulator.errors import BadBody, MissingHeader, UnsupportedMedia

_JSON = "application/json"


async def json_object(request: Request) -> Mapping[str, object]:
    """The object. Raises MissingHeader, UnsupportedMedia, TooLarge or BadBody."""
    if "content-type" not in request.headers:
        raise MissingHeader("Content-Type")
    return _read(request, await request.body())


async def json_object_if_any(request: Request) -> Mapping[str, object]:
    """The object, for APIs that ask for no `Content-Type`; no body is an empty object.

    Raises UnsupportedMedia, TooLarge or BadBody.
    """
    raw = await request.body()
    return _read(request, raw) if raw else {}


def _read(request: Request, raw: bytes) -> Mapping[str, object]:
    content_type = request.headers.get("content-type", _JSON)
    if content_type.partition(";")[0].strip().lower() != _JSON:
        raise UnsupportedMedia(content_type)
    check_size(request, raw)
    try:
        body = orjson.loads(raw)
    except orjson.JSONDecodeError:
        raise BadBody from None
    if not isinstance(body, dict):
        raise BadBody
    return body
