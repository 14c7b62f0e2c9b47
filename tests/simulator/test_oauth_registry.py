"""Registries and tokens as records: what an administrator makes, sees and ends."""

import re
import sqlite3
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from simulator.app import create_app
from simulator.oauth.clients import DEMO_CLIENT_ID, DEMO_CLIENT_SECRET
from simulator.world import World
from tests.simulator.admin import ADMIN, changed, made, removed, rows_of
from tests.simulator.conftest import NOW
from tests.simulator.facts import fact
from tests.simulator.flow import (
    REFUSED,
    bearer,
    code_of,
    current_user,
    exchange,
    refreshed,
    tokens_of,
)

ABEL = ("abel.tuter", "demo")
REDIRECT = "https://client.example/callback"


async def by_password(http: httpx.AsyncClient, **changes: str | None) -> httpx.Response:
    fields = {"username": "abel.tuter", "password": "demo", "redirect_uri": None, **changes}
    return await exchange(http, grant_type="password", **fields)


async def demo_registry(http: httpx.AsyncClient) -> str:
    rows = await rows_of(http, "oauth_entity", sysparm_query=f"client_id={DEMO_CLIENT_ID}")
    return str(rows[0]["sys_id"])


@fact(
    "A client made through oauth_entity gets a 32-digit client id and the documented lifespans",
    tag="D Create an OAuth API endpoint for external clients",
)
async def test_an_administrator_makes_a_client_through_the_table_api(
    http: httpx.AsyncClient,
) -> None:
    registry = await made(
        http, "oauth_entity", name="Mine", client_secret="s3cret", redirect_url=REDIRECT
    )
    assert re.fullmatch("[0-9a-f]{32}", registry["client_id"])
    assert registry["access_token_lifespan"] == "1800"
    assert registry["refresh_token_lifespan"] == "8640000"
    own = {"client_id": registry["client_id"], "redirect_uri": REDIRECT}
    code = await code_of(http, **own)
    tokens = await exchange(http, code=code, client_secret="s3cret", **own)
    assert tokens.status_code == 200
    assert (await current_user(http, headers=bearer(tokens.json()))).status_code == 200


@fact("The Table API returns a client secret encrypted", tag="C")
async def test_no_read_of_a_registry_shows_its_secret(http: httpx.AsyncClient) -> None:
    registry = await made(http, "oauth_entity", name="Mine", client_secret="s3cret")
    generated = await made(http, "oauth_entity", name="Other")
    assert generated["client_secret"]
    for mode in ("false", "true", "all"):
        rows = await rows_of(http, "oauth_entity", sysparm_display_value=mode)
        assert "s3cret" not in str(rows)
        assert DEMO_CLIENT_SECRET not in str(rows)
    found = await rows_of(http, "oauth_entity", sysparm_query="client_secret=s3cret")
    assert found == []
    assert registry["client_secret"] not in ("", "s3cret")


@fact(
    "A client secret is generated where none is given, and may be of 4096 characters",
    tag="D Create an OAuth API endpoint for external clients",
)
async def test_a_secret_is_generated_or_long(http: httpx.AsyncClient) -> None:
    one, other = [await made(http, "oauth_entity", name=name) for name in ("One", "Other")]
    assert one["client_secret"] != other["client_secret"] != ""
    client_id = (await made(http, "oauth_entity", name="Long", client_secret="s" * 4096))[
        "client_id"
    ]
    assert (
        await by_password(http, client_id=client_id, client_secret="s" * 4095)
    ).json() == REFUSED
    answer = await by_password(http, client_id=client_id, client_secret="s" * 4096)
    assert answer.status_code == 200


@fact(
    "The redirect URLs of a registry are separated by commas",
    tag="D Create an OAuth API endpoint for external clients",
)
async def test_redirect_urls_are_separated_by_commas(http: httpx.AsyncClient) -> None:
    second = "https://client.example/second"
    registry = await made(
        http, "oauth_entity", name="Mine", client_secret="x", redirect_url=f"{REDIRECT}, {second}"
    )
    for url in (REDIRECT, second):
        own = {"client_id": registry["client_id"], "redirect_uri": url}
        code = await code_of(http, **own)
        assert (await exchange(http, code=code, client_secret="x", **own)).status_code == 200


async def test_two_clients_cannot_have_one_id(http: httpx.AsyncClient) -> None:
    values = {"name": "Twin", "client_id": DEMO_CLIENT_ID}
    answer = await http.post("/api/now/table/oauth_entity", json=values, auth=ADMIN)
    assert answer.status_code == 403
    assert "Client id is unique" in answer.json()["error"]["detail"]


@pytest.mark.parametrize("table", ["oauth_entity", "oauth_jwt", "sys_auth_scope", "api_key"])
async def test_nobody_else_sees_or_makes_registries(http: httpx.AsyncClient, table: str) -> None:
    path = f"/api/now/table/{table}"
    seen = await http.get(path, auth=ABEL)
    assert seen.json()["result"] == []
    assert (await http.post(path, json={"name": "Mine"}, auth=ABEL)).status_code == 403


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"active": "false"}, 401),
        ({"client_secret": "another"}, 401),
        ({"access_token_lifespan": "60"}, 200),
        ({"access_token_lifespan": "99999999999999999999999"}, 200),
        ({"access_token_lifespan": ""}, 200),
        ({"name": "Another name"}, 200),
    ],
)
async def test_changing_a_registry_changes_what_its_client_gets(
    http: httpx.AsyncClient, change: dict[str, str], status: int
) -> None:
    await changed(http, "oauth_entity", await demo_registry(http), **change)
    answer = await by_password(http)
    assert answer.status_code == status
    if change.get("access_token_lifespan") == "60":
        assert answer.json()["expires_in"] == 60


@fact(
    "The check box This is a public client does without the secret", tag="D Authorization workflow"
)
async def test_a_public_client_made_as_a_record_needs_no_secret(http: httpx.AsyncClient) -> None:
    registry = await made(http, "oauth_entity", name="Public", public_client="true")
    answer = await by_password(http, client_id=registry["client_id"], client_secret=None)
    assert answer.status_code == 200


@fact("Client credentials act as the OAuth Application User of the registry", tag="C")
async def test_client_credentials_set_up_as_scripts_do(http: httpx.AsyncClient) -> None:
    people = await rows_of(http, "sys_user", sysparm_query="user_name=monitoring.bot")
    registry = await made(
        http,
        "oauth_entity",
        name="Machine",
        client_secret="s3cret",
        client_type="integration_as_a_user",
        inbound_grant_type="client_credential",
        default_grant_type="client_credentials",
        send_client_credentials_as="request_body_parameter",
        user=people[0]["sys_id"],
    )
    own = {"client_id": registry["client_id"], "client_secret": "s3cret", "redirect_uri": None}
    assert (await exchange(http, grant_type="client_credentials", **own)).json() == REFUSED
    name = "glide.oauth.inbound.client.credential.grant_type.enabled"
    await made(http, "sys_properties", name=name, value="true")
    tokens = (await exchange(http, grant_type="client_credentials", **own)).json()
    who = await current_user(http, headers=bearer(tokens))
    assert who.json()["result"]["user_name"] == "monitoring.bot"
    assert (await by_password(http, **own)).json() == REFUSED  # not what it was made for


@fact(
    "Tokens are records of oauth_credential: who has them, of which client, until when",
    tag="D Manage OAuth tokens",
)
async def test_tokens_are_records_that_do_not_show_them(http: httpx.AsyncClient) -> None:
    tokens = await tokens_of(http)
    rows = await rows_of(http, "oauth_credential", sysparm_display_value="all")
    assert {row["type"]["value"] for row in rows} == {"access_token", "refresh_token"}
    assert {row["user"]["display_value"] for row in rows} == {"Abel Tuter"}
    assert {row["peer"]["display_value"] for row in rows} == {"ServiceNow over MCP"}
    assert tokens["access_token"] not in str(rows)
    assert tokens["refresh_token"] not in str(rows)
    access = next(row for row in rows if row["type"]["value"] == "access_token")
    assert access["expires"]["value"] == "2026-11-20 09:30:00"


async def test_deleting_the_record_ends_the_token(http: httpx.AsyncClient) -> None:
    tokens = await tokens_of(http)
    rows = await rows_of(http, "oauth_credential", sysparm_query="type=access_token")
    await removed(http, "oauth_credential", rows[0]["sys_id"])
    assert (await current_user(http, headers=bearer(tokens))).status_code == 401
    assert (await refreshed(http, tokens["refresh_token"])).status_code == 200


async def test_changing_when_it_expires_ends_the_token(http: httpx.AsyncClient) -> None:
    tokens = await tokens_of(http)
    rows = await rows_of(http, "oauth_credential", sysparm_query="type=refresh_token")
    await changed(http, "oauth_credential", rows[0]["sys_id"], expires="2026-11-20 08:59:59")
    assert (await refreshed(http, tokens["refresh_token"])).json() == REFUSED


async def test_an_expiry_that_is_no_time_is_over(http: httpx.AsyncClient) -> None:
    tokens = await tokens_of(http)
    rows = await rows_of(http, "oauth_credential", sysparm_query="type=refresh_token")
    await changed(http, "oauth_credential", rows[0]["sys_id"], expires="whenever")
    assert (await refreshed(http, tokens["refresh_token"])).json() == REFUSED


@fact("People see the tokens that act as them and may end them", tag="D My Connected Apps")
async def test_people_see_and_end_their_own_tokens_only(http: httpx.AsyncClient) -> None:
    abel, beth = await tokens_of(http), await tokens_of(http, "beth.anglin")
    listed = await http.get("/api/now/table/oauth_credential", auth=ABEL)
    rows = listed.json()["result"]
    assert len(rows) == 2
    assert all("token" not in row for row in rows)
    for row in rows:
        path = f"/api/now/table/oauth_credential/{row['sys_id']}"
        assert (await http.delete(path, auth=ABEL)).status_code == 204
    assert (await current_user(http, headers=bearer(abel))).status_code == 401
    assert (await current_user(http, headers=bearer(beth))).status_code == 200


async def test_a_revoked_token_stays_as_an_expired_record(http: httpx.AsyncClient) -> None:
    tokens = await tokens_of(http)
    await http.get("/oauth_revoke_token.do", params={"token": tokens["access_token"]})
    rows = await rows_of(http, "oauth_credential", sysparm_query="type=access_token")
    assert [row["expires"] for row in rows] == ["2026-11-20 09:00:00"]


async def test_a_registry_that_is_deleted_takes_its_tokens_along(http: httpx.AsyncClient) -> None:
    tokens = await tokens_of(http)
    await removed(http, "oauth_entity", await demo_registry(http))
    assert (await current_user(http, headers=bearer(tokens))).status_code == 401
    assert (await refreshed(http, tokens["refresh_token"])).json() == REFUSED


@fact("Clients may prove themselves to the token endpoint by HTTP Basic", tag="R")
async def test_a_client_may_prove_itself_by_basic(http: httpx.AsyncClient, world: World) -> None:
    form = {"grant_type": "password", "username": "abel.tuter", "password": "demo"}
    own = (DEMO_CLIENT_ID, DEMO_CLIENT_SECRET)
    assert (await http.post("/oauth_token.do", data=form, auth=own)).status_code == 200
    wrong = (DEMO_CLIENT_ID, "wrong")
    assert (await http.post("/oauth_token.do", data=form, auth=wrong)).json() == REFUSED
    unreadable = {"Authorization": "Basic !!!"}
    answer = await http.post("/oauth_token.do", data=form, headers=unreadable)
    assert answer.json() == REFUSED
    world.switches.client_by_basic = False
    assert (await http.post("/oauth_token.do", data=form, auth=own)).json() == REFUSED


@fact(
    "The token endpoint ignores the state, and takes format=json as the default it is",
    tag="D Authorization workflow",
)
async def test_state_and_format_change_nothing(http: httpx.AsyncClient) -> None:
    for more in ({"state": "another"}, {"format": "json"}):
        answer = await exchange(http, code=await code_of(http), **more)
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("application/json")


@pytest.mark.parametrize(
    ("inbound", "grant"),
    [("authz_code", "password"), ("jwt", "password"), ("client_credential", "password")],
)
@fact("A client made for one inbound grant takes no other", tag="R")
async def test_a_client_made_for_one_grant_takes_no_other(
    http: httpx.AsyncClient, inbound: str, grant: str
) -> None:
    registry = await demo_registry(http)
    await changed(http, "oauth_entity", registry, inbound_grant_type=inbound)
    assert (await by_password(http)).json() == REFUSED


async def test_a_client_of_several_grants_takes_those_of_its_profiles(
    http: httpx.AsyncClient,
) -> None:
    registry = await demo_registry(http)
    await changed(http, "oauth_entity", registry, inbound_grant_type="multiple")
    assert (await by_password(http)).status_code == 200
    profile = {"oauth_entity": registry, "name": "Code", "grant_type": "authorization_code"}
    await made(http, "oauth_entity_profile", **profile)
    assert (await by_password(http)).json() == REFUSED


@pytest.mark.parametrize(
    ("name", "value", "status"),
    [
        ("com.snc.platform.security.oauth.is.active", "false", 401),
        ("com.snc.platform.security.oauth.is.active", "true", 200),
    ],
)
@fact("Without the property that makes OAuth active no token is given or taken", tag="R")
async def test_the_property_decides_whether_oauth_is_active(
    http: httpx.AsyncClient, name: str, value: str, status: int
) -> None:
    tokens = await tokens_of(http)
    await made(http, "sys_properties", name=name, value=value)
    assert (await by_password(http)).status_code == status
    assert (await current_user(http, headers=bearer(tokens))).status_code == status


async def test_a_property_decides_over_the_switch_of_the_same_meaning(
    http: httpx.AsyncClient, world: World
) -> None:
    world.switches.state_required = False
    assert (await http.get("/oauth_auth.do", params=_asked())).status_code != 400
    await made(http, "sys_properties", name="glide.oauth.state.parameter.required", value="true")
    assert (await http.get("/oauth_auth.do", params=_asked())).status_code == 400


def _asked() -> dict[str, str]:
    return {"response_type": "code", "client_id": DEMO_CLIENT_ID}


def test_a_state_file_of_an_older_simulator_is_taken_over(tmp_path: Path) -> None:
    path = str(tmp_path / "state.sqlite")
    with closing(sqlite3.connect(path)) as old:
        old.execute("CREATE TABLE oauth_entity (client_id TEXT PRIMARY KEY, facts TEXT)")
        old.execute("CREATE TABLE oauth_credential (token TEXT PRIMARY KEY, expires INTEGER)")
        old.commit()
    world: World = create_app(state_path=path, seed=False, clock=lambda: NOW).state.world
    assert len(world.clients.all()) == 2
    world.instance.close()
