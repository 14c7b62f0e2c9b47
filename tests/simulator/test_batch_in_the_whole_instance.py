"""Items of a batch pass through the whole instance: who they act as, faults, the journal."""

import base64
import json
from itertools import count
from typing import Any

import httpx
import pytest

from simulator.control.fault_middleware import ConnectionDropped
from simulator.control.faults import Fault, FaultKind
from simulator.records.rules import rule
from simulator.world import World
from tests.simulator.admin import made
from tests.simulator.facts import fact
from tests.simulator.flow import bearer, tokens_of

WHO = "/api/now/ui/user/current_user"
ABEL, BETH = ("abel.tuter", "demo"), ("beth.anglin", "demo")


async def run(http: httpx.AsyncClient, *items: dict[str, Any], **more: Any) -> list[dict[str, Any]]:
    """The serviced requests of a batch."""
    answer = await http.post("/api/now/batch", json={"rest_requests": list(items)}, **more)
    assert answer.status_code == 200, answer.text
    serviced: list[dict[str, Any]] = answer.json()["serviced_requests"]
    return serviced


def get(url: str = WHO, **headers: str) -> dict[str, Any]:
    pairs = [{"name": name, "value": value} for name, value in headers.items()]
    return {"id": "1", "method": "GET", "url": url, "headers": pairs}


def moving(sys_id: str) -> dict[str, Any]:
    """An item by which somebody moves to another city."""
    return {
        "id": "0",
        "method": "PATCH",
        "url": f"/api/now/table/sys_user/{sys_id}",
        "headers": [{"name": "Content-Type", "value": "application/json"}],
        "body": base64.b64encode(b'{"city": "Elsewhere"}').decode(),
    }


def user_name(serviced: dict[str, Any]) -> Any:
    return json.loads(base64.b64decode(serviced["body"]))["result"]["user_name"]


async def test_items_act_as_who_sent_the_batch_by_password_or_token(
    http: httpx.AsyncClient,
) -> None:
    (by_password,) = await run(http, get(), auth=ABEL)
    (by_token,) = await run(http, get(), headers=bearer(await tokens_of(http)))
    assert user_name(by_password) == user_name(by_token) == "abel.tuter"


async def test_a_token_in_the_address_of_the_batch_serves_its_items(
    http: httpx.AsyncClient,
) -> None:
    token = (await tokens_of(http))["access_token"]
    asked = {"rest_requests": [get(f"{WHO}?x=1")]}
    answer = await http.post(f"/api/now/batch?access_token={token}", json=asked)
    assert user_name(answer.json()["serviced_requests"][0]) == "abel.tuter"


@pytest.mark.parametrize("place", ["header", "parameter"])
async def test_an_api_key_of_the_batch_serves_its_items(
    http: httpx.AsyncClient, world: World, place: str
) -> None:
    world.switches.api_key_needs_policy = False
    abel = world.instance.find_user("abel.tuter")
    assert abel is not None
    token = (await made(http, "api_key", name="Key", user=abel["sys_id"]))["token"]
    sent = {"x-sn-apikey": token}
    named: dict[str, Any] = {"headers": sent} if place == "header" else {"params": sent}
    items = [get(), get(f"{WHO}?x-sn-apikey=other"), get(**{"X-SN-APIKEY": "other"})]
    for serviced in await run(http, *items, **named):
        assert user_name(serviced) == "abel.tuter"


async def test_no_item_acts_as_somebody_else(http: httpx.AsyncClient, world: World) -> None:
    tokens = await tokens_of(http, "beth.anglin")
    session = world.sessions.begin(world.instance.find_user("beth.anglin")["sys_id"])  # type: ignore[index]  # she is there
    basic = base64.b64encode(b"beth.anglin:demo").decode()
    token = tokens["access_token"]
    items = (
        get(Authorization=f"Basic {basic}"),
        get(AUTHORIZATION=f"Bearer {token}"),
        get(Cookie=f"JSESSIONID={session}", **{"X-UserToken": session}),
        get(f"{WHO}?access_token={token}"),
        get(f"{WHO}?access%5Ftoken={token}&x"),
        get(f"{WHO}?x&%61ccess_token={token}"),
    )
    for serviced in await run(http, *items, auth=ABEL):
        assert user_name(serviced) == "abel.tuter"


async def test_an_item_that_would_act_as_somebody_else_is_nobody(
    http: httpx.AsyncClient, world: World
) -> None:
    # A credential of the batch itself that means somebody else by the time its items are run.
    abel, beth = world.instance.find_user("abel.tuter"), world.instance.find_user("beth.anglin")
    assert abel is not None
    assert beth is not None
    world.instance.rules.add(_turning_abel_into_beth())
    serviced = await run(http, moving(abel["sys_id"]), get(), auth=ABEL)
    assert [one["status_code"] for one in serviced] == [200, 401]


def _turning_abel_into_beth() -> Any:
    def swap(change: Any) -> None:
        beth = change.records.query("sys_user", "user_name=beth.anglin")[0]
        change.records.update("sys_user", beth["sys_id"], {"user_name": "abel.tuter"})
        change.set("user_name", "beth.anglin")

    return rule("Swap", "sys_user", swap, order=1)


async def test_no_cookie_is_among_the_headers_of_an_item(http: httpx.AsyncClient) -> None:
    (serviced,) = await run(http, get(), auth=ABEL)
    assert not {"Set-Cookie", "set-cookie"} & {header["name"] for header in serviced["headers"]}


async def test_each_item_is_in_the_journal(http: httpx.AsyncClient, world: World) -> None:
    await run(http, get(), get("/api/now/table/incident?sysparm_limit=1"), auth=ABEL)
    entries = [entry for entry in world.journal if entry.path != "/api/now/batch"]
    assert [(entry.method, entry.path) for entry in entries] == [
        ("GET", WHO),
        ("GET", "/api/now/table/incident"),
    ]
    assert {entry.acting_user for entry in world.journal} == {"abel.tuter"}


async def test_faults_strike_items(http: httpx.AsyncClient, world: World) -> None:
    world.faults.add(Fault(kind=FaultKind.RATE_LIMITED, path="/api/now/table/*"))
    url = "/api/now/table/incident?sysparm_limit=1"
    first, second = await run(http, get(url), get(url), auth=ABEL)
    assert (first["status_code"], second["status_code"]) == (429, 200)


async def test_a_connection_lost_in_an_item_is_lost_to_the_batch(
    http: httpx.AsyncClient, world: World
) -> None:
    world.faults.add(Fault(kind=FaultKind.RESET_BEFORE, path=WHO))
    with pytest.raises(ConnectionDropped):
        await run(http, get(), auth=ABEL)


async def test_an_item_that_takes_too_long_is_given_up(
    http: httpx.AsyncClient, world: World
) -> None:
    def take_long(_: object) -> None:
        world.clock.advance(29.95)

    world.instance.rules.add(rule("Take long", "sys_user", take_long, order=1))
    world.faults.add(Fault(kind=FaultKind.HOLD, path="/api/now/table/incident"))
    abel = world.instance.find_user("abel.tuter")
    assert abel is not None
    held = get("/api/now/table/incident") | {"id": "2"}
    asked = {"rest_requests": [moving(abel["sys_id"]), held, get() | {"id": "3"}]}
    answer = await http.post("/api/now/batch", json=asked, auth=ABEL)
    assert [one["status_code"] for one in answer.json()["serviced_requests"]] == [200]
    assert answer.json()["unserviced_requests"] == ["2", "3"]


@fact(
    "A batch over its quota is answered all the same, with what was done in time",
    tag="D Batch API: what was not processed is named",
)
async def test_a_batch_over_its_quota_is_no_500(http: httpx.AsyncClient, world: World) -> None:
    ticks = count(step=61)
    world.elapsed = lambda: float(next(ticks))
    answer = await http.post("/api/now/v1/batch", json={"rest_requests": []}, auth=ABEL)
    assert answer.status_code == 200


async def test_an_item_is_no_further_request_of_its_session(
    http: httpx.AsyncClient, world: World
) -> None:
    world.switches.concurrent_requests = 1
    (serviced,) = await run(http, get(), auth=ABEL)
    assert serviced["status_code"] == 200


async def test_the_admin_api_cannot_be_reached_through_a_batch(http: httpx.AsyncClient) -> None:
    urls = ("/simulator/people", "/api/../simulator/people", "/api%2F..%2Fsimulator/people")
    for serviced in await run(http, *map(get, urls), auth=ABEL):
        assert serviced["status_code"] == 400
