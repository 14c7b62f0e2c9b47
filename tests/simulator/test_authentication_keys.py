"""API keys, the access policies that take them, and what policies refuse."""

import httpx
import pytest

from simulator.world import World
from tests.simulator.admin import ADMIN, changed, made, removed, rows_of
from tests.simulator.facts import fact
from tests.simulator.flow import bearer, current_user, tokens_of

PAGE = "D Configure API key"
ABEL = "62826bf03710200044e0bfc8bcbe5df1"
INCIDENTS = "/api/now/table/incident?sysparm_limit=1"
POLICY = "Table GET API Access Policy"


async def new_key(http: httpx.AsyncClient, **values: str) -> dict[str, str]:
    return await made(http, "api_key", name="Key", user=ABEL, **values)


async def accept(http: httpx.AsyncClient, table: str, **values: str) -> str:
    """Name a profile in the policy for reading tables, as setup scripts do; the policy."""
    policy = (await rows_of(http, "sys_api_access_policy", sysparm_query=f"name={POLICY}"))[0]
    await changed(
        http, "sys_api_access_policy", policy["sys_id"], active="true", apply_all_tables="true"
    )
    profile = await made(http, table, name="Profile", active="true", **values)
    mapping = {"api_access_policy": policy["sys_id"], "inbound_auth_profile": profile["sys_id"]}
    await made(http, "sys_auth_profile_mapping", **mapping)
    return str(policy["sys_id"])


async def accept_keys(http: httpx.AsyncClient, place: str = "auth_header") -> str:
    query = f"parameter_name=x-sn-apikey^type={place}"
    parameter = (await rows_of(http, "sys_token_auth_parameter", sysparm_query=query))[0]
    return await accept(http, "http_key_auth", auth_parameter=parameter["sys_id"])


async def status_with(http: httpx.AsyncClient, token: str, path: str = INCIDENTS) -> int:
    return (await http.get(path, headers={"x-sn-apikey": token})).status_code


@fact("An API key acts as its user, once a policy for the API takes keys", tag=PAGE)
async def test_a_key_acts_as_its_user(http: httpx.AsyncClient) -> None:
    token = (await new_key(http))["token"]
    assert await status_with(http, token) == 401
    await accept_keys(http)
    question = "/api/now/table/sys_user?sysparm_query=sys_id=javascript:gs.getUserID()"
    answer = await http.get(question, headers={"x-sn-apikey": token})
    assert [row["sys_id"] for row in answer.json()["result"]] == [ABEL]
    assert await status_with(http, token, "/api/now/ui/user/current_user") == 401


@fact("An API key is generated, and shown in clear by the answer that makes it only", tag="R")
async def test_a_key_is_shown_once(http: httpx.AsyncClient) -> None:
    made_key = await new_key(http, token="my-own")
    token = made_key["token"]
    assert token.startswith("now_")
    path = f"/api/now/table/api_key/{made_key['sys_id']}"
    for mode in ("false", "true", "all"):
        again = await http.get(path, params={"sysparm_display_value": mode}, auth=ADMIN)
        assert token not in again.text
    body = {"name": "Other", "user": ABEL}
    params = {"sysparm_display_value": "all"}
    other = await http.post("/api/now/table/api_key", json=body, params=params, auth=ADMIN)
    assert other.json()["result"]["token"]["value"].startswith("now_")
    assert other.headers["location"].endswith(other.json()["result"]["sys_id"]["value"])


async def test_a_key_may_stand_in_the_query_where_the_profile_says_so(
    http: httpx.AsyncClient,
) -> None:
    token = (await new_key(http))["token"]
    await accept_keys(http, "query_param")
    in_query = await http.get(INCIDENTS + f"&x-sn-apikey={token}")
    assert in_query.status_code == 200
    assert await status_with(http, token) == 401


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"active": "false"}, 401),
        ({"expires": "2026-11-20 09:00:00"}, 401),
        ({"expires": "2026-11-20 09:00:01"}, 200),
        ({"name": "Other"}, 200),
        ({"user": ""}, 401),
    ],
)
@fact("An inactive, expired or unknown API key is 401", tag=PAGE)
async def test_a_key_is_good_while_it_is_active_and_not_expired(
    http: httpx.AsyncClient, change: dict[str, str], status: int
) -> None:
    key = await new_key(http)
    await accept_keys(http)
    await changed(http, "api_key", key["sys_id"], **change)
    assert await status_with(http, key["token"]) == status


async def test_an_unknown_key_and_a_deleted_one_are_401(http: httpx.AsyncClient) -> None:
    key = await new_key(http)
    stored = (await rows_of(http, "api_key"))[0]["token"]
    await accept_keys(http)
    assert await status_with(http, "now_unknown") == 401
    assert await status_with(http, stored) == 401
    await removed(http, "api_key", key["sys_id"])
    assert await status_with(http, key["token"]) == 401


async def test_a_key_of_somebody_locked_out_is_401(http: httpx.AsyncClient, world: World) -> None:
    key = await new_key(http)
    await accept_keys(http)
    world.instance.update("sys_user", ABEL, {"locked_out": "true"})
    assert await status_with(http, key["token"]) == 401


async def test_policies_may_be_needless(http: httpx.AsyncClient, world: World) -> None:
    world.switches.api_key_needs_policy = False
    assert await status_with(http, (await new_key(http))["token"]) == 200


@fact("A key with an auth scope reaches only the APIs linked to it", tag="R")
async def test_a_key_may_be_bound_to_a_scope(http: httpx.AsyncClient, world: World) -> None:
    world.switches.api_key_needs_policy = False
    scope = await made(http, "sys_auth_scope", name="tables")
    token = (await new_key(http, auth_scope=scope["sys_id"]))["token"]
    assert await status_with(http, token) == 403
    link = {"name": "tables", "api_path": "now/table", "auth_scope": scope["sys_id"]}
    await made(http, "sys_api_access_scope", **link)
    assert await status_with(http, token) == 200


@fact("Once a policy names profiles, every other way to authenticate is refused", tag="C")
async def test_a_policy_that_takes_keys_refuses_the_rest(http: httpx.AsyncClient) -> None:
    tokens, key = await tokens_of(http), await new_key(http)
    await accept_keys(http)
    assert await status_with(http, key["token"]) == 200
    assert (await http.get(INCIDENTS, headers=bearer(tokens))).status_code == 401
    assert (await http.get(INCIDENTS, auth=ADMIN)).status_code == 401
    assert (await http.get("/api/now/stats/incident", auth=ADMIN)).status_code == 200
    assert (await current_user(http, headers=bearer(tokens))).status_code == 200


@pytest.mark.parametrize(
    ("kind", "basic", "token"), [("basic_auth", 200, 401), ("oauth", 401, 200)]
)
async def test_a_policy_may_take_passwords_only_or_tokens_only(
    http: httpx.AsyncClient, kind: str, basic: int, token: int
) -> None:
    tokens = await tokens_of(http)
    await accept(http, "std_http_auth", type=kind)
    assert (await http.get(INCIDENTS, auth=("abel.tuter", "demo"))).status_code == basic
    assert (await http.get(INCIDENTS, headers=bearer(tokens))).status_code == token


@fact("A policy for one API goes before a global one", tag="D API access policy prioritization")
async def test_a_specific_policy_goes_before_a_global_one(http: httpx.AsyncClient) -> None:
    tokens = await tokens_of(http)
    policy = await made(http, "sys_api_access_policy", **{"name": "All", "global": "true"})
    profile = await made(http, "std_http_auth", name="Tokens", type="oauth")
    mapping = {"api_access_policy": policy["sys_id"], "inbound_auth_profile": profile["sys_id"]}
    await made(http, "sys_auth_profile_mapping", **mapping)
    assert (await http.get(INCIDENTS, auth=("abel.tuter", "demo"))).status_code == 401
    assert (await http.get(INCIDENTS, headers=bearer(tokens))).status_code == 200


async def test_a_profile_without_a_place_takes_keys_anywhere(http: httpx.AsyncClient) -> None:
    token = (await new_key(http))["token"]
    await accept(http, "http_key_auth")
    assert await status_with(http, token) == 200
    assert (await http.get(INCIDENTS + f"&x-sn-apikey={token}")).status_code == 200


async def test_a_profile_for_passwords_takes_no_key(http: httpx.AsyncClient) -> None:
    token = (await new_key(http))["token"]
    await accept(http, "std_http_auth", type="basic_auth")
    assert await status_with(http, token) == 401


async def test_nobody_is_impersonated_by_a_header(http: httpx.AsyncClient) -> None:
    headers = {**bearer(await tokens_of(http)), "X-Impersonate": "admin", "X-UserName": "admin"}
    answer = await current_user(http, headers=headers)
    assert answer.json()["result"]["user_name"] == "abel.tuter"


@fact(
    "With Enforce token restriction the tokens of a client open only APIs whose access policy"
    " takes tokens",
    tag="D Create an OAuth API endpoint for external clients",
)
async def test_a_restricted_token_needs_a_policy_that_takes_it(http: httpx.AsyncClient) -> None:
    token = bearer(await tokens_of(http))
    registry = (await rows_of(http, "oauth_entity", sysparm_query="name=ServiceNow over MCP"))[0]
    assert (await http.get(INCIDENTS, headers=token)).status_code == 200
    restricted = {"enforce_token_restriction": "true"}
    await changed(http, "oauth_entity", registry["sys_id"], **restricted)
    assert (await http.get(INCIDENTS, headers=token)).status_code == 401
    await accept(http, "std_http_auth", type="oauth")
    assert (await http.get(INCIDENTS, headers=token)).status_code == 200
    assert (await current_user(http, headers=token)).status_code == 401
