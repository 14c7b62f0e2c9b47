"""Run inside the apps: what each reply of the token endpoint does to people.

`main request` and `main celery` connect two people for each reply, one whose access token has
ended and one whose token still lives, and have them refreshed; `main hour` lets an hour pass in
which the client secret is refused; `main day` asks for people whose tokens ended a day ago. Each
prints what came of it.
"""

import asyncio
import json
import time
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any, Final

import httpx
from django.utils import timezone

from oauth_app import sweep
from oauth_app.connection_tokens import store_sign_in
from oauth_app.instances import default_instance
from oauth_app.models import Connection, Instance
from oauth_app.models.connections import State
from oauth_app.tasks import refresh_expiring_connections
from proofs.refresh_children import answer
from proofs.token_endpoint import REPLIES
from servicenow.http import close_shared_client
from servicenow.oauth import TokenSet
from servicenow.who_am_i import Identity

_LIVES: Final = 25  # seconds: less than half a minute, so that it is renewed before it is used
_PATIENCE_SECONDS: Final = 60.0
_AN_HOUR: Final = 60  # minutes
_A_DAY: Final = 86_400.0  # seconds
_MINUTES_TO_HEAL: Final = 15


def main(what: str) -> None:
    """Do one of them and print what came of it."""
    instance = default_instance()
    if instance is None:
        raise SystemExit("no instance")
    steps: dict[str, Callable[[Instance], Any]] = {
        "request": lambda where: _replies(where, _by_request),
        "celery": lambda where: _replies(where, _by_celery),
        "hour": _hour,
        "day": _day,
    }
    print(json.dumps(steps[what](instance)))  # read by the proof


def _person(instance: Instance, name: str, *, again: str, lives: float) -> Connection:
    connection = store_sign_in(
        instance,
        tokens=TokenSet(f"first of {name}", again, 1800, "useraccount"),
        identity=Identity(sys_id=name[:32], user_name=name, name=name, email=""),
        ends=timezone.now() + timedelta(seconds=1800),
    )
    Connection.objects.filter(pk=connection.pk).update(
        access_token_expires_at=timezone.now() + timedelta(seconds=lives), next_refresh_at=None
    )
    return connection


def _replies(
    instance: Instance, refreshed: Callable[[Iterable[int]], dict[int, str]]
) -> dict[str, Any]:
    way = refreshed.__name__
    rows = {
        (reply, lives): _person(
            instance, f"{way}.{lives}.{reply}", again=f"{reply}|{way}.{lives}", lives=lives
        )
        for reply in REPLIES
        for lives in (-1, _LIVES)
    }
    said = refreshed(row.pk for row in rows.values())
    told = {f"{reply} {lives}": _told(row, said) for (reply, lives), row in rows.items()}
    httpx.put(f"{instance.base_url}/mended/yes").raise_for_status()
    Connection.objects.filter(refresh_failures__gt=0).update(next_refresh_at=timezone.now())
    said = refreshed(row.pk for row in rows.values() if row.pk)
    healed = {f"{reply} {lives}": _told(row, said) for (reply, lives), row in rows.items()}
    httpx.put(f"{instance.base_url}/mended/no").raise_for_status()
    return {"told": told, "healed": healed}


def _told(row: Connection, said: dict[int, str]) -> list[Any]:
    now = Connection.objects.get(pk=row.pk)
    kept = now.refresh_token in (row.refresh_token, "new-token|rotated") and bool(now.access_token)
    return [said.get(row.pk, ""), now.state, kept]


def _by_request(rows: Iterable[int]) -> dict[int, str]:
    async def everybody() -> dict[int, str]:
        ids = list(rows)
        said = await asyncio.gather(*(answer(each) for each in ids))
        await close_shared_client()
        return dict(zip(ids, said, strict=True))

    return asyncio.run(everybody())


def _by_celery(rows: Iterable[int]) -> dict[int, str]:
    ids = list(rows)
    began, deadline = timezone.now(), time.monotonic() + _PATIENCE_SECONDS
    everybody = Connection.objects.filter(pk__in=ids)
    untried = everybody.exclude(failed_at__gt=began).exclude(refreshed_at__gt=began)
    untried = untried.filter(next_refresh_at=None) | untried.filter(next_refresh_at__lte=began)
    refresh_expiring_connections.delay()
    while untried.exists() and time.monotonic() < deadline:
        time.sleep(0.2)
    return dict.fromkeys(ids, "" if not untried.exists() else "not tried")


def _day(instance: Instance) -> dict[str, int]:
    people = _hundred(instance, "day", lives=-_A_DAY)
    return Counter(_by_request(row.pk for row in people).values())


def _hundred(instance: Instance, name: str, *, lives: float) -> list[Connection]:
    return [
        _person(instance, f"{name}.{n}", again=f"new-token|{name}.{n}", lives=lives + n)
        for n in range(100)
    ]


def _hour(instance: Instance) -> dict[str, Any]:
    people = _hundred(instance, "hour", lives=60)
    clock = _MovedClock()
    timezone.now = clock  # an hour passes in a minute
    httpx.put(f"{instance.base_url}/secret/changed-there").raise_for_status()
    meanwhile: Counter[str] = Counter()
    for minute in range(_AN_HOUR):
        clock.minutes += 1
        asyncio.run(sweep.refresh_expiring())
        if minute % 5 == 4:
            meanwhile.update(_by_request(row.pk for row in people).values())
    httpx.put(f"{instance.base_url}/secret/right").raise_for_status()
    healed_after = None
    for minute in range(_MINUTES_TO_HEAL):
        clock.minutes += 1
        asyncio.run(sweep.refresh_expiring())
        if healed_after is None and not _not_active(people):
            healed_after = minute + 1
    said = Counter(_by_request(row.pk for row in people).values())
    return {
        "meanwhile": meanwhile,
        "afterwards": said,
        "not_active": _not_active(people),
        "healed_after": healed_after,
    }


def _not_active(people: list[Connection]) -> int:
    now = timezone.now()
    return (
        Connection.objects.filter(pk__in=[row.pk for row in people])
        .exclude(state=State.ACTIVE, access_token_expires_at__gt=now)
        .count()
    )


class _MovedClock:
    """Django's clock, put forward minute by minute."""

    def __init__(self) -> None:
        self.minutes = 0
        self._now = timezone.now

    def __call__(self) -> datetime:
        return self._now() + timedelta(minutes=self.minutes)
