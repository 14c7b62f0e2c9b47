"""The project itself as an app: it carries commands that need every part."""

import gc

from django.apps import AppConfig


class SnmcpProjectConfig(AppConfig):
    """Commands that put the parts together: `serve`, `ensure_operator`."""

    name = "snmcp_project"
    verbose_name = "ServiceNow MCP server"

    def ready(self) -> None:
        """Collect garbage from now on; what has been imported stays and is not looked at again."""
        gc.freeze()
        gc.enable()
