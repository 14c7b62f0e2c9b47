"""The Celery application with a schedule of its own: the sweep alone, more often."""

import os

from snmcp_project.celery import app

app.conf.beat_schedule = {
    "refresh-expiring-connections": {
        "task": "oauth_app.refresh_expiring_connections",
        "schedule": float(os.environ["PROOF_SWEEP_SECONDS"]),
    }
}
