"""The catalogue of REST APIs, and the role that some of them may ask for."""

import httpx
import pytest

from simulator.world import World
from tests.simulator.admin import rows_of
from tests.simulator.facts import fact

ABEL = ("abel.tuter", "demo")


async def test_each_api_is_a_definition_with_its_operations(http: httpx.AsyncClient) -> None:
    query = "base_uri=/api/now/import"
    (definition,) = await rows_of(http, "sys_ws_definition", sysparm_query=query)
    query = f"web_service_definition={definition['sys_id']}^ORDERBYrelative_path"
    operations = await rows_of(http, "sys_ws_operation", sysparm_query=query)
    assert [(row["http_method"], row["relative_path"]) for row in operations] == [
        ("POST", "/{stagingTableName}"),
        ("POST", "/{stagingTableName}/insertMultiple"),
        ("GET", "/{stagingTableName}/{sys_id}"),
    ]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/api/now/table/incident", 403),
        ("/api/now/v2/table/incident", 403),
        ("/api/now/stats/incident", 403),
        ("/api/now/attachment", 403),
        ("/api/now/ui/user/current_user", 200),
        ("/api/now/ui/meta/incident", 200),
    ],
)
@fact(
    "The Table, Aggregate, Import Set and Attachment APIs have an ACL that may ask for a role",
    tag="D REST API",
)
async def test_four_apis_may_ask_for_a_role(
    http: httpx.AsyncClient, world: World, path: str, status: int
) -> None:
    assert (await http.get(path, params={"sysparm_limit": "1"}, auth=ABEL)).status_code == 200
    world.instance.switches.rest_api_role = "snc_platform_rest_api_access"
    answer = await http.get(path, auth=ABEL)
    assert answer.status_code == status
    if status == 403:
        assert answer.json()["error"] == {
            "message": "User Not Authorized",
            "detail": "Failed API level ACL Validation",
        }
