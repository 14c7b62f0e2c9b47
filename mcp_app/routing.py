"""Which addresses are MCP's; every other one is Django's."""

from django.urls import path

from mcp_app.endpoint import McpEndpoint

endpoint = McpEndpoint()

# With and without the slash: a redirect would lose the body, or the credential.
urlpatterns = [
    path("mcp", endpoint),  # type: ignore[arg-type]  # Channels routes to ASGI applications
    path("mcp/", endpoint),  # type: ignore[arg-type]  # the same
]
