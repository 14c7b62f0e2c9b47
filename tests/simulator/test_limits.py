"""How much may come in: rates, durations, concurrency; and instances that are closed."""

import asyncio
from itertools import count

import httpx
import pytest

from simulator.control.faults import Fault, FaultKind
from simulator.world import World
from tests.simulator.admin import ADMIN, changed, made, rows_of
from tests.simulator.conftest import NOW
from tests.simulator.facts import fact
from tests.simulator.flow import bearer, current_user, tokens_of

PAGE = "D Inbound REST API rate limiting"
ABEL, BETH = ("abel.tuter", "demo"), ("beth.anglin", "demo")
ABELS_ID = "62826bf03710200044e0bfc8bcbe5df1"
INCIDENTS = "/api/now/table/incident"
HOUR = int(NOW.timestamp()) + 3600


async def rule(http: httpx.AsyncClient, limit: int, **values: str) -> str:
    """A rule for reading incidents; its sys_id."""
    about = {"name": "Limit", "api_path": "now/table", "table": "incident", **values}
    return str(
        (await made(http, "sys_rate_limit_rules", request_limit=str(limit), **about))["sys_id"]
    )


async def read(
    http: httpx.AsyncClient, who: tuple[str, str] = ABEL, path: str = INCIDENTS
) -> httpx.Response:
    return await http.get(path, params={"sysparm_limit": "1"}, auth=who)


async def role_id(http: httpx.AsyncClient, name: str) -> str:
    return str((await rows_of(http, "sys_user_role", sysparm_query=f"name={name}"))[0]["sys_id"])


@fact("Answers have headers of rate limits only where a rule is about the request", tag=PAGE)
async def test_headers_say_how_a_limited_request_stands(http: httpx.AsyncClient) -> None:
    before = await read(http)
    assert not any(name.startswith("x-ratelimit") for name in before.headers)
    limit = await rule(http, 2)
    answer = await read(http)
    assert answer.status_code == 200
    assert answer.headers["x-ratelimit-limit"] == "2"
    assert answer.headers["x-ratelimit-reset"] == str(HOUR)
    assert answer.headers["x-ratelimit-rule"] == limit
    assert "retry-after" not in answer.headers
    elsewhere = await read(http, path="/api/now/table/problem")
    assert "x-ratelimit-limit" not in elsewhere.headers


@fact("A request over the limit is 429 and says in how many seconds the hour is over", tag=PAGE)
async def test_a_request_too_many_is_429(http: httpx.AsyncClient, world: World) -> None:
    limit = await rule(http, 2)
    world.clock.advance(600)
    for _ in range(2):
        assert (await read(http)).status_code == 200
    refused = await read(http)
    assert refused.status_code == 429
    assert refused.json() == {
        "error": {
            "message": "Rate limit exceeded",
            "detail": "Rate limit of 2 requests per hour for Table API exceeded",
        },
        "status": "failure",
    }
    assert refused.headers["retry-after"] == "3000"
    assert refused.headers["x-ratelimit-rule"] == limit
    violations = await rows_of(http, "sys_rate_limit_violations")
    assert [row["user"]["value"] for row in violations] == [ABELS_ID]


@fact("Requests are counted for each user, by the hour of the clock", tag=PAGE)
async def test_everybody_has_an_hour_of_their_own(http: httpx.AsyncClient, world: World) -> None:
    await rule(http, 1)
    assert [(await read(http)).status_code for _ in range(2)] == [200, 429]
    assert (await read(http, BETH)).status_code == 200
    world.clock.advance(3599)
    assert (await read(http)).status_code == 429
    world.clock.advance(1)
    assert (await read(http)).status_code == 200
    counts = await rows_of(http, "sys_rate_limit_count", sysparm_query=f"user={ABELS_ID}")
    assert {(row["count_start"], row["request_count"]) for row in counts} == {
        ("2026-11-20 09:00:00", "3"),
        ("2026-11-20 10:00:00", "1"),
    }


@fact("A rule for one user goes before rules for roles, and these before one for all", tag=PAGE)
async def test_the_narrowest_rule_applies(http: httpx.AsyncClient) -> None:
    await rule(http, 1, name="All")
    assert (await read(http)).headers["x-ratelimit-limit"] == "1"
    await rule(http, 7, name="Role", type="role", role=await role_id(http, "itil"))
    assert (await read(http)).headers["x-ratelimit-limit"] == "7"
    await rule(http, 9, name="User", type="user", user=ABELS_ID)
    assert (await read(http)).headers["x-ratelimit-limit"] == "9"
    assert (await read(http, BETH)).headers["x-ratelimit-limit"] == "7"


@fact("Among rules for several roles of a user the lowest limit counts", tag=PAGE)
async def test_the_lowest_limit_of_several_roles_counts(http: httpx.AsyncClient) -> None:
    await rule(http, 9, name="One", type="role", role=await role_id(http, "itil"))
    await rule(http, 4, name="Two", type="role", role=await role_id(http, "approver_user"))
    assert (await read(http, BETH)).headers["x-ratelimit-limit"] == "4"
    assert (await read(http)).headers["x-ratelimit-limit"] == "9"


@fact(
    "Changing the limit of a rule starts its counts anew",
    tag="D Create an inbound REST API rate limit",
)
async def test_changing_the_limit_starts_counting_anew(http: httpx.AsyncClient) -> None:
    limit = await rule(http, 1)
    assert [(await read(http)).status_code for _ in range(2)] == [200, 429]
    await changed(http, "sys_rate_limit_rules", limit, request_limit="2")
    assert [(await read(http)).status_code for _ in range(3)] == [200, 200, 429]
    await changed(http, "sys_rate_limit_rules", limit, active="false")
    assert (await read(http)).status_code == 200


@pytest.mark.parametrize("limit", ["0", "-1", "", "many"])
async def test_a_limit_must_be_a_number_of_requests(http: httpx.AsyncClient, limit: str) -> None:
    values = {"name": "Limit", "request_limit": limit}
    answer = await http.post("/api/now/table/sys_rate_limit_rules", json=values, auth=ADMIN)
    assert answer.status_code == 403


@pytest.mark.parametrize(
    ("about", "limited"),
    [
        ({"http_method": "GET"}, True),
        ({"http_method": "POST"}, False),
        ({"version": "v2"}, False),
        ({"table": "problem"}, False),
        ({"table": ""}, True),
        ({"api_path": "", "api": "Table API"}, True),
        ({"api_path": "now/stats"}, False),
        ({"resource": "/now/table/{tableName}"}, True),
        ({"resource": "/now/table/{tableName}/{sys_id}"}, False),
    ],
)
@fact(
    "A rate limit is for a resource, and may be for one method, version or table of it",
    tag="D Create an inbound REST API rate limit",
)
async def test_a_rule_may_be_about_a_method_a_version_a_table_or_a_resource(
    http: httpx.AsyncClient, *, about: dict[str, str], limited: bool
) -> None:
    await rule(http, 5, **about)
    assert ("x-ratelimit-limit" in (await read(http)).headers) is limited


@fact(
    "The Knowledge API allows external users 500 requests an hour",
    tag="D Knowledge Management REST API",
)
async def test_the_knowledge_api_has_a_rule_of_its_own(http: httpx.AsyncClient) -> None:
    rules = await rows_of(http, "sys_rate_limit_rules", sysparm_display_value="true")
    assert [(row["request_limit"], row["role"]["display_value"]) for row in rules] == [
        ("500", "snc_external")
    ]


@fact("A transaction over its quota is cancelled with 500, and what it wrote stays", tag="M")
async def test_what_takes_too_long_is_cancelled_after_its_write(
    http: httpx.AsyncClient, world: World
) -> None:
    ticks = count(step=61)
    world.elapsed = lambda: float(next(ticks))
    before = world.instance.count("incident")
    answer = await http.post(INCIDENTS, json={"short_description": "Slow"}, auth=ABEL)
    assert answer.status_code == 500
    assert answer.json()["error"] == {
        "message": "Transaction cancelled: maximum execution time exceeded",
        "detail": "Transaction cancelled: maximum execution time exceeded."
        " Check logs for error trace.",
    }
    assert world.instance.count("incident") == before + 1


@fact("Rules of sysrule_quota say how long a transaction may take, by its address", tag="R")
async def test_the_quota_is_that_of_the_rule_for_the_api(
    http: httpx.AsyncClient, world: World
) -> None:
    ticks = count(step=61)
    world.elapsed = lambda: float(next(ticks))
    for row in world.instance.query("sysrule_quota", "urlISEMPTY^ORurl=/api/now/table"):
        world.instance.update("sysrule_quota", row["sys_id"], {"max_duration": "62"})
    assert (await read(http)).status_code == 200
    for row in world.instance.query("sysrule_quota"):
        world.instance.update("sysrule_quota", row["sys_id"], {"active": "false"})
    assert (await read(http)).status_code == 200


@pytest.mark.parametrize("status", [429, 503])
@fact("More requests of a session than its semaphores are refused", tag="R")
async def test_so_many_requests_may_run_at_once(
    http: httpx.AsyncClient, world: World, status: int
) -> None:
    world.switches.concurrent_requests = 1
    world.switches.concurrency_status = status
    world.faults.add(Fault(kind=FaultKind.HOLD))
    held = asyncio.create_task(read(http))
    await world.faults.holding.wait()
    assert (await read(http)).status_code == status
    assert (await read(http, BETH)).status_code == 200
    world.faults.release()
    assert (await held).status_code == 200
    assert (await read(http)).status_code == 200


async def test_the_items_of_a_batch_run_within_it_and_count_for_their_rules(
    http: httpx.AsyncClient, world: World
) -> None:
    world.switches.concurrent_requests = 1
    await rule(http, 1)
    item = {"method": "GET", "url": f"{INCIDENTS}?sysparm_limit=1"}
    items = [{"id": name, **item} for name in ("first", "second")]
    batch = {"batch_request_id": "one", "rest_requests": items}
    answer = await http.post("/api/now/v1/batch", json=batch, auth=ABEL)
    served = answer.json()["serviced_requests"]
    assert [one["status_code"] for one in served] == [200, 429]


@fact("A hibernating instance answers everything with 200 and a page", tag="M")
async def test_a_hibernating_instance_answers_with_a_page_until_it_is_woken(
    http: httpx.AsyncClient,
) -> None:
    tokens = await tokens_of(http)
    await http.patch("/simulator/switches", json={"hibernating": True})
    for path in (INCIDENTS, "/login.do", "/oauth_auth.do"):
        answer = await http.get(path)
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/html")
        assert "Instance Hibernating page" in answer.text
    await http.patch("/simulator/switches", json={"hibernating": False})
    assert (await current_user(http, headers=bearer(tokens))).status_code == 200


async def test_an_instance_under_maintenance_answers_503(http: httpx.AsyncClient) -> None:
    await http.patch("/simulator/switches", json={"maintenance": True})
    answer = await read(http)
    assert (answer.status_code, answer.headers["content-type"]) == (503, "text/html; charset=utf-8")
