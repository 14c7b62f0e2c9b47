"""The project: settings, addresses, ASGI and Celery. It puts the parts together."""

from snmcp_project.celery import app as celery_app

__all__ = ["celery_app"]
