"""The app's configuration."""

from importlib import import_module

from django.apps import AppConfig


class McpAppConfig(AppConfig):
    """MCP on the wire, and the pages that need more than one app."""

    name = "mcp_app"
    verbose_name = "MCP"

    def ready(self) -> None:
        """Register the system checks, and have changes announced to clients."""
        import_module("mcp_app.checks")
        import_module("mcp_app.sessions.announcements").connect()
