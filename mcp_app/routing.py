"""Which addresses are MCP's; every other one is Django's."""

from django.urls import path

from mcp_app.endpoint import McpEndpoint
from mcp_app.servicenow_endpoint import ServiceNowEndpoint

endpoint = McpEndpoint()
for_servicenow = ServiceNowEndpoint(services=endpoint.services)

# With and without the slash: a redirect would lose the body, or the credential.
urlpatterns = [
    path("mcp", endpoint),  # type: ignore[arg-type]  # Channels routes to ASGI applications
    path("mcp/", endpoint),  # type: ignore[arg-type]  # the same
    path("mcp/servicenow", for_servicenow),  # type: ignore[arg-type]  # the same
    path("mcp/servicenow/", for_servicenow),  # type: ignore[arg-type]  # the same
]
