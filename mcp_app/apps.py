"""The app's configuration."""

from django.apps import AppConfig


class McpAppConfig(AppConfig):
    """MCP on the wire, and the pages that need more than one app."""

    name = "mcp_app"
    verbose_name = "MCP"

    def ready(self) -> None:
        """Register the system checks."""
        from mcp_app import checks  # noqa: F401, PLC0415  # importing registers them
