"""Celery tasks; each calls one service and is safe to run twice."""

import asyncio
from dataclasses import asdict

from celery import shared_task

from oauth_app import purge, sweep


@shared_task(name="oauth_app.refresh_expiring_connections", expires=55)  # type: ignore[untyped-decorator]  # celery has no types
def refresh_expiring_connections() -> int:
    """Every minute: refresh what ends within ten minutes."""
    return asyncio.run(sweep.refresh_expiring())


@shared_task(name="oauth_app.purge_expired", expires=3600)  # type: ignore[untyped-decorator]  # celery has no types
def purge_expired() -> dict[str, int]:
    """Every hour: remove what is over."""
    return asdict(purge.purge_expired())
