"""Fields that hold the sys_id of a record of any table, as people see them."""

import httpx
import pytest

from simulator.world import World
from tests.simulator.facts import fact

ADMIN = ("admin", "demo")


async def shown(http: httpx.AsyncClient, table: str, sys_id: str, field: str) -> object:
    """Value and display value of one field."""
    params = {"sysparm_display_value": "all", "sysparm_fields": field}
    answer = await http.get(f"/api/now/table/{table}/{sys_id}", params=params, auth=ADMIN)
    return answer.json()["result"][field]


@pytest.mark.parametrize(
    ("table", "field", "beside"),
    [
        ("sysapproval_approver", "document_id", "source_table"),
        ("sys_email", "instance", "target_table"),
    ],
)
@fact("A document ID is shown as the label of the record's table and its name", tag="R")
async def test_a_document_is_called_by_its_table_and_its_name(
    http: httpx.AsyncClient, world: World, table: str, field: str, beside: str
) -> None:
    (change,) = world.instance.query("change_request", "number=CHG0010001")
    values = {field: change["sys_id"], beside: "change_request"}
    sys_id = world.instance.insert(table, values)
    assert await shown(http, table, sys_id, field) == {
        "display_value": "Change Request: CHG0010001",
        "value": change["sys_id"],
    }


@pytest.mark.parametrize(
    ("table", "sys_id"),
    [("", "f" * 32), ("change_request", "f" * 32), ("no_such_table", "f" * 32), ("incident", "")],
)
async def test_a_document_that_is_gone_is_shown_as_its_sys_id(
    http: httpx.AsyncClient, world: World, table: str, sys_id: str
) -> None:
    values = {"document_id": sys_id, "source_table": table}
    made = world.instance.insert("sysapproval_approver", values)
    found = await shown(http, "sysapproval_approver", made, "document_id")
    assert found == {"display_value": sys_id, "value": sys_id}


async def test_documents_of_a_page_are_called_each_by_its_own_name(
    http: httpx.AsyncClient,
) -> None:
    params = {"sysparm_display_value": "true", "sysparm_fields": "document_id,sysapproval.number"}
    answer = await http.get("/api/now/table/sysapproval_approver", params=params, auth=ADMIN)
    rows = answer.json()["result"]
    assert len({row["document_id"] for row in rows}) > 5
    assert all(row["document_id"].endswith(f": {row['sysapproval.number']}") for row in rows)
