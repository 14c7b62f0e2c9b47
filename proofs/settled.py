"""Run inside the apps: the sweep of calls in doubt, once, as if a minute had passed."""

import asyncio
from datetime import timedelta

from django.utils import timezone

from audit_app.in_doubt import record_silent_calls
from audit_app.models import IN_DOUBT_AFTER
from mcp_app.in_doubt import settle_in_doubt


def main() -> None:
    """Note what ended without a word, and settle it."""
    record_silent_calls(now=timezone.now() + IN_DOUBT_AFTER + timedelta(seconds=1))
    asyncio.run(settle_in_doubt())
