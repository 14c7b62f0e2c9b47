"""Calls without credentials: the knowledge API answers them unless it is told not to."""

import httpx
import pytest

from simulator.world import World
from tests.simulator.facts import fact

ARTICLES = "/api/sn_km_api/knowledge/articles"
ADMIN = ("admin", "demo")


@pytest.mark.parametrize("address", [ARTICLES, "/api/sn_km_api/v1/knowledge/articles"])
@fact(
    "The knowledge API is open to everybody until its operations require authentication",
    tag="D Knowledge Management REST API",
)
async def test_articles_are_found_without_credentials(
    http: httpx.AsyncClient, world: World, address: str
) -> None:
    answer = await http.get(address, params={"query": "vpn"})
    assert answer.status_code == 200
    assert answer.headers["x-is-logged-in"] == "false"
    assert "set-cookie" not in answer.headers
    assert answer.json()["result"]["articles"]
    for row in world.instance.query("sys_ws_operation", "operation_uriSTARTSWITH/api/sn_km_api"):
        world.instance.update(
            "sys_ws_operation", row["sys_id"], {"requires_authentication": "true"}
        )
    assert (await http.get(address)).status_code == 401


async def test_a_guest_reads_one_article_and_is_counted(
    http: httpx.AsyncClient, world: World
) -> None:
    answer = await http.get(f"{ARTICLES}/KB0000005", params={"update_view": "true"})
    assert answer.json()["result"]["number"] == "KB0000005"
    assert world.instance.count("kb_use", "sys_created_by=guest") == 1
    for list_of in ("featured", "most_viewed"):
        assert (await http.get(f"{ARTICLES}/{list_of}")).status_code == 200


async def test_a_guest_sees_no_more_than_the_criteria_let_everybody(
    http: httpx.AsyncClient,
) -> None:
    counts = [
        (await http.get(ARTICLES, params={"language": "all"}, auth=auth)).json()["result"]["meta"]
        for auth in (None, ADMIN)
    ]
    assert 0 < counts[0]["count"] < counts[1]["count"]


@pytest.mark.parametrize(
    "credentials",
    [
        {"headers": {"Authorization": "Bearer wrong"}},
        {"auth": ("abel.tuter", "wrong")},
        {"headers": {"x-sn-apikey": "wrong"}},
        {"params": {"access_token": "wrong"}},
    ],
)
async def test_wrong_credentials_do_not_make_a_guest(
    http: httpx.AsyncClient, credentials: dict[str, object]
) -> None:
    answer = await http.request("GET", ARTICLES, **credentials)  # type: ignore[arg-type]  # one of several arguments
    assert answer.status_code == 401


@pytest.mark.parametrize(
    "address",
    [
        "/api/now/table/kb_knowledge",
        "/api/now/table/incident",
        "/api/now/ui/user/current_user",
        "/api/sn_km_api/knowledge",
        "/api/sn_km_api/knowledge/articles/a/b",
        "/api/sn_sc/servicecatalog/catalogs",
    ],
)
async def test_every_other_address_needs_somebody(http: httpx.AsyncClient, address: str) -> None:
    assert (await http.get(address)).status_code == 401


async def test_a_guest_only_reads(http: httpx.AsyncClient) -> None:
    assert (await http.post(ARTICLES, json={})).status_code == 401


@fact(
    "Callers without credentials share the 500 requests an hour of external users",
    tag="D Knowledge Management REST API",
)
async def test_guests_have_a_limit(http: httpx.AsyncClient, world: World) -> None:
    (rule,) = world.instance.query("sys_rate_limit_rules", "")
    assert rule["request_limit"] == "500"
    world.instance.update("sys_rate_limit_rules", rule["sys_id"], {"request_limit": "2"})
    answers = [await http.get(ARTICLES) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[0].headers["x-ratelimit-limit"] == "2"


@pytest.mark.parametrize("number", ["KB0000019", "KB0000020", "KB0000034"])
async def test_a_guest_reads_nothing_that_is_not_published(
    http: httpx.AsyncClient, number: str
) -> None:
    """One of each: retired, draft, in review."""
    assert (await http.get(f"{ARTICLES}/{number}", auth=ADMIN)).status_code == 200
    assert (await http.get(f"{ARTICLES}/{number}")).status_code == 404


@fact("An ACL that asks for no role lets nobody in from outside the company", tag="R")
async def test_a_guest_learns_nothing_of_people_from_articles(http: httpx.AsyncClient) -> None:
    asked = {"fields": "author.email,author,short_description", "limit": "1"}
    (article,) = (await http.get(ARTICLES, params=asked)).json()["result"]["articles"]
    assert article["fields"].keys() == {"author", "short_description"}
    refused = await http.get(ARTICLES, params={"filter": "author.emailSTARTSWITHa"})
    assert refused.status_code == 403


async def test_a_wrong_key_in_the_address_does_not_make_a_guest(http: httpx.AsyncClient) -> None:
    assert (await http.get(ARTICLES, params={"x-sn-apikey": "wrong"})).status_code == 401
