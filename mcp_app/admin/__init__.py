"""What operators see of MCP, and of tools and people together."""

from mcp_app.admin.people import PersonWithToolsAdmin
from mcp_app.admin.sessions import McpSessionAdmin

__all__ = ["McpSessionAdmin", "PersonWithToolsAdmin"]
