"""The ASGI application: MCP first, Django for everything else."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "snmcp_project.settings")

application = get_asgi_application()
