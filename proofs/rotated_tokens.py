"""People with made-up tokens, somebody who stores newer ones all the time, and what is true then.

Run inside the apps: `make N` makes people; `refresh FILE` stores new tokens as a refresh does
until FILE exists, half of them where a rotation is at work, then prints the last number of each
row; `compare` reads that and prints what does not read as it was stored.
"""

import json
import random
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from django.db import connection as database
from django.utils import timezone

from oauth_app import leases
from oauth_app.instances import default_instance
from oauth_app.models import Connection, User
from servicenow.oauth import TokenSet

_PREFIX = "made-up-"
_DAY = 86_400
_WHERE_IT_IS_AT_WORK = 0.5  # of all refreshes
_ROWS_OF_A_BATCH = 20
_UNDER_THE_OLD_KEY = """
    SELECT id FROM oauth_app_connection
     WHERE user_name LIKE %s AND access_token LIKE '1|old|%%' ORDER BY id OFFSET %s LIMIT 1"""


def main(what: str, *arguments: str) -> None:
    """Do one of the three."""
    steps: dict[str, Callable[..., None]] = {"make": make, "refresh": refresh, "compare": compare}
    steps[what](*arguments)


def make(number: str) -> None:
    """Make so many people with two tokens each."""
    instance = default_instance()
    if instance is None:
        raise SystemExit("no instance")
    people = User.objects.bulk_create(User(username=f"{_PREFIX}{n}") for n in range(int(number)))
    rows = [
        Connection(
            instance=instance,
            user=person,
            sys_id=f"{n:032x}",
            user_name=person.username,
            access_token_expires_at=timezone.now() + timedelta(days=1),
        )
        for n, person in enumerate(people)
    ]
    for row in rows:
        row.access_token, row.refresh_token = _tokens(row.pk, 0)
    Connection.objects.bulk_create(rows, batch_size=1000)


def refresh(stop: str) -> None:
    """Store new tokens for one row after another, by lease and version, until `stop` exists."""
    numbers: dict[int, int] = {}
    versions = dict(
        Connection.objects.filter(user_name__startswith=_PREFIX).values_list("pk", "version")
    )
    every = sorted(versions)
    choose = random.Random(19)
    while not Path(stop).exists():
        near = _rotated_next(choose) if choose.random() < _WHERE_IT_IS_AT_WORK else None
        row = choose.choice(every) if near is None else near
        lease = leases.claim(row, version=versions[row])
        number = numbers.get(row, 0) + 1
        access, again = _tokens(row, number)
        if lease and leases.save_tokens(lease, TokenSet(access, again, _DAY, "useraccount")):
            numbers[row] = number
            versions[row] += 1
        time.sleep(0.005)  # so many refreshes that half a million people make
    print(json.dumps(numbers))  # read by the proof


def _rotated_next(choose: random.Random) -> int | None:
    """One of the rows that a rotation holds now or comes to next; None where all are done."""
    with database.cursor() as cursor:
        cursor.execute(_UNDER_THE_OLD_KEY, [f"{_PREFIX}%", choose.randrange(_ROWS_OF_A_BATCH)])
        found = cursor.fetchone()
    return int(found[0]) if found else None


def compare() -> None:
    """Print how many made-up tokens there are, and how many are wrong."""
    numbers = {int(row): number for row, number in json.load(sys.stdin).items()}
    tokens = wrong = 0
    for row in Connection.objects.filter(user_name__startswith=_PREFIX).iterator():
        access, again = _tokens(row.pk, numbers.get(row.pk, 0))
        tokens += 2
        wrong += (row.access_token != access) + (row.refresh_token != again)
    print(json.dumps({"tokens": tokens, "wrong": wrong}))  # read by the proof


def _tokens(row: int, number: int) -> tuple[str, str]:
    return f"access {number} of {row}", f"refresh {number} of {row}"
