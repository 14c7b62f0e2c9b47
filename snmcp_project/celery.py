"""The Celery application: `celery -A snmcp_project worker` and `… beat`."""

import os

from celery import Celery, signals

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "snmcp_project.settings")

app = Celery("snmcp_project")


@signals.worker_init.connect  # type: ignore[untyped-decorator]  # celery has no types
def require_right_keys(**_: object) -> None:
    """Let no worker start that could not read the tokens it refreshes."""
    # Imported here: Celery reads this module before the apps are ready.
    from django.db import connections  # noqa: PLC0415  # see above

    from oauth_app.exceptions import WeakKey, WrongKeys  # noqa: PLC0415  # see above
    from oauth_app.key_proof import prove_keys  # noqa: PLC0415  # see above

    try:
        prove_keys()
    except (WeakKey, WrongKeys) as fault:
        # Celery logs what else a receiver raises, and starts all the same.
        raise SystemExit(f"The worker does not start. {fault}") from fault
    finally:
        connections.close_all()  # the processes that it forks must not share one


app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.conf.beat_schedule = {
    **app.conf.beat_schedule,
    "refresh-expiring-connections": {
        "task": "oauth_app.refresh_expiring_connections",
        "schedule": 60.0,
    },
    "purge-expired": {"task": "oauth_app.purge_expired", "schedule": 3600.0},
    "seal-records": {"task": "audit_app.seal_records", "schedule": 30.0},
    "settle-in-doubt": {"task": "mcp_app.settle_in_doubt", "schedule": 15.0},
    "settle-all-in-doubt": {"task": "mcp_app.settle_all_in_doubt", "schedule": 3600.0},
    "remove-old-records": {"task": "audit_app.remove_old_records", "schedule": 3600.0},
    "purge-idle-sessions": {"task": "mcp_app.purge_idle_sessions", "schedule": 3600.0},
}
