"""Run inside the apps: `main FILE` lets people work with ServiceNow until FILE exists.

Every second person does, at random: asks for a token and reads their own record with it. The
others are away, so that only the sweep renews their tokens. Prints how many did, and what failed.
"""

import asyncio
import json
import random
import sys
from pathlib import Path
from typing import Final

from oauth_app.models import Connection
from oauth_app.tokens import ConnectionTokens
from servicenow.http import close_shared_client, shared_client
from servicenow.who_am_i import who_am_i

_BETWEEN_SECONDS: Final = 0.1
_AT_THE_SAME_TIME: Final = 4


def main(stop: str) -> None:
    """Work and print."""
    everybody = Connection.objects.order_by("user_name")
    people = list(everybody.values_list("pk", "user_name", "instance__base_url")[::2])
    print(json.dumps(asyncio.run(_everybody(people, Path(stop)))), file=sys.stdout)


async def _everybody(people: list[tuple[int, str, str]], stop: Path) -> dict[str, object]:
    failures: list[str] = []
    each = (_work(people, stop, failures, random.Random(n)) for n in range(_AT_THE_SAME_TIME))
    made = sum(await asyncio.gather(*each))
    await close_shared_client()
    return {"made": made, "failures": failures}


async def _work(
    people: list[tuple[int, str, str]], stop: Path, failures: list[str], choose: random.Random
) -> int:
    made = 0
    while not stop.exists():  # noqa: ASYNC240  # microseconds
        connection, name, address = choose.choice(people)
        made += 1
        try:
            token = await ConnectionTokens(connection).current()
            found = await who_am_i(address, http=shared_client(), access_token=token)
            if found.user_name != name:
                failures.append(f"{name} was {found.user_name}")
        except Exception as failure:  # noqa: BLE001  # whatever it is, the proof counts it
            failures.append(repr(failure))
        await asyncio.sleep(_BETWEEN_SECONDS)
    return made
