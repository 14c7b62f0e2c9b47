"""What one worker seals for a client (2026-07-28) any worker opens, for this very call alone."""

import json
import time
from typing import Any

import httpx
import pytest
from mcp.server.request_state import AESGCMRequestStateCodec

from oauth_app.encryption import Keyset
from tests.mcp_app.clients import call, modern
from tests.two_workers.client import Message
from tests.two_workers.site import Person, TwoWorkers, Worker

pytestmark = pytest.mark.enable_socket
TOOL = "test_input_required_result_request_state"
OTHER_TOOL = "test_input_required_result_tampered_state"
CONFIRMED = {"confirm": {"action": "accept", "content": {"ok": True}}}
ARGUMENTS = {"what": "this"}


class Rounds:
    """The rounds of a call of 2026-07-28, at any worker with any credential."""

    def __init__(self, site: TwoWorkers, web: httpx.AsyncClient) -> None:
        self.site = site
        self.abel: Person = site.people[0]
        self._web = web

    async def sealed(self) -> str:
        """What daphne gives Abel's client to carry."""
        answer = await self.post(self.site.daphne, call(TOOL, ARGUMENTS))
        result = answer.json()["result"]
        assert result["resultType"] == "input_required"
        return str(result["requestState"])

    async def again(self, state: object, *, worker: Worker | None = None, **changed: Any) -> Any:
        """The second round: the same call with an answer, but for what is changed."""
        token = changed.pop("token", self.abel.token)
        message = call(changed.pop("tool", TOOL), changed.pop("arguments", ARGUMENTS), id_=2)
        message["params"] |= {"requestState": state, "inputResponses": CONFIRMED}
        return await self.post(worker or self.site.uvicorn, message, token=token)

    async def post(self, worker: Worker, message: Message, *, token: str = "") -> httpx.Response:
        """POST a message, as Abel unless said otherwise."""
        body, repeated = modern(message)
        headers = {"Authorization": f"Bearer {token or self.abel.token}", **repeated}
        return await self._web.post(f"{worker.address}/fixture/mcp", json=body, headers=headers)


@pytest.fixture
def rounds(site: TwoWorkers, web: httpx.AsyncClient) -> Rounds:
    """Abel's calls."""
    return Rounds(site, web)


def assert_is_done(answer: httpx.Response) -> None:
    """The call ends."""
    assert answer.status_code == 200, answer.text
    assert answer.json()["result"]["content"][0]["text"] == "state-ok"


def assert_is_refused(answer: httpx.Response) -> None:
    """Nothing says why."""
    assert answer.status_code == 400
    error = answer.json()["error"]
    assert (error["code"], error["message"]) == (-32602, "Invalid or expired requestState")


async def test_the_other_worker_opens_it(rounds: Rounds) -> None:
    state = await rounds.sealed()
    for worker in rounds.site.workers:
        assert_is_done(await rounds.again(state, worker=worker))


async def test_nobody_else_opens_it(rounds: Rounds) -> None:
    state = await rounds.sealed()
    for token in (rounds.site.people[1].token, rounds.abel.other_token):
        assert_is_refused(await rounds.again(state, token=token))


@pytest.mark.parametrize("arguments", [{}, {"what": "that"}, {**ARGUMENTS, "more": 1}])
async def test_it_is_for_these_arguments_alone(rounds: Rounds, arguments: Message) -> None:
    assert_is_refused(await rounds.again(await rounds.sealed(), arguments=arguments))


async def test_it_is_for_this_tool_alone(rounds: Rounds) -> None:
    assert_is_refused(await rounds.again(await rounds.sealed(), tool=OTHER_TOOL))


async def test_no_part_of_it_can_be_changed(rounds: Rounds) -> None:
    state = await rounds.sealed()
    changed = [
        state[:place] + ("A" if state[place] != "A" else "B") + state[place + 1 :]
        for place in (0, 3, 12, len(state) // 2, len(state) - 2)
    ]
    for wrong in (*changed, state[:-1], state + "A", "v1.", "x", ""):
        assert_is_refused(await rounds.again(wrong))


async def test_after_its_time_it_opens_nothing(rounds: Rounds) -> None:
    keys = Keyset.parsed(rounds.site.demo.secrets.encryption_key).keys
    codec = AESGCMRequestStateCodec(list(keys.values()))
    claims = json.loads(codec.unseal(await rounds.sealed()))
    assert claims["exp"] - claims["iat"] == pytest.approx(600, abs=1)
    assert_is_done(await rounds.again(codec.seal(json.dumps(claims).encode())))
    claims["exp"] = time.time() - 1
    assert_is_refused(await rounds.again(codec.seal(json.dumps(claims).encode())))
