"""The project itself as an app: it carries commands that need every part."""

from django.apps import AppConfig


class SnmcpProjectConfig(AppConfig):
    """Commands that put the parts together: `serve`, `ensure_operator`."""

    name = "snmcp_project"
    verbose_name = "ServiceNow MCP server"
