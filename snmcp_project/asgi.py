"""The ASGI application: MCP first, Django for everything else."""

import os

from channels.routing import ProtocolTypeRouter, URLRouter
from django.core.asgi import get_asgi_application
from django.urls import re_path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "snmcp_project.settings")

# Before anything that needs the apps is imported.
django_application = get_asgi_application()

from mcp_app.routing import endpoint, urlpatterns  # noqa: E402  # the apps must be ready
from snmcp_project.health import probes  # noqa: E402  # the same
from snmcp_project.proxies import BehindProxies  # noqa: E402  # the same
from snmcp_project.websockets import refuse_websocket  # noqa: E402  # the same

application = ProtocolTypeRouter(
    {
        "http": BehindProxies(
            URLRouter([*urlpatterns, *probes.urlpatterns, re_path(r"", django_application)])  # type: ignore[arg-type]  # Channels routes to ASGI
        ),
        "websocket": refuse_websocket,
        "lifespan": endpoint.lifespan,
    }
)
