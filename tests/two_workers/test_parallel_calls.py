"""Many people at once, with equal ids, over both workers, in both eras: to each their own answers.

By default 2,000 answers; TWO_WORKERS_ANSWERS=10000 runs the whole proof.
"""

import asyncio
import os
import random
import secrets
from collections import Counter
from dataclasses import dataclass, field

import httpx
import pytest

from tests.mcp_app.clients import call, modern
from tests.two_workers.client import REQUEST_CANCELLED, Client, Message, notification
from tests.two_workers.line import Answer, Line
from tests.two_workers.site import Person, TwoWorkers, Worker

pytestmark = pytest.mark.enable_socket
ANSWERS = int(os.environ.get("TWO_WORKERS_ANSWERS", "2000"))
LANES_OF_A_PERSON = 4
SHORT_MS, LONG_MS = 20, 400
# Of each person at each worker; these ask ServiceNow.
PROFILES = 5
# One call in so many is cancelled, and one in so many is left in the middle.
CANCELLED, LEFT = 10, 10


@dataclass
class Tally:
    """What came back, over all people."""

    came: Counter[str] = field(default_factory=Counter)
    wrong: list[tuple[str, str, Answer]] = field(default_factory=list)

    def count(self, person: Person, mark: str, message: Message, answer: Answer) -> None:
        """Count an answer: this person's to this very call, a cancelled one, or a wrong one."""
        came = answer.message or {}
        said = came.get("result", {}).get("content", [{}])[0].get("text")
        if answer.status == 200 and came.get("id") == message["id"]:
            if said == f"{person.user_name} {mark}":
                self.came["own"] += 1
                return
            if came.get("error", {}).get("code") == REQUEST_CANCELLED:
                self.came["cancelled"] += 1
                return
        self.wrong.append((person.user_name, mark, answer))


@dataclass(frozen=True)
class Lane:
    """One of several clients of a person, which makes one call after the other."""

    site: TwoWorkers
    person: Person
    session: str
    chance: random.Random
    tally: Tally

    async def run(self, calls: int) -> None:
        """Make so many calls that are answered; some more are left in the middle."""
        first, second = self.site.workers
        async with Line.to(first.address) as one, Line.to(second.address) as other:
            for n in range(calls):
                if self.chance.randrange(LEFT) == 0:
                    await self._leave(n)
                await self._ask(n, self.chance.choice((one, other)))

    async def _ask(self, n: int, line: Line) -> None:
        mark, is_cancelled = secrets.token_hex(8), self.chance.randrange(CANCELLED) == 0
        lasts = LONG_MS if is_cancelled else self.chance.randrange(SHORT_MS)
        message, headers = self._call(n, mark, lasts=lasts)
        answer = asyncio.ensure_future(line.post("/fixture/mcp", message, headers=headers))
        if is_cancelled:
            await self._cancel(n)
        self.tally.count(self.person, mark, message, await answer)

    def _call(self, n: int, mark: str, *, lasts: int) -> tuple[Message, dict[str, str]]:
        """The same ids for everybody, and for each lane of a person."""
        arguments = {"mark": mark, "milliseconds": lasts}
        message = call("who_am_i", arguments, id_=n)
        if self.chance.random() < 0.5:
            message, repeated = modern(message)
            return message, self._credential() | repeated
        return message, self._in_session()

    async def _cancel(self, n: int) -> None:
        """Cancel through either worker; it may come before the call, or after its end."""
        told = notification("notifications/cancelled", requestId=n)
        async with Line.to(self.chance.choice(self.site.workers).address) as line:
            assert (await line.post("/fixture/mcp", told, headers=self._in_session())).status == 202

    async def _leave(self, n: int) -> None:
        message, headers = self._call(n, "left", lasts=LONG_MS)
        async with Line.to(self.chance.choice(self.site.workers).address) as line:
            await line.send("/fixture/mcp", message, headers=headers)
            await asyncio.sleep(self.chance.random() * SHORT_MS / 1000)

    def _credential(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.person.token}"}

    def _in_session(self) -> dict[str, str]:
        return self._credential() | {"Mcp-Session-Id": self.session}


async def lanes(site: TwoWorkers, web: httpx.AsyncClient, tally: Tally) -> list[Lane]:
    """Some for each person, who has one session, opened at either worker."""
    opened = []
    for number, person in enumerate(site.people):
        worker = site.workers[number % 2]
        session = (await Client.opened(web, worker, token=person.token)).session
        for lane in range(LANES_OF_A_PERSON):
            chance = random.Random(f"{number} {lane}")
            opened.append(Lane(site, person, session, chance, tally))
    return opened


async def test_everybody_gets_their_own_answers_and_no_others(
    site: TwoWorkers, web: httpx.AsyncClient
) -> None:
    tally = Tally()
    every = await lanes(site, web, tally)
    await asyncio.gather(*(lane.run(ANSWERS // len(every)) for lane in every))
    assert tally.wrong == []
    assert tally.came.total() == ANSWERS // len(every) * len(every)
    assert tally.came["cancelled"] > 0
    assert tally.came["own"] > tally.came["cancelled"]


@pytest.mark.parametrize("era", ["modern", "handshake"])
async def test_the_products_own_tool_tells_everybody_who_they_are(
    site: TwoWorkers, web: httpx.AsyncClient, access_tokens: dict[str, str], era: str
) -> None:
    async def asked(user_name: str, worker: Worker, session: str) -> tuple[str, str]:
        message, headers = call("get_my_profile"), {"Mcp-Session-Id": session}
        if era == "modern":
            message, headers = modern(message)
        headers["Authorization"] = f"Bearer {access_tokens[user_name]}"
        answer = await web.post(f"{worker.address}/mcp", json=message, headers=headers)
        return user_name, answer.json()["result"]["structuredContent"]["user_name"]

    questions = []
    for user_name, token in access_tokens.items():
        opened = await Client.opened(web, site.uvicorn, token=token, path="/mcp")
        questions += [asked(user_name, each, opened.session) for each in site.workers * PROFILES]
    answers = await asyncio.gather(*questions)
    assert len(answers) == len(access_tokens) * 2 * PROFILES
    assert [pair for pair in answers if pair[0] != pair[1]] == []
