"""The simulator as an ASGI application."""

from collections.abc import Callable
from datetime import datetime

from pydantic import ValidationError
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from simulator.api import routes as api
from simulator.api.endpoints import METHODS
from simulator.api.limits import ClosedMiddleware, LimitMiddleware
from simulator.clock import AdjustableClock, wall_clock
from simulator.console import routes as console
from simulator.control import admin_api
from simulator.control.fault_middleware import FaultMiddleware
from simulator.control.gate import AdminGate
from simulator.control.request_journal import JournalMiddleware
from simulator.control.snapshots import Snapshots
from simulator.instance import Instance
from simulator.oauth import authorize as oauth_authorize
from simulator.oauth import token as oauth_token
from simulator.oauth.clients import DEMO_PUBLIC_CLIENT_ID, OAuthClient
from simulator.oauth.switches import OAuthSwitches
from simulator.pages import records as record_pages
from simulator.pages.templates import message_page
from simulator.seed.completing import complete
from simulator.seed.planting import (
    Volume,
    demo_data,
    plant,
    plant_volume,
    temporary_state,
)
from simulator.sign_in import pages as sign_in
from simulator.sign_in.authentication import AuthenticationMiddleware
from simulator.switches import Switches
from simulator.world import World


def create_app(
    *,
    state_path: str | None = None,
    seed: bool = True,
    volume: Volume | None = None,
    clock: Callable[[], datetime] = wall_clock,
    admin_token: str | None = None,
    client: OAuthClient | None = None,
    switches: Switches | None = None,
    oauth_switches: OAuthSwitches | None = None,
) -> Starlette:
    """A whole simulated instance; `app.state.instance` and `app.state.world` are its inside.

    `state_path` is the SQLite file that keeps it, in memory if None; demo data are planted into an
    empty one unless `seed` is False, and as much beside them as `volume` says: what is large is in
    a temporary file then. `client` is the OAuth client to register, by default the demo's. The
    admin API under `/simulator/` needs `admin_token` where there is one.
    """
    adjustable = AdjustableClock(clock)
    if volume and volume.is_large:
        state_path = state_path or temporary_state()
    is_usual = seed and volume is None and state_path is None
    start = demo_data(adjustable()) if is_usual else None
    instance = Instance(state_path, clock=adjustable, switches=switches, snapshot=start)
    if seed and instance.is_empty:
        _fill(instance, volume)
    elif seed and instance.is_from_before:
        complete(instance, demo=demo_data(adjustable()))
    world = World(instance=instance, clock=adjustable, switches=oauth_switches or OAuthSwitches())
    _register(world, client or OAuthClient())
    app = Starlette(
        routes=_routes(instance),
        middleware=[
            Middleware(AdminGate, admin_token=admin_token),
            Middleware(JournalMiddleware, journal=world.journal),
            Middleware(ClosedMiddleware, world=world),
            Middleware(AuthenticationMiddleware, world=world),
            Middleware(LimitMiddleware, world=world),
            Middleware(FaultMiddleware, faults=world.faults),
        ],
        exception_handlers={ValidationError: admin_api.not_understood},
    )
    app.state.world = world
    app.state.instance = instance
    app.state.snapshots = Snapshots()
    return app


def _fill(instance: Instance, volume: Volume | None) -> None:
    if volume is None:
        plant(instance)
    else:
        plant_volume(instance, volume)


def _register(world: World, client: OAuthClient) -> None:
    public = OAuthClient(
        client_id=DEMO_PUBLIC_CLIENT_ID,
        client_secret="",
        name=f"{client.name} (public)",
        redirect_urls=client.redirect_urls,
        public=True,
    )
    for each in (public, client):
        world.clients.register(each)


def _routes(instance: Instance) -> list[BaseRoute]:
    return [
        *oauth_token.ROUTES,
        *api.routes(instance),
        *sign_in.ROUTES,
        *record_pages.ROUTES,
        *oauth_authorize.ROUTES,
        *console.ROUTES,
        *admin_api.ROUTES,
        Route("/{path:path}", _no_such_page, methods=METHODS),
    ]


async def _no_such_page(_: Request) -> Response:
    return message_page(
        "Page not found", sentence="This instance has no page at this address.", status=404
    )
