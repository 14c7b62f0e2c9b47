"""People, connections, instances, reconnect tokens and MCP clients, as operators see them.

No page shows a token, and none makes a token for somebody. The only secret an operator ever reads
is that of a client they registered by hand, once.
"""

from oauth_app.admin import (
    connections,
    instances,
    manual_clients,
    mcp_clients,
    people,
    reconnect_tokens,
    service_clients,
)

__all__ = [
    "connections",
    "instances",
    "manual_clients",
    "mcp_clients",
    "people",
    "reconnect_tokens",
    "service_clients",
]
