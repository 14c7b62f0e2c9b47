"""Addresses too long for a request."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from simulator.tiny_addresses import TinyAddresses
from tests.simulator.facts import fact
from tests.simulator.small_instance import CHARLIE, HOST, Api

LONG = (
    f"{HOST}/api/now/table/incident?sysparm_query=state=6%5EORDERBYnumber&sysparm_fields=number"
    "&sysparm_limit=1"
)


@pytest.fixture
def api() -> Api:
    """The Table API of a fresh small instance."""
    return Api()


async def left(api: Api, address: str = LONG) -> str:
    """Leave an address; the id in the answer."""
    response = await api.post("/tinyurl", {"url": address})
    assert response.status_code == 200
    page = urlsplit(response.json()["result"])
    assert page.path == "incident_list.do"
    identifier: str = parse_qs(page.query)["sysparm_tiny"][0]
    return identifier


async def listed(api: Api, **parameters: str) -> list[dict[str, Any]]:
    records: list[dict[str, Any]] = await api.result("/table/incident", **parameters)
    return records


@fact(
    "An address left at /api/now/tinyurl is asked for with sysparm_tiny",
    tag="C ansible servicenow.itsm",
)
async def test_a_list_is_that_of_the_address_that_was_left(api: Api) -> None:
    tiny = await left(api)
    assert await listed(api, sysparm_tiny=tiny) == [{"number": "INC0000004"}]
    linked = await api.get("/table/incident", sysparm_tiny=tiny)
    assert linked.headers["x-total-count"] == "1"


async def test_an_id_that_is_not_known_changes_nothing(api: Api) -> None:
    found = await listed(api, sysparm_tiny="f" * 32, sysparm_fields="number")
    assert len(found) == 5


async def test_an_address_gives_nobody_more_than_their_own_rights(api: Api) -> None:
    tiny = await left(api)
    assert await api.result("/table/incident", by=CHARLIE, sysparm_tiny=tiny) == []


async def test_nobody_leaves_an_address(api: Api) -> None:
    response = await api.call("POST", "/tinyurl", by=None, json={"url": LONG})
    assert response.status_code == 401


@pytest.mark.parametrize("content", [b"{", b"[]", b"{}", b'{"url": 1}', b'{"url": ""}'])
async def test_a_body_without_an_address_is_400(api: Api, content: bytes) -> None:
    response = await api.call("POST", "/tinyurl", content=content)
    assert response.status_code == 400


def test_only_the_latest_thousand_are_kept() -> None:
    addresses = TinyAddresses()
    kept = [addresses.keep(f"{LONG}&n={number}") for number in range(1_001)]
    assert len(addresses._queries) == 1_000
    assert kept[0] not in addresses._queries
