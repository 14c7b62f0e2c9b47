"""The product's ASGI application, and beside it the fixture of these proofs at `/fixture/mcp`.

Nothing but the MCP server is another: credentials, sessions, hosts and streams are the product's.
An answer says which process it is from.
"""

from channels.routing import ProtocolTypeRouter, URLRouter
from django.urls import path, re_path
from starlette.types import ASGIApp, Receive, Scope, Send

# It comes first: it makes the apps ready.
from snmcp_project.asgi import application as product

# isort: split
from mcp_app.endpoint import McpEndpoint
from mcp_app.routing import endpoint
from mcp_app.termination import called_at_the_end
from tests.support.served_by import naming_this_process
from tests.two_workers.fixture import make_server


class Signed:
    """An application whose answers carry the id of this process."""

    def __init__(self, application: ASGIApp) -> None:
        self._application = application

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._application(scope, receive, naming_this_process(send))


fixture = McpEndpoint(make_server=make_server)


async def lifespan(_scope: Scope, receive: Receive, send: Send) -> None:
    """Start and stop both endpoints."""
    await receive()
    both = (fixture, endpoint)
    for each in both:
        await each.services.current()
    await send({"type": "lifespan.startup.complete"})
    with (
        called_at_the_end(fixture.services.begin_to_stop),
        called_at_the_end(endpoint.services.begin_to_stop),
    ):
        await receive()
    for each in both:
        await each.stop()
    await send({"type": "lifespan.shutdown.complete"})


application = ProtocolTypeRouter(
    {
        "http": URLRouter(
            [
                path("fixture/mcp", Signed(fixture)),  # type: ignore[arg-type]  # Channels routes to ASGI
                re_path(r"", product),
            ]
        ),
        "websocket": product,
        "lifespan": lifespan,
    }
)
