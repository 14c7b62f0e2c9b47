"""What the Table API sends back: headers of every answer, bodies, links between pages."""

import secrets
from collections.abc import Mapping
from functools import lru_cache
from urllib.parse import urlencode

import orjson
from starlette.datastructures import QueryParams
from starlette.responses import HTMLResponse, Response

from simulator.api.requests import Paging
from simulator.errors import NotAuthenticated, Refusal

# Those of a real instance's answers; the session cookies are the concern of who authenticates.
_ALWAYS = {
    "Cache-Control": "no-cache,no-store,must-revalidate,max-age=-1",
    "Pragma": "no-store,no-cache",
    "Expires": "0",
    "X-Content-Type-Options": "nosniff",
    "Server": "ServiceNow",
    "Strict-Transport-Security": "max-age=63072000; includeSubDomains",
}
_JSON = "application/json;charset=UTF-8"

_TOO_LONG = "<html><head><title>URI too long</title></head><body>URI too long</body></html>"


def answer(
    body: object, *, status: int = 200, headers: Mapping[str, str] | None = None
) -> Response:
    """A JSON answer; `body` None sends none."""
    content = b"" if body is None else orjson.dumps(body)
    return _sent(content, status=status, logged_in=True, headers=headers or {})


def answer_file(content: bytes, *, content_type: str, headers: Mapping[str, str]) -> Response:
    """An answer that is a file."""
    whole = {**headers, "Content-Type": content_type}
    return _sent(content, status=200, logged_in=True, headers=whole)


def refused(refusal: Refusal) -> Response:
    """The answer to a request that was refused."""
    logged_in = not isinstance(refusal, NotAuthenticated)
    content = orjson.dumps(refusal.body())
    return _sent(content, status=refusal.status, logged_in=logged_in, headers={})


def address_too_long() -> Response:
    """The web server in front answers absurd addresses itself: in HTML."""
    return HTMLResponse(_TOO_LONG, status_code=414)


def links(address: str, parameters: QueryParams, paging: Paging, *, total: int) -> str:
    """The `Link` header of one page of a list, in the order of published answers."""
    kept = tuple(
        (name, value)
        for name, value in parameters.multi_items()
        if name not in ("sysparm_offset", "sysparm_limit")
    )
    start = f"{address}?{_encoded(kept)}&" if kept else f"{address}?"
    limit = max(paging.limit, 1)
    offsets = {"first": 0}
    if paging.offset > 0:
        offsets["prev"] = max(paging.offset - limit, 0)
    if paging.offset + limit < total:
        offsets["next"] = paging.offset + limit
    offsets["last"] = max(total - 1, 0) // limit * limit
    return ",".join(
        f'<{start}sysparm_limit={paging.limit}&sysparm_offset={offset}>;rel="{name}"'
        for name, offset in offsets.items()
    )


@lru_cache(maxsize=256)
def _encoded(parameters: tuple[tuple[str, str], ...]) -> str:
    # A client pages through one query again and again; quoting it costs as much as reading a page.
    return urlencode(parameters)


def _sent(content: bytes, *, status: int, logged_in: bool, headers: Mapping[str, str]) -> Response:
    everything = {
        **_ALWAYS,
        "X-Is-Logged-In": "true" if logged_in else "false",
        "X-Transaction-ID": secrets.token_hex(6),
        **headers,
    }
    media = _JSON if content else None
    return Response(content, status_code=status, headers=everything, media_type=media)
