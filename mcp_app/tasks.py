"""Celery tasks of sessions and calls; each calls one service and is safe to run twice."""

import asyncio
from datetime import timedelta

from celery import shared_task

from mcp_app.in_doubt import settle_in_doubt
from mcp_app.sessions.records import purge_idle_sessions


@shared_task(name="mcp_app.purge_idle_sessions", expires=3600)  # type: ignore[untyped-decorator]  # celery has no types
def purge_idle() -> int:
    """Every hour: remove sessions that nobody has used for a week."""
    return purge_idle_sessions()


@shared_task(name="mcp_app.settle_in_doubt", expires=12)  # type: ignore[untyped-decorator]  # celery has no types
def settle() -> int:
    """Four times a minute: note what ended without a word, settle what is in doubt."""
    return asyncio.run(settle_in_doubt(look_back=timedelta(hours=1)))


@shared_task(name="mcp_app.settle_all_in_doubt", expires=3600)  # type: ignore[untyped-decorator]  # celery has no types
def settle_all() -> int:
    """Every hour the same for calls of any age, in case nobody looked for long."""
    return asyncio.run(settle_in_doubt())
