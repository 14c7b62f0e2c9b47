"""Run inside the apps: people work before and after Django's clock jumps; prints what came of it.

ServiceNow's clock goes on as ever, so its tokens live as long as they live. Half of the people need
a new one, and have something from before the jump in their way: a lease of a process that was
killed, or a failed refresh and the pause after it.
"""

import asyncio
import json
import os
import time
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import uuid4

from django.conf import settings
from django.utils import timezone

from oauth_app import reconnect_tokens, sweep
from oauth_app.authorization_server.verification import verify_access_token
from oauth_app.fields import sealed
from oauth_app.leases import LEASE_LIFE
from oauth_app.models import Connection, ReconnectToken
from oauth_app.models.connections import Fault
from oauth_app.tokens import ConnectionTokens
from servicenow.client import ServiceNowClient
from servicenow.http import close_shared_client, shared_client
from tests.mcp_app.people import Person

_HOUR: Final = timedelta(hours=1)
_WITH_ACCESS_TOKENS: Final = 20  # so many people
# Clocks are put forward at 01:00 UTC of the first day and back at that of the second.
_SUMMER, _WINTER = datetime(2027, 3, 28, tzinfo=UTC), datetime(2027, 10, 31, tzinfo=UTC)


class _Clock:
    """Django's clock, put forward or back; the real one goes on."""

    def __init__(self) -> None:
        self.ahead = timedelta(0)
        self._now = timezone.now

    def __call__(self) -> datetime:
        return self._now() + self.ahead

    def jump(self, moment: datetime) -> None:
        """Go to a moment."""
        self.ahead = moment - self._now()


def main(ways: str) -> None:
    """Let the clock jump in so many ways and print what came of each."""
    os.environ["TZ"] = "Europe/Berlin"  # where the machine's clock changes twice a year
    time.tzset()
    clock = _Clock()
    timezone.now = clock
    said: dict[str, Any] = {}
    for name, before, after in _jumps(clock())[: int(ways)]:
        clock.jump(before)
        live, ended = _prepare()
        clock.jump(after)
        began = time.monotonic()
        said[name] = asyncio.run(_everybody()) | {
            "seconds": time.monotonic() - began,
            "live_refused": sum(not _opens(raw) for raw in live),
            "ended_taken": sum(_opens(raw) for raw in ended),
            "tokens": len(live),
        }
    print(json.dumps(said))  # read by the proof


def _jumps(now: datetime) -> list[tuple[str, datetime, datetime]]:
    almost, after = timedelta(minutes=59, seconds=50), timedelta(minutes=60, seconds=10)
    return [
        ("an hour ahead", now, now + _HOUR),
        ("back again", now + _HOUR, now),
        ("an hour back", now, now - _HOUR),
        ("ahead again", now - _HOUR, now),
        ("summer time begins", _SUMMER + almost, _SUMMER + after),
        ("summer time ends", _WINTER + almost, _WINTER + after),
    ]


def _prepare() -> tuple[list[str], list[str]]:
    """Refresh everybody, put things in the way of some, and make live and ended credentials."""
    Connection.objects.update(
        access_token_expires_at=timezone.now(),
        refresh_token_expires_at=timezone.now() + timedelta(days=50),
        next_refresh_at=None,
        refresh_failures=0,
        failed_at=None,
        lease_expires_at=None,
    )
    asyncio.run(sweep.refresh_expiring())
    now = timezone.now()
    rows = list(Connection.objects.select_related("user").order_by("pk"))
    ids = [row.pk for row in rows]
    Connection.objects.filter(pk__in=ids[::4]).update(
        lease_id=uuid4(),
        lease_expires_at=now + LEASE_LIFE / 15,
        access_token_expires_at=now,
        next_refresh_at=now,
    )
    Connection.objects.filter(pk__in=ids[1::4]).update(
        refresh_failures=3,
        last_fault=Fault.UNAVAILABLE,
        failed_at=now,
        next_refresh_at=now + timedelta(seconds=1),
        access_token_expires_at=now,
    )
    for row in (*rows[::4], *rows[1::4]):
        # ServiceNow takes it no more, whatever the clock here says of its end.
        over = sealed(row, "access_token", f"over {row.pk}")
        Connection.objects.filter(pk=row.pk).update(access_token=over)
    live: list[str] = []
    ended: list[str] = []
    for row in rows:
        for raws, ends in ((live, now + timedelta(days=1)), (ended, now - 2 * _HOUR)):
            token, raw = reconnect_tokens.make(user=row.user, connection=row, name="Proof")
            ReconnectToken.objects.filter(pk=token.pk).update(expires_at=ends, idle_since=now)
            raws.append(raw)
    for row in rows[:_WITH_ACCESS_TOKENS]:
        person = Person(row.user, row)
        live.append(asyncio.run(person.access_token(lasts=timedelta(days=1))))
        ended.append(asyncio.run(person.access_token(lasts=-2 * _HOUR)))
    time.sleep(1.5)  # the lease and the pause are over for whoever did not see the clock jump
    return live, ended


def _opens(raw: str) -> bool:
    """Whether a reconnect token, or an OAuth access token of ours, opens anything."""
    if reconnect_tokens.find(raw) is not None:
        return True
    return verify_access_token(raw, resource=settings.MCP_RESOURCE) is not None


async def _everybody() -> dict[str, Any]:
    rows = [row async for row in Connection.objects.select_related("instance")]
    said = await asyncio.gather(*(_read(row) for row in rows))
    await close_shared_client()
    return {"served": said.count(""), "failures": [each for each in said if each][:2]}


async def _read(row: Connection) -> str:
    client = ServiceNowClient(
        row.instance.base_url,
        http=shared_client(),
        tokens=ConnectionTokens(row.pk),
        deadline_seconds=30,
    )
    try:
        found = await client.tables.get("sys_user", sys_id=row.sys_id, fields=["user_name"])
    except Exception as failure:  # noqa: BLE001  # whatever it is, the proof counts it
        return repr(failure)
    name = found.value("user_name")
    return "" if name == row.user_name else f"{row.user_name} was {name}"
