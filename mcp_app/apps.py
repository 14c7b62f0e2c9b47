"""The app's configuration."""

from django.apps import AppConfig


class McpAppConfig(AppConfig):
    """MCP on the wire, and the pages that need more than one app."""

    name = "mcp_app"
    verbose_name = "MCP"
