"""The product's ASGI application, and beside it the conformance fixture behind the same endpoint.

Nothing but the MCP server is another: a request for the fixture needs a credential, a session and
a host of ours as one for `/mcp` does. The suite can send no headers of its own, so for both there
is an address here that carries the access token: `/as/<token>/mcp`, `/as/<token>/fixture/mcp`.
"""

from channels.routing import ProtocolTypeRouter, URLRouter
from django.urls import path, re_path
from starlette.types import ASGIApp, Receive, Scope, Send

# It comes first: it makes the apps ready.
from snmcp_project.asgi import application as product

# isort: split
from mcp_app.endpoint import McpEndpoint
from mcp_app.routing import endpoint
from tests.conformance.fixture.server import make_server
from tests.support.served_by import naming_this_process


class TokenFromAddress:
    """Presents the token in the address as any client would: in the Authorization header.

    The answer says which process it is from.
    """

    def __init__(self, application: ASGIApp) -> None:
        self._application = application

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        token: str = scope["url_route"]["kwargs"]["token"]
        header = (b"authorization", f"Bearer {token}".encode())
        scope = {**scope, "headers": [*scope["headers"], header]}
        await self._application(scope, receive, naming_this_process(send))


fixture = McpEndpoint(make_server=make_server)

application = ProtocolTypeRouter(
    {
        "http": URLRouter(
            [
                path("as/<token>/fixture/mcp", TokenFromAddress(fixture)),
                path("as/<token>/mcp", TokenFromAddress(endpoint)),
                re_path(r"", product),
            ]
        ),
        "websocket": product,
        "lifespan": fixture.lifespan,
    }
)
