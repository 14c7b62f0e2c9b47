"""The Celery application: `celery -A snmcp_project worker` and `… beat`."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "snmcp_project.settings")

app = Celery("snmcp_project")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.conf.beat_schedule = {
    **app.conf.beat_schedule,
    "refresh-expiring-connections": {
        "task": "oauth_app.refresh_expiring_connections",
        "schedule": 60.0,
    },
    "purge-expired": {"task": "oauth_app.purge_expired", "schedule": 3600.0},
    "purge-idle-sessions": {"task": "mcp_app.purge_idle_sessions", "schedule": 3600.0},
}
