"""Celery tasks of the sessions; each calls one service and is safe to run twice."""

from celery import shared_task

from mcp_app.sessions.records import purge_idle_sessions


@shared_task(name="mcp_app.purge_idle_sessions", expires=3600)  # type: ignore[untyped-decorator]  # celery has no types
def purge_idle() -> int:
    """Every hour: remove sessions that nobody has used for a week."""
    return purge_idle_sessions()
