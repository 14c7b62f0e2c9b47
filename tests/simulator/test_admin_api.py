"""The admin API: who may use it, and that it changes what it says."""

import httpx
import pytest

from simulator.app import create_app
from simulator.oauth.clients import DEMO_CLIENT_ID
from simulator.world import World
from tests.simulator.conftest import NOW
from tests.simulator.flow import (
    REFUSED,
    authorization_url,
    bearer,
    code_of,
    current_user,
    exchange,
    refreshed,
    tokens_of,
    without_cookies,
)


async def test_health_says_how_much_there_is(http: httpx.AsyncClient) -> None:
    facts = (await http.get("/simulator/health")).json()
    assert facts["status"] == "healthy"
    assert facts["now"] == NOW.isoformat()
    assert facts["people"] >= 40
    assert facts["incidents"] >= 200


async def test_it_lists_what_it_can_do(http: httpx.AsyncClient) -> None:
    facts = (await http.get("/simulator/")).json()
    assert "GET /simulator/health: it runs, and with how much data." in facts["calls"]
    assert all(" /simulator/" in call for call in facts["calls"])
    assert "500_after_commit" in facts["faults"]
    assert facts["switches"]["rotate_refresh"] is False


@pytest.mark.parametrize(("given", "status"), [(None, 403), ("wrong", 403), ("right", 200)])
async def test_where_there_is_a_token_it_must_be_shown(given: str | None, status: int) -> None:
    app = create_app(clock=lambda: NOW, admin_token="right")
    headers = {} if given is None else {"X-Simulator-Token": given}
    async with without_cookies(app) as http:
        assert (await http.get("/simulator/journal", headers=headers)).status_code == status
        assert (await http.get("/login.do")).status_code == 200


@pytest.mark.parametrize(
    "header", [{"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}]
)
async def test_a_page_in_a_browser_may_not_use_it(
    http: httpx.AsyncClient, header: dict[str, str]
) -> None:
    response = await http.post("/simulator/faults", json={"kind": "503"}, headers=header)
    assert response.status_code == 403
    assert (await http.get("/simulator/faults")).json() == {"faults": []}


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("rebound.example.com", 403),
        ("rebound.example.com:8081", 403),
        ("dev12345.service-now.com", 403),
        ("[broken", 403),
        ("localhost:8081", 200),
        ("127.0.0.1:8081", 200),
        ("[::1]:8081", 200),
        ("simulator:8081", 200),
        ("instance.test", 200),
    ],
)
async def test_without_a_token_no_site_can_lend_its_name_to_this_machine(
    http: httpx.AsyncClient, host: str, status: int
) -> None:
    response = await http.get("/simulator/journal", headers={"Host": host})
    assert response.status_code == status


async def test_with_the_token_any_name_is_fine() -> None:
    app = create_app(clock=lambda: NOW, admin_token="right")
    headers = {"Host": "dev12345.service-now.com", "X-Simulator-Token": "right"}
    async with without_cookies(app) as http:
        assert (await http.get("/simulator/journal", headers=headers)).status_code == 200


async def test_an_address_typed_into_a_browser_is_fine(http: httpx.AsyncClient) -> None:
    headers = {"Sec-Fetch-Site": "none"}
    assert (await http.get("/simulator/health", headers=headers)).status_code == 200


async def test_switches_of_both_halves_can_be_read_and_changed(
    http: httpx.AsyncClient, world: World
) -> None:
    wanted = {"rotate_refresh": True, "query_field_acls": False, "refresh_latency": 0.5}
    response = await http.patch("/simulator/switches", json=wanted)
    assert wanted.items() <= response.json().items()
    assert (await http.get("/simulator/switches")).json() == response.json()
    assert world.switches.rotate_refresh is True
    assert world.instance.switches.query_field_acls is False


async def test_an_unknown_switch_changes_nothing(http: httpx.AsyncClient, world: World) -> None:
    response = await http.patch("/simulator/switches", json={"rotate_refresh": True, "nope": True})
    assert response.status_code == 400
    assert world.switches.rotate_refresh is False


async def test_the_clock_can_be_put_forward(http: httpx.AsyncClient) -> None:
    tokens = await tokens_of(http)
    response = await http.post("/simulator/clock", json={"seconds": 1800})
    assert response.json() == {"now": "2026-11-20T09:30:00+00:00", "stopped": False}
    assert (await current_user(http, headers=bearer(tokens))).status_code == 401


async def test_tokens_of_one_person_can_be_expired(http: httpx.AsyncClient) -> None:
    abel, beth = await tokens_of(http, "abel.tuter"), await tokens_of(http, "beth.anglin")
    response = await http.post("/simulator/tokens/expire", json={"user": "abel.tuter"})
    assert response.json() == {"expired": 2}
    assert (await current_user(http, headers=bearer(abel))).status_code == 401
    assert (await refreshed(http, abel["refresh_token"])).json() == REFUSED
    assert (await current_user(http, headers=bearer(beth))).status_code == 200


async def test_access_tokens_alone_can_be_expired(http: httpx.AsyncClient) -> None:
    tokens = await tokens_of(http)
    body = {"type": "access", "client_id": DEMO_CLIENT_ID}
    assert (await http.post("/simulator/tokens/expire", json=body)).json() == {"expired": 1}
    assert (await current_user(http, headers=bearer(tokens))).status_code == 401
    assert (await refreshed(http, tokens["refresh_token"])).status_code == 200


async def test_tokens_of_nobody_are_404(http: httpx.AsyncClient) -> None:
    response = await http.post("/simulator/tokens/expire", json={"user": "nobody"})
    assert response.status_code == 404


async def test_a_person_can_be_locked_out_and_let_in_again(http: httpx.AsyncClient) -> None:
    tokens = await tokens_of(http)
    for locked, status in ((True, 401), (False, 200)):
        path = "/simulator/people/abel.tuter"
        assert (await http.patch(path, json={"locked_out": locked})).status_code == 204
        assert (await current_user(http, headers=bearer(tokens))).status_code == status


async def test_roles_can_be_given_and_taken(http: httpx.AsyncClient, world: World) -> None:
    charlie = world.instance.find_user("charlie.whitherspoon")
    assert charlie is not None
    roles = "/simulator/people/charlie.whitherspoon/roles"
    assert (await http.post(roles, json={"role": "itil"})).status_code == 201
    person = world.instance.person(charlie["sys_id"])
    assert person is not None
    assert "itil" in person.roles
    assert (await http.delete(f"{roles}/itil")).status_code == 204
    person = world.instance.person(charlie["sys_id"])
    assert person is not None
    assert "itil" not in person.roles


async def test_a_role_that_a_group_gives_cannot_be_taken_alone(
    http: httpx.AsyncClient, world: World
) -> None:
    fred = world.instance.find_user("fred.luddy")
    assert fred is not None
    before = world.instance.count("sys_user_has_role", f"user={fred['sys_id']}")
    assert (await http.delete("/simulator/people/fred.luddy/roles/itil")).status_code == 409
    person = world.instance.person(fred["sys_id"])
    assert person is not None
    assert "itil" in person.roles
    assert world.instance.count("sys_user_has_role", f"user={fred['sys_id']}") == before


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PATCH", "nobody", {"active": False}),
        ("POST", "nobody/roles", {"role": "itil"}),
        ("POST", "abel.tuter/roles", {"role": "nothing"}),
        ("DELETE", "nobody/roles/itil", None),
        ("DELETE", "abel.tuter/roles/nothing", None),
    ],
)
async def test_nobody_and_no_role_are_404(
    http: httpx.AsyncClient, method: str, path: str, body: dict[str, object] | None
) -> None:
    response = await http.request(method, f"/simulator/people/{path}", json=body)
    assert response.status_code == 404


async def test_clients_are_listed_without_their_secrets(http: httpx.AsyncClient) -> None:
    response = await http.get("/simulator/clients")
    assert DEMO_CLIENT_ID in {each["client_id"] for each in response.json()["clients"]}
    assert "demo-client-secret" not in response.text


async def test_a_client_can_be_registered_and_changed(http: httpx.AsyncClient) -> None:
    client = {"client_id": "new", "client_secret": "s", "redirect_urls": ["https://new.example/cb"]}
    assert (await http.post("/simulator/clients", json=client)).status_code == 201
    assert (await http.get(authorization_url(client_id="new"))).status_code == 302
    change = {"client_secret": "changed", "access_token_lifespan": 5}
    assert (await http.patch("/simulator/clients/new", json=change)).status_code == 204
    code = await code_of(http, client_id="new", redirect_uri="https://new.example/cb")
    response = await exchange(
        http,
        code=code,
        client_id="new",
        client_secret="changed",
        redirect_uri="https://new.example/cb",
    )
    assert response.json()["expires_in"] == 5


async def test_a_changed_secret_refuses_who_has_the_old_one(http: httpx.AsyncClient) -> None:
    tokens = await tokens_of(http)
    path = f"/simulator/clients/{DEMO_CLIENT_ID}"
    await http.patch(path, json={"client_secret": "another"})
    assert (await refreshed(http, tokens["refresh_token"])).json() == REFUSED
    await http.patch(path, json={"client_secret": "demo-client-secret"})
    assert (await refreshed(http, tokens["refresh_token"])).status_code == 200


async def test_an_unknown_client_cannot_be_changed(http: httpx.AsyncClient) -> None:
    response = await http.patch("/simulator/clients/unknown", json={"public": True})
    assert response.status_code == 404


@pytest.mark.parametrize("body", [b"", b"[]", b'{"colour": "red"}'])
async def test_a_client_that_is_not_understood_is_400(http: httpx.AsyncClient, body: bytes) -> None:
    assert (await http.post("/simulator/clients", content=body)).status_code == 400


async def test_a_reset_brings_the_demo_data_back_and_signs_everybody_out(
    http: httpx.AsyncClient, world: World
) -> None:
    tokens = await tokens_of(http)
    abel = bearer(tokens)
    await http.post("/api/now/table/incident", json={"short_description": "x"}, headers=abel)
    before = world.instance.count("incident")
    await http.post("/simulator/faults", json={"kind": "503"})
    assert (await http.post("/simulator/reset")).status_code == 204
    assert world.instance.count("incident") == before - 1
    assert (await current_user(http, headers=abel)).status_code == 401
    assert (await refreshed(http, tokens["refresh_token"])).json() == REFUSED
    assert (await http.get("/simulator/faults")).json() == {"faults": []}
    again = bearer(await tokens_of(http))
    created = await http.post("/api/now/table/incident", json={}, headers=again)
    assert created.json()["result"]["number"] == f"INC{10000 + before:07d}"
