"""The admin API under `/simulator/`: journal, faults, switches, clock, tokens, people, clients.

It is for tests and for the curious, not for the product. JSON in, JSON out.
"""

import inspect
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from typing import Any

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from simulator.control.clock_changes import ClockChange, move_clock
from simulator.control.faults import Fault, FaultKind
from simulator.control.gate import ADMIN_PATH, failure
from simulator.control.people import ROUTES as PEOPLE_ROUTES
from simulator.control.reset import reset_demo_data
from simulator.control.snapshots import ROUTES as SNAPSHOT_ROUTES
from simulator.control.switching import change_switches as change_all_switches
from simulator.control.switching import present_switches
from simulator.oauth.clients import OAuthClient
from simulator.world import world_of


class TokensMeant(BaseModel):
    """Which tokens: those with all the given traits. `user` is a user name."""

    model_config = ConfigDict(extra="forbid")

    user: str = ""
    client_id: str = ""
    type: str = ""


async def index(request: Request) -> Response:
    """GET /simulator/: this list, the kinds of fault and the switches."""
    calls = [inspect.getdoc(route.endpoint) or "" for route in ROUTES]
    return JSONResponse(
        {
            "calls": [text.partition("\n")[0] for text in calls],
            "faults": [kind.value for kind in FaultKind],
            "switches": present_switches(world_of(request)),
        }
    )


async def health(request: Request) -> Response:
    """GET /simulator/health: it runs, and with how much data."""
    world = world_of(request)
    return JSONResponse(
        {
            "status": "healthy",
            "now": world.clock().isoformat(),
            "people": world.instance.count("sys_user"),
            "incidents": world.instance.count("incident"),
        }
    )


async def read_journal(request: Request) -> Response:
    """GET /simulator/journal: `?after=` an id, `?path=` a prefix, `?method=`."""
    query = request.query_params
    after = query.get("after", "0")
    if not after.isdecimal():
        return failure(400, "after must be a number")
    entries = world_of(request).journal.as_json(
        after=int(after), path=query.get("path", ""), method=query.get("method", "")
    )
    return JSONResponse({"entries": entries})


async def clear_journal(request: Request) -> Response:
    """DELETE /simulator/journal."""
    world_of(request).journal.clear()
    return Response(status_code=204)


async def list_faults(request: Request) -> Response:
    """GET /simulator/faults: those still to happen."""
    return JSONResponse({"faults": world_of(request).faults.as_json()})


async def add_fault(request: Request) -> Response:
    """POST /simulator/faults: a `Fault`, such as `{"kind": "429", "path": "/api/*"}`."""
    fault = TypeAdapter(Fault).validate_json(await request.body())
    return JSONResponse(world_of(request).faults.add(fault).as_json(), status_code=201)


async def remove_fault(request: Request) -> Response:
    """DELETE /simulator/faults/{id}: take one back."""
    removed = world_of(request).faults.remove(request.path_params["id"])
    return Response(status_code=204) if removed else failure(404, "No such fault")


async def clear_faults(request: Request) -> Response:
    """DELETE /simulator/faults."""
    world_of(request).faults.clear()
    return Response(status_code=204)


async def release_held(request: Request) -> Response:
    """POST /simulator/faults/release: let held requests go on."""
    world_of(request).faults.release()
    return Response(status_code=204)


async def read_switches(request: Request) -> Response:
    """GET /simulator/switches."""
    return JSONResponse(present_switches(world_of(request)))


async def change_switches(request: Request) -> Response:
    """PATCH /simulator/switches: `{"rotate_refresh": true}`."""
    world = world_of(request)
    wanted, present = _json_object(await request.body()), present_switches(world)
    unknown = wanted.keys() - present.keys()
    if unknown:
        return failure(400, f"No such switch: {', '.join(sorted(unknown))}")
    change_all_switches(world, wanted)
    return JSONResponse(present_switches(world))


async def read_clock(request: Request) -> Response:
    """GET /simulator/clock."""
    clock = world_of(request).clock
    return JSONResponse({"now": clock().isoformat(), "stopped": clock.is_stopped})


async def change_clock(request: Request) -> Response:
    """POST /simulator/clock: `{"seconds": 1800}`, `{"to": "2026-12-24T08:00:00Z"}`, `stopped`."""
    change = ClockChange.model_validate_json(await request.body())
    if not move_clock(world_of(request).clock, change):
        return failure(400, "The clock does not go that far")
    return await read_clock(request)


async def expire_tokens(request: Request) -> Response:
    """POST /simulator/tokens/expire: mark tokens expired, as revoking them does; says how many."""
    world = world_of(request)
    meant = TokensMeant.model_validate_json(await request.body())
    person = world.instance.find_user(meant.user) if meant.user else None
    if meant.user and person is None:
        return failure(404, "Nobody has this user name")
    expired = world.credentials.expire(
        user=person["sys_id"] if person else "", client_id=meant.client_id, type_=meant.type
    )
    return JSONResponse({"expired": expired})


async def rotate_keys(request: Request) -> Response:
    """POST /simulator/keys/rotate: sign JWT access tokens with a new key from now on."""
    return JSONResponse({"kid": world_of(request).keys.rotate()}, status_code=201)


async def list_clients(request: Request) -> Response:
    """GET /simulator/clients: without their secrets."""
    clients = [asdict(client) for client in world_of(request).clients.all()]
    return JSONResponse({"clients": [{**client, "client_secret": "***"} for client in clients]})


async def register_client(request: Request) -> Response:
    """POST /simulator/clients: an `OAuthClient`; put in the place of one with the same id."""
    facts = _json_object(await request.body())
    world_of(request).clients.register(TypeAdapter(OAuthClient).validate_python(facts))
    return Response(status_code=201)


async def change_client(request: Request) -> Response:
    """PATCH /simulator/clients/{client_id}: a new secret, other lifespans, public, active."""
    facts, clients = _json_object(await request.body()), world_of(request).clients
    client_id = request.path_params["client_id"]
    known = {client.client_id: client for client in clients.all()}.get(client_id)
    if known is None:
        return failure(404, "No such client")
    changed = {**asdict(known), **facts, "client_id": client_id}
    clients.register(TypeAdapter(OAuthClient).validate_python(changed))
    return Response(status_code=204)


async def reset(request: Request) -> Response:
    """POST /simulator/reset: the demo data as at first; nobody signed in, no token, no fault.

    Clients, switches and the clock stay as they are.
    """
    reset_demo_data(world_of(request))
    return Response(status_code=204)


def _json_object(body: bytes) -> dict[str, Any]:
    return TypeAdapter(dict[str, Any]).validate_json(body)


Endpoint = Callable[[Request], Awaitable[Response]]


async def not_understood(_: Request, problem: Exception) -> Response:
    """A body that is not what the endpoint takes: 400, and what is wrong with it."""
    details = (
        problem.errors(include_url=False, include_context=False, include_input=False)
        if isinstance(problem, ValidationError)
        else []
    )
    return JSONResponse({"error": "Not understood", "details": details}, status_code=400)


def _route(path: str, endpoint: Endpoint, method: str) -> Route:
    return Route(f"{ADMIN_PATH}{path}", endpoint, methods=[method])


ROUTES = [
    _route("", index, "GET"),
    _route("health", health, "GET"),
    _route("journal", read_journal, "GET"),
    _route("journal", clear_journal, "DELETE"),
    _route("faults", list_faults, "GET"),
    _route("faults", add_fault, "POST"),
    _route("faults", clear_faults, "DELETE"),
    _route("faults/{id:int}", remove_fault, "DELETE"),
    _route("faults/release", release_held, "POST"),
    _route("switches", read_switches, "GET"),
    _route("switches", change_switches, "PATCH"),
    _route("clock", read_clock, "GET"),
    _route("clock", change_clock, "POST"),
    _route("tokens/expire", expire_tokens, "POST"),
    _route("keys/rotate", rotate_keys, "POST"),
    _route("clients", list_clients, "GET"),
    _route("clients", register_client, "POST"),
    _route("clients/{client_id}", change_client, "PATCH"),
    _route("reset", reset, "POST"),
    *PEOPLE_ROUTES,
    *SNAPSHOT_ROUTES,
]
