"""People, connections, instances, reconnect tokens and MCP clients, as operators see them.

No page shows a token or a secret, and none makes a token for somebody.
"""

from oauth_app.admin import connections, instances, mcp_clients, people, reconnect_tokens

__all__ = ["connections", "instances", "mcp_clients", "people", "reconnect_tokens"]
