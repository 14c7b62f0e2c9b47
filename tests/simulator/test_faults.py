"""Faults on demand: each kind, which requests it meets, and what was done when it strikes."""

import asyncio
import json
from typing import Any

import httpx
import pytest

from simulator.world import World
from tests.simulator.facts import fact
from tests.simulator.flow import REFUSED, bearer, exchange, refreshed, tokens_of

INCIDENTS = "/api/now/table/incident"
TIMED_OUT = "Transaction cancelled: maximum execution time exceeded"


async def fault(http: httpx.AsyncClient, kind: str, **more: object) -> None:
    response = await http.post("/simulator/faults", json={"kind": kind, "path": "/api/*", **more})
    assert response.status_code == 201, response.text


async def read(http: httpx.AsyncClient, token: dict[str, str]) -> httpx.Response:
    return await http.get(f"{INCIDENTS}?sysparm_limit=2&sysparm_fields=number", headers=token)


async def create(http: httpx.AsyncClient, token: dict[str, str]) -> httpx.Response:
    return await http.post(INCIDENTS, json={"short_description": "Made once"}, headers=token)


def made(world: World) -> int:
    return world.instance.count("incident", "short_description=Made once")


@pytest.fixture
async def token(http: httpx.AsyncClient) -> dict[str, str]:
    """Abel's access token as a header."""
    return bearer(await tokens_of(http))


@pytest.mark.parametrize(
    ("kind", "status", "message", "detail"),
    [
        ("401", 401, "User Not Authenticated", "Required to provide Auth information"),
        ("403", 403, "User Not Authorized", "Failed API level ACL Validation"),
        ("403_scope", 403, "User Not Authorized", "Access to unscoped api is not allowed"),
        ("500", 500, TIMED_OUT, f"{TIMED_OUT}. Check logs for error trace."),
    ],
)
@fact("A transaction that takes too long is 500 and points to the logs in its detail", tag="M")
async def test_the_next_request_fails_and_the_one_after_it_does_not(
    http: httpx.AsyncClient,
    token: dict[str, str],
    world: World,
    kind: str,
    status: int,
    message: str,
    detail: str,
) -> None:
    await fault(http, kind)
    response = await create(http, token)
    assert response.status_code == status
    assert response.json() == {"error": {"message": message, "detail": detail}, "status": "failure"}
    assert made(world) == 0
    assert (await create(http, token)).status_code == 201


@fact(
    "A 429 has Retry-After and X-RateLimit-Limit, -Reset and -Rule",
    tag="D Inbound REST API rate limiting",
)
async def test_a_rate_limit_says_when_to_come_back(
    http: httpx.AsyncClient, token: dict[str, str]
) -> None:
    await fault(http, "429", retry_after=7, limit=42)
    response = await read(http, token)
    assert response.status_code == 429
    assert response.json()["error"]["message"] == "Rate limit exceeded"
    assert "42 requests per hour" in response.json()["error"]["detail"]
    assert response.headers["retry-after"] == "7"
    assert response.headers["x-ratelimit-limit"] == "42"
    assert response.headers["x-ratelimit-remaining"] == "0"
    assert response.headers["x-ratelimit-rule"]
    # 10:00 UTC, the next full hour of the test's clock
    assert response.headers["x-ratelimit-reset"] == "1795168800"


@pytest.mark.parametrize("kind", ["429", "503"])
async def test_retry_after_may_be_missing(
    http: httpx.AsyncClient, token: dict[str, str], kind: str
) -> None:
    await fault(http, kind, retry_after=None)
    assert "retry-after" not in (await read(http, token)).headers


@pytest.mark.parametrize(
    ("kind", "status", "text"),
    [
        ("502", 502, "Bad Gateway"),
        ("503", 503, "Service Temporarily Unavailable"),
        ("html_hibernating", 200, "Instance Hibernating page"),
        ("html_login", 200, "user_password"),
    ],
)
@fact(
    "An API call may be answered 200 with a page: of a hibernating instance, or to sign in", tag="M"
)
async def test_an_answer_can_be_a_page(
    http: httpx.AsyncClient, token: dict[str, str], kind: str, status: int, text: str
) -> None:
    await fault(http, kind)
    response = await read(http, token)
    assert response.status_code == status
    assert response.headers["content-type"].startswith("text/html")
    assert text in response.text


@fact("An insert that is answered 500 may have been made", tag="M")
async def test_a_500_after_commit_has_made_the_record(
    http: httpx.AsyncClient, token: dict[str, str], world: World
) -> None:
    await fault(http, "500_after_commit", method="POST", path=INCIDENTS)
    assert (await create(http, token)).status_code == 500
    assert made(world) == 1


async def test_a_truncated_answer_is_half_a_json_text(
    http: httpx.AsyncClient, token: dict[str, str]
) -> None:
    whole = (await read(http, token)).content
    await fault(http, "truncated")
    response = await read(http, token)
    assert response.status_code == 200
    assert response.content == whole[: len(whole) // 2]
    with pytest.raises(json.JSONDecodeError):
        response.json()


@fact(
    "A query that runs out of time while it answers is 200, with an error after the rows", tag="M"
)
async def test_an_error_can_stand_behind_the_rows_of_a_200(
    http: httpx.AsyncClient, token: dict[str, str]
) -> None:
    await fault(http, "error_in_200")
    response = await read(http, token)
    body: dict[str, Any] = response.json()
    assert response.status_code == 200
    assert len(body["result"]) == 2
    assert body["error"]["message"] == TIMED_OUT
    assert body["status"] == "failure"


async def test_a_connection_can_end_before_anything_is_done(
    http: httpx.AsyncClient, token: dict[str, str], world: World
) -> None:
    await fault(http, "reset_before")
    with pytest.raises(httpx.ReadError):
        await create(http, token)
    assert made(world) == 0


@pytest.mark.parametrize("kind", ["reset_after", "reset_midway"])
async def test_a_connection_can_end_after_the_work_was_done(
    http: httpx.AsyncClient, token: dict[str, str], world: World, kind: str
) -> None:
    await fault(http, kind)
    with pytest.raises(httpx.ReadError):
        await create(http, token)
    assert made(world) == 1
    entry = list(world.journal)[-1]
    assert (entry.fault, entry.answered) == (kind, False)


@pytest.mark.parametrize(("processed_first", "there"), [(True, 1), (False, 0)])
async def test_a_held_request_waits_until_it_is_released(
    http: httpx.AsyncClient,
    token: dict[str, str],
    world: World,
    *,
    processed_first: bool,
    there: int,
) -> None:
    await fault(http, "hold", processed_first=processed_first)
    waiting = asyncio.create_task(create(http, token))
    await world.faults.holding.wait()
    assert not waiting.done()
    assert made(world) == there
    assert (await http.post("/simulator/faults/release")).status_code == 204
    assert (await waiting).status_code == 201
    assert made(world) == 1


async def test_a_slow_answer_comes_in_the_end(
    http: httpx.AsyncClient, token: dict[str, str]
) -> None:
    await fault(http, "slow", seconds=0)
    assert (await read(http, token)).status_code == 200


@pytest.mark.parametrize(("processed_first", "there"), [(True, 1), (False, 0)])
async def test_a_slow_answer_can_be_too_slow_for_the_caller(
    http: httpx.AsyncClient,
    token: dict[str, str],
    world: World,
    *,
    processed_first: bool,
    there: int,
) -> None:
    await fault(http, "slow", seconds=3600, processed_first=processed_first)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await create(http, token)
    assert made(world) == there


async def test_a_fault_strikes_as_often_as_asked_after_sparing_some(
    http: httpx.AsyncClient, token: dict[str, str]
) -> None:
    await fault(http, "503", count=2, skip=1)
    statuses = [(await read(http, token)).status_code for _ in range(4)]
    assert statuses == [200, 503, 503, 200]


async def test_a_fault_meets_only_its_path_method_and_person(
    http: httpx.AsyncClient, token: dict[str, str]
) -> None:
    beth = bearer(await tokens_of(http, "beth.anglin"))
    await fault(http, "503", path=INCIDENTS, method="get", user="beth.*", count=9)
    assert (await create(http, token)).status_code == 201
    assert (await read(http, token)).status_code == 200
    assert (await create(http, beth)).status_code == 201
    assert (await http.get("/api/now/table/sys_user?sysparm_limit=1", headers=beth)).is_success
    assert (await read(http, beth)).status_code == 503


async def test_the_token_endpoint_can_fail_too(http: httpx.AsyncClient) -> None:
    tokens = await tokens_of(http)
    await fault(http, "401", path="/oauth_token.do")
    assert (await refreshed(http, tokens["refresh_token"])).json() == REFUSED
    await fault(http, "503", path="/oauth_token.do")
    assert (await exchange(http)).status_code == 503


async def test_faults_are_listed_and_can_be_taken_back(
    http: httpx.AsyncClient, token: dict[str, str]
) -> None:
    await fault(http, "503", count=3)
    await read(http, token)
    (waiting,) = (await http.get("/simulator/faults")).json()["faults"]
    assert (waiting["kind"], waiting["count"]) == ("503", 2)
    assert (await http.delete("/simulator/faults")).status_code == 204
    assert (await http.get("/simulator/faults")).json()["faults"] == []
    assert (await read(http, token)).status_code == 200


@pytest.mark.parametrize(
    "body", [b"", b"[]", b'{"kind":"unknown"}', b'{"kind":"503","colour":"red"}', b'{"count":1}']
)
async def test_a_fault_that_is_not_understood_is_400(http: httpx.AsyncClient, body: bytes) -> None:
    response = await http.post("/simulator/faults", content=body)
    assert response.status_code == 400
    assert response.json()["details"]
