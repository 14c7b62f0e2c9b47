"""What every REST API has in common: HEAD, a slash at the end, sys_ids in capitals."""

import httpx
import pytest

from simulator.instance import Instance
from simulator.world import World
from tests.simulator.facts import fact

ADMIN = ("admin", "demo")

_APIS = {
    "a list of records": "/api/now/table/incident?sysparm_limit=1",
    "a record": "/api/now/table/incident/{incident}",
    "aggregates": "/api/now/stats/incident?sysparm_count=true",
    "attachments": "/api/now/attachment",
    "catalogs": "/api/sn_sc/servicecatalog/catalogs",
    "a cart": "/api/sn_sc/servicecatalog/cart",
    "articles": "/api/sn_km_api/knowledge/articles",
    "an article": "/api/sn_km_api/knowledge/articles/KB0000005",
    "a change": "/api/sn_chg_rest/change/{change_request}",
    "a configuration item": "/api/now/cmdb/instance/cmdb_ci/{cmdb_ci}",
    "a class": "/api/now/cmdb/meta/cmdb_ci",
    "who I am": "/api/now/ui/user/current_user",
}


def filled(address: str, instance: Instance) -> str:
    """The address with the sys_id of the first record of each table that it names."""
    tables = ("incident", "change_request", "cmdb_ci")
    return address.format(
        **{table: instance.query(table, "ORDERBYsys_id")[0]["sys_id"] for table in tables}
    )


@pytest.mark.parametrize("address", _APIS.values(), ids=_APIS)
@fact("HEAD is taken by every address that takes GET, and answered without a body", tag="R")
async def test_head_is_answered_as_get_is_without_a_body(
    http: httpx.AsyncClient, world: World, address: str
) -> None:
    whole = filled(address, world.instance)
    got, head = await http.get(whole, auth=ADMIN), await http.head(whole, auth=ADMIN)
    assert (got.status_code, head.status_code) == (200, 200)
    assert head.content == b""
    assert head.headers["content-type"] == got.headers["content-type"]
    assert head.headers.get("x-total-count") == got.headers.get("x-total-count")


@pytest.mark.parametrize("address", _APIS.values(), ids=_APIS)
@fact("The address of an API may end in a slash", tag="R")
async def test_an_address_may_end_in_a_slash(
    http: httpx.AsyncClient, world: World, address: str
) -> None:
    path, question, parameters = filled(address, world.instance).partition("?")
    got = await http.get(f"{path}/{question}{parameters}", auth=ADMIN)
    assert got.status_code == 200
    assert "result" in got.json()


async def test_two_slashes_at_the_end_are_no_address(http: httpx.AsyncClient) -> None:
    assert (await http.get("/api/now/table/incident//", auth=ADMIN)).status_code == 400


@pytest.mark.parametrize(
    "address",
    ["/api/now/table/incident/", "/api/sn_chg_rest/change/", "/api/now/cmdb/instance/cmdb_ci/"],
)
@fact("A sys_id may be written in capitals", tag="R")
async def test_a_sys_id_may_be_in_capitals(
    http: httpx.AsyncClient, world: World, address: str
) -> None:
    table = {"change": "change_request"}.get(address.split("/")[-2], address.split("/")[-2])
    sys_id = world.instance.query(table, "ORDERBYsys_id")[0]["sys_id"]
    assert (await http.get(address + sys_id.upper(), auth=ADMIN)).status_code == 200


@fact("A number in the place of a sys_id finds no record in the Table and Change APIs", tag="R")
async def test_a_number_is_no_sys_id(http: httpx.AsyncClient) -> None:
    for address in ("/api/now/table/incident/INC0010001", "/api/sn_chg_rest/change/CHG0010001"):
        answer = await http.get(address, auth=ADMIN)
        assert answer.status_code == 404
        assert answer.json()["error"]["message"] == "No Record found"
