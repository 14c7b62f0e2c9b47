"""What a Table API request asks for: its parameters, its body, the headers that matter."""

from collections.abc import Mapping
from dataclasses import dataclass

import orjson
from starlette.datastructures import QueryParams
from starlette.requests import Request

from simulator.api.calls import OVERRIDING
from simulator.api.xml_bodies import fields_of, is_xml
from simulator.errors import (
    BadBody,
    BadParameter,
    MissingHeader,
    NotAcceptable,
    TooLarge,
    UnsupportedMedia,
)
from simulator.records.plans import Wanted
from simulator.records.rendering import Display
from simulator.records.values import given_text

DEFAULT_LIMIT = 10000
MEGABYTE = 1024 * 1024
LARGEST_BODY = 10 * MEGABYTE
SIZE_PROPERTY = "glide.rest.max_content_length"  # megabytes

_ACCEPTED = ("application/json", "application/*", "*/*", "application/xml", "text/xml")
_MOST_MEGABYTES = 25  # to which the property can raise it
_SIZE = "snow_largest_body"
_FARTHEST = 2**62  # what SQLite can count to, and then some
_NOT_FIELDS = frozenset({"access_token"})


@dataclass(frozen=True)
class Paging:
    """Which part of a list; `counted`: the total is asked for, `linked`: so is `Link`."""

    limit: int
    offset: int
    counted: bool
    linked: bool


def method_of(request: Request) -> str:
    """The method, or the one that `X-HTTP-Method-Override` puts in the place of POST."""
    override = request.headers.get("x-http-method-override", "").upper()
    return override if request.method == "POST" and override in OVERRIDING else request.method


def host_of(request: Request) -> str:
    """Scheme and host as the client sees them: what links begin with."""
    return f"{request.scope['scheme']}://{request.headers.get('host', 'localhost')}"


def wanted(table: str, parameters: QueryParams) -> Wanted:
    """Which fields of each record, and how they are shown."""
    names = [name.strip() for name in parameters.get("sysparm_fields", "").split(",")]
    fields = tuple(name for name in names if name)
    mode = parameters.get("sysparm_display_value", "").lower()
    return Wanted(
        table=table,
        fields=fields or None,
        display=Display(mode) if mode in set(Display) else Display.VALUES,
        links=not flag(parameters, "sysparm_exclude_reference_link"),
    )


def paging(parameters: QueryParams) -> Paging:
    """Limit, offset and what to count. Raises BadParameter for a negative offset."""
    offset = _integer(parameters.get("sysparm_offset"), default=0)
    if offset < 0:
        raise BadParameter("sysparm_offset")
    limit = _integer(parameters.get("sysparm_limit"), default=DEFAULT_LIMIT)
    return Paging(
        limit=min(limit, _FARTHEST) if limit >= 0 else DEFAULT_LIMIT,
        offset=min(offset, _FARTHEST),
        counted=not flag(parameters, "sysparm_no_count"),
        linked=not flag(parameters, "sysparm_suppress_pagination_header"),
    )


def pairs(parameters: QueryParams) -> list[tuple[str, str]]:
    """The `field=value` parameters."""
    return [
        (name, value)
        for name, value in parameters.multi_items()
        if not name.startswith("sysparm_") and name not in _NOT_FIELDS
    ]


def flag(parameters: QueryParams, name: str) -> bool:
    """Whether a parameter says true."""
    return parameters.get(name, "").lower() == "true"


def check_accept(request: Request, *, needed: bool) -> None:
    """Raises NotAcceptable for neither JSON nor XML, MissingHeader when it must be said."""
    accepted = request.headers.get("accept")
    if accepted is None:
        if needed:
            raise MissingHeader("Accept")
    elif not any(kind in accepted.lower() for kind in _ACCEPTED):
        raise NotAcceptable(accepted)


def limit_size(request: Request, *, megabytes: str) -> None:
    """Note how large the body may be; what is no number of megabytes up to 25 is the default."""
    is_number = megabytes.isascii() and megabytes.isdecimal() and len(megabytes) < 4
    if is_number and 0 < int(megabytes) <= _MOST_MEGABYTES:
        request.scope[_SIZE] = int(megabytes) * MEGABYTE


def check_size(request: Request, raw: bytes) -> None:
    """Raises TooLarge for a body over the limit that was noted, or over ten megabytes."""
    most = request.scope.get(_SIZE, LARGEST_BODY)
    if len(raw) > most:
        scripted = request.url.path.startswith("/api/sn_")
        raise TooLarge(len(raw), most=most, scripted=scripted)


async def body_of(request: Request) -> Mapping[str, str]:
    """The fields of a write, as text; of an array the first object. Raises what is in errors.py."""
    content_type = request.headers.get("content-type")
    if content_type is None:
        raise MissingHeader("Content-Type")
    kind = content_type.partition(";")[0].strip().lower()
    if kind != "application/json" and not is_xml(content_type):
        raise UnsupportedMedia(content_type)
    raw = await request.body()
    check_size(request, raw)
    if kind != "application/json":
        return fields_of(raw)
    try:
        body = orjson.loads(raw or b"{}")
    except orjson.JSONDecodeError:
        raise BadBody from None
    if isinstance(body, list):
        body = body[0] if body else {}
    if not isinstance(body, dict):
        raise BadBody
    return {name: given_text(value) for name, value in body.items()}


def _integer(text: str | None, *, default: int) -> int:
    try:
        return int(text) if text else default
    except ValueError:
        return default
