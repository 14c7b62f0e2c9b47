"""Auth scopes: which APIs a token reaches, once somebody links an API to a scope."""

import httpx
import pytest

from simulator.oauth.clients import DEMO_CLIENT_ID, OAuthClient
from simulator.world import World
from tests.simulator.admin import changed, made, rows_of
from tests.simulator.facts import fact
from tests.simulator.flow import (
    REFUSED,
    answer,
    authorization_url,
    bearer,
    code_of,
    current_user,
    exchange,
    tokens_of,
)

PAGE = "D REST API auth scope"
INCIDENTS = "/api/now/table/incident?sysparm_limit=1"
UNSCOPED = {"message": "User Not Authorized", "detail": "Access to unscoped api is not allowed"}


async def registry(http: httpx.AsyncClient) -> str:
    rows = await rows_of(http, "oauth_entity", sysparm_query=f"client_id={DEMO_CLIENT_ID}")
    return str(rows[0]["sys_id"])


async def linked(http: httpx.AsyncClient, name: str = "tables", **values: str) -> str:
    """A scope that the Table API is linked to; its sys_id."""
    scope = await made(http, "sys_auth_scope", name=name)
    link = {"apply_all_methods": "true", "apply_all_resources": "true", **values}
    await made(
        http,
        "sys_api_access_scope",
        **{"name": name, "auth_scope": scope["sys_id"], "api_path": "now/table", **link},
    )
    return str(scope["sys_id"])


async def give(http: httpx.AsyncClient, scope: str) -> None:
    values = {"oauth_entity": await registry(http), "auth_scope": scope}
    await made(http, "oauth_entity_auth_scope_mapping", **values)


async def tokens_with(http: httpx.AsyncClient, scope: str) -> dict[str, str]:
    response = await exchange(http, code=await code_of(http, scope=scope))
    assert response.status_code == 200, response.text
    tokens: dict[str, str] = response.json()
    return tokens


@fact("Once an API is linked to a scope, tokens without it lose access to that API", tag=PAGE)
async def test_an_api_that_is_linked_is_closed_to_tokens_without_the_scope(
    http: httpx.AsyncClient,
) -> None:
    tokens = await tokens_with(http, "something_else")
    assert (await http.get(INCIDENTS, headers=bearer(tokens))).status_code == 200
    await linked(http)
    refused = await http.get(INCIDENTS, headers=bearer(tokens))
    assert refused.status_code == 403
    assert refused.json()["error"]["detail"] == "Missing required api access scope: tables"
    assert (await current_user(http, headers=bearer(tokens))).status_code == 200


@fact("The scope useraccount passes everywhere", tag=PAGE)
async def test_useraccount_passes_everywhere(http: httpx.AsyncClient) -> None:
    await linked(http)
    assert (await http.get(INCIDENTS, headers=bearer(await tokens_of(http)))).status_code == 200


@fact("Scopes are read from the client when a token is used, so live tokens change too", tag=PAGE)
async def test_giving_the_client_the_scope_opens_the_api_to_live_tokens(
    http: httpx.AsyncClient,
) -> None:
    tokens = await tokens_with(http, "something_else")
    scope = await linked(http)
    assert (await http.get(INCIDENTS, headers=bearer(tokens))).status_code == 403
    await give(http, scope)
    assert (await http.get(INCIDENTS, headers=bearer(tokens))).status_code == 200


@fact("Auth scopes are not asked of a user name and password", tag=PAGE)
async def test_basic_is_asked_for_no_scope(http: httpx.AsyncClient) -> None:
    await linked(http)
    assert (await http.get(INCIDENTS, auth=("abel.tuter", "demo"))).status_code == 200


@fact("A property turns the check of auth scopes off", tag=PAGE)
async def test_a_property_turns_the_check_off(http: httpx.AsyncClient) -> None:
    tokens = await tokens_with(http, "something_else")
    await linked(http)
    name = "com.glide.rest.api.auth.scope.check.enable"
    await made(http, "sys_properties", name=name, value="false")
    assert (await http.get(INCIDENTS, headers=bearer(tokens))).status_code == 200


@pytest.mark.parametrize(
    ("link", "status"),
    [
        ({"http_method": "GET", "apply_all_methods": "false"}, 403),
        ({"http_method": "POST", "apply_all_methods": "false"}, 200),
        ({"version": "v1"}, 200),
        ({"version": "v1", "apply_all_versions": "true"}, 403),
        ({"api_resource": "now/table/{table}", "apply_all_resources": "false"}, 403),
        ({"api_resource": "now/table/{table}/{id}", "apply_all_resources": "false"}, 200),
        ({"api_path": "now/tab"}, 200),
        ({"api_path": "", "api": "Table API"}, 403),
        ({"active": "false"}, 200),
        ({"disable_client_restriction": "true"}, 200),
    ],
)
async def test_a_link_may_be_to_a_method_a_version_or_a_resource(
    http: httpx.AsyncClient, link: dict[str, str], status: int
) -> None:
    tokens = await tokens_with(http, "something_else")
    await linked(http, **link)
    assert (await http.get(INCIDENTS, headers=bearer(tokens))).status_code == status


@fact(
    "A client allowed only APIs in its scopes is refused elsewhere, whatever its user may do",
    tag="M",
)
async def test_a_securely_scoped_client_reaches_only_apis_of_its_scopes(
    http: httpx.AsyncClient,
) -> None:
    tokens = await tokens_of(http)
    secured = {"scope_restriction_status": "securely_scoped"}
    await changed(http, "oauth_entity", await registry(http), **secured)
    for path in (INCIDENTS, "/api/now/ui/user/current_user"):
        refused = await http.get(path, headers=bearer(tokens))
        assert (refused.status_code, refused.json()["error"]) == (403, UNSCOPED)
        assert refused.headers["x-is-logged-in"] == "true"
    await give(http, await linked(http))
    assert (await http.get(INCIDENTS, headers=bearer(tokens))).status_code == 200
    elsewhere = await http.get("/api/now/ui/user/current_user", headers=bearer(tokens))
    assert elsewhere.json()["error"] == UNSCOPED


async def test_another_client_is_not_touched_by_it(http: httpx.AsyncClient, world: World) -> None:
    world.clients.register(OAuthClient(client_id="secured", securely_scoped=True))
    assert (await http.get(INCIDENTS, headers=bearer(await tokens_of(http)))).status_code == 200


@fact(
    "Where unscoped clients are not allowed, a client without a scope is refused",
    tag="C connectors tell to allow them",
)
async def test_unscoped_clients_may_be_unwelcome(http: httpx.AsyncClient) -> None:
    tokens = await tokens_of(http)
    name = "glide.security.oauth_allow_unscoped_clients"
    await made(http, "sys_properties", name=name, value="false")
    assert (await http.get(INCIDENTS, headers=bearer(tokens))).json()["error"] == UNSCOPED


@fact("A client with auth scopes is given no other scope", tag="R")
async def test_a_client_with_scopes_may_ask_for_no_other(http: httpx.AsyncClient) -> None:
    await give(http, await linked(http, "tables"))
    assert (await tokens_with(http, "tables"))["scope"] == "tables"
    back = await http.get(authorization_url(scope="everything"))
    assert answer(back.headers["location"])["error"] == "invalid_scope"
    form = {"username": "abel.tuter", "password": "demo", "scope": "tables everything"}
    assert (await exchange(http, grant_type="password", **form)).json() == REFUSED
    assert (await tokens_of(http, "beth.anglin"))["scope"] == "tables"
