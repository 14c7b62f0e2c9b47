"""What every REST API of the instance has in common: who acts, the method, refusals as answers.

Who acts is `request.scope["snow_user"]`, a sys_id put there by whoever authenticates; without
one every answer is 401. `request.scope["snow_only"]`, where it is there, is who alone may act.
"""

import sqlite3
from collections.abc import Awaitable, Callable, Mapping
from copy import copy
from functools import lru_cache, partial

from starlette.convertors import StringConvertor, register_url_convertor
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, request_response

from simulator.access.people import Person
from simulator.api.answers import refused
from simulator.api.calls import call_of, is_within
from simulator.api.requests import SIZE_PROPERTY, check_accept, limit_size, method_of
from simulator.api.unhurried import answered_in_time
from simulator.api.xml_bodies import accepts_only_xml, in_xml
from simulator.errors import (
    ApiRefused,
    InvalidTable,
    MethodNotSupported,
    NotAuthenticated,
    Refusal,
    TableClosed,
    TransactionCancelled,
    UnknownResource,
)
from simulator.instance import Instance

# The APIs that come with an ACL of their own, which is off unless a role is named.
_WITH_ACL = ("now/table", "now/stats", "now/import", "now/attachment")

METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]

Endpoint = Callable[[Instance, Request, Person], Awaitable[Response]]


class _Version(StringConvertor):
    """None, or one of those that the APIs have."""

    regex = "(?:/v[12])?"


class _LastSlash(StringConvertor):
    """There or not."""

    regex = "/?"


register_url_convertor("version", _Version())
register_url_convertor("last_slash", _LastSlash())


@lru_cache(maxsize=1024)
def _served_at(path: str) -> Route:
    """A route whose address may say a version and end in a slash, for an endpoint yet to come.

    To read an address takes longer than the rest; all instances have the same.
    """
    whole = path.replace("{version}", "{version:version}") + "{slash:last_slash}"
    route = Route(whole, _respond, methods=METHODS)
    route.path = path.replace("{version}", "")
    return route


def _api_route(path: str, endpoint: Callable[[Request], Awaitable[Response]]) -> Route:
    route = copy(_served_at(path))
    route.endpoint = endpoint
    route.app = request_response(endpoint)
    return route


def api_routes(
    instance: Instance,
    paths: Mapping[str, Mapping[str, Endpoint]],
    *,
    plugin: str = "",
    only_json: bool = True,
) -> list[Route]:
    """Routes from paths and, for each, the endpoint of each method.

    A path may hold `{version}`: it is served without one and as `/v1` and `/v2`, and also with a
    slash at its end. HEAD is answered as GET is, without the body; any other method without an
    endpoint is 405. Everything is 400 where `plugin` is absent. Without `only_json` the endpoints
    look at the `Accept` header themselves.
    """
    return [
        _api_route(path, partial(_respond, instance, endpoints, plugin, only_json))
        for path, endpoints in paths.items()
    ]


async def _respond(
    instance: Instance,
    endpoints: Mapping[str, Endpoint],
    plugin: str,
    only_json: bool,  # noqa: FBT001  # bound by `partial`, before what the router passes
    request: Request,
) -> Response:
    answer = await _answered(instance, endpoints, plugin, only_json, request)
    answer = in_xml(answer) if only_json and accepts_only_xml(request) else answer
    if request.method == "HEAD":
        answer.body = b""  # its headers stay those of GET
    return answer


async def _answered(
    instance: Instance,
    endpoints: Mapping[str, Endpoint],
    plugin: str,
    only_json: bool,  # noqa: FBT001  # as it came
    request: Request,
) -> Response:
    try:
        if not instance.has_plugin(plugin):
            raise UnknownResource(request.url.path)
        instance.run_due_jobs()
        person = _acting(instance, request)
        method = method_of(request)
        endpoint = endpoints.get("GET" if method == "HEAD" else method)
        if endpoint is None:
            raise MethodNotSupported(method)
        writes = method in ("POST", "PUT", "PATCH")
        if writes:
            limit_size(request, megabytes=instance.property(SIZE_PROPERTY))
        if only_json:
            check_accept(request, needed=writes and instance.switches.writes_need_accept)
        return await answered_in_time(endpoint, instance, request, person)
    except Refusal as refusal:
        return refused(refusal)
    except (sqlite3.OperationalError, RecursionError):
        # Queries of thousands of terms nest deeper than SQLite, or Python, can walk.
        return refused(TransactionCancelled())


def check_table(instance: Instance, table: str) -> None:
    """Raises InvalidTable, or TableClosed for one that web services may not use."""
    if not instance.knows(table):
        raise InvalidTable(table, explained=instance.switches.invalid_table_detail)
    if not instance.dictionary.tables[table].web_services:
        raise TableClosed


def _acting(instance: Instance, request: Request) -> Person:
    sys_id = request.scope.get("snow_user")
    person = instance.person(sys_id) if sys_id else None
    if person is None or sys_id != request.scope.get("snow_only", sys_id):
        raise NotAuthenticated
    role = instance.switches.rest_api_role
    if role and _has_acl_of_its_own(request) and not person.has_any(frozenset({role})):
        raise ApiRefused
    return person


def _has_acl_of_its_own(request: Request) -> bool:
    path = call_of(request.scope).path
    return any(is_within(path, api) for api in _WITH_ACL)
