"""Assets, their configuration items, who sees them, and contracts."""

from typing import Any

import pytest

from simulator.seed import ids
from simulator.world import World
from tests.simulator.facts import fact
from tests.simulator.small_instance import ABEL, BETH, CHARLIE, DANA, MAIL, Api

KEEPER = BETH


@pytest.fixture
def api() -> Api:
    """A small instance in which Beth keeps assets and contracts, and Abel works on tasks."""
    api = Api()
    for role in ("asset", "contract_manager"):
        api.instance.insert("sys_user_role", {"sys_id": f"role-{role}", "name": role})
        api.instance.insert("sys_user_has_role", {"user": KEEPER, "role": f"role-{role}"})
    return api


async def bought(api: Api, **values: str) -> Any:
    """A new piece of hardware, as Beth writes it."""
    response = await api.post(
        "/table/alm_hardware", values, by=KEEPER, sysparm_exclude_reference_link="true"
    )
    assert response.status_code == 201, response.text
    return response.json()["result"]


def item(api: Api) -> dict[str, str]:
    """The configuration item."""
    return api.instance.row("cmdb_ci", MAIL) or {}


async def test_an_asset_is_called_by_its_tag_and_model(api: Api) -> None:
    model = api.instance.insert("cmdb_model", {"name": "R4", "display_name": "Northwind R4"})
    asset = await bought(api, asset_tag="P1", model=model)
    assert asset["display_name"] == "P1 - Northwind R4"
    assert (asset["sys_class_name"], asset["install_status"]) == ("alm_hardware", "1")
    shown = await api.result(
        f"/table/alm_asset/{asset['sys_id']}", by=KEEPER, sysparm_display_value="true"
    )
    assert (shown["install_status"], shown["sys_class_name"]) == ("In use", "Hardware")


@fact(
    "What is told of an asset is told of its configuration item too, and the other way round",
    tag="D asset and CI synchronization",
)
async def test_an_asset_and_its_item_agree(api: Api) -> None:
    asset = await bought(api, asset_tag="P1", serial_number="S1", ci=MAIL, assigned_to=ABEL)
    row = item(api)
    assert (row["asset"], row["asset_tag"], row["serial_number"]) == (asset["sys_id"], "P1", "S1")
    assert row["assigned_to"] == ABEL
    await api.patch(f"/table/cmdb_ci/{MAIL}", {"assigned_to": CHARLIE}, by=ABEL)
    told = api.instance.row("alm_asset", asset["sys_id"]) or {}
    assert (told["assigned_to"], told["asset_tag"]) == (CHARLIE, "P1")


@fact(
    "The state and substate of an asset set the status of its configuration item",
    tag="D asset and CI mapping; the table of states is R",
)
@pytest.mark.parametrize(
    ("state", "substate", "status"),
    [
        ("1", "", "1"),
        ("2", "", "2"),
        ("3", "", "3"),
        ("6", "available", "6"),
        ("6", "pending_repair", "5"),
        ("6", "pending_install", "4"),
        ("7", "sold", "7"),
        ("8", "stolen", "8"),
        ("8", "lost", "100"),
    ],
)
async def test_the_state_of_an_asset_is_the_status_of_its_item(
    api: Api, state: str, substate: str, status: str
) -> None:
    await bought(api, ci=MAIL, install_status=state, substatus=substate)
    assert item(api)["install_status"] == status


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("1", ("1", "")),
        ("7", ("7", "")),
        ("6", ("6", "")),
        ("5", ("6", "pending_repair")),
        ("8", ("8", "stolen")),
        ("77", ("2", "")),
    ],
)
async def test_the_status_of_an_item_is_the_state_of_its_asset(
    api: Api, status: str, state: tuple[str, str]
) -> None:
    asset = await bought(api, ci=MAIL, install_status="2")
    await api.patch(f"/table/cmdb_ci/{MAIL}", {"install_status": status}, by=ABEL)
    told = api.instance.row("alm_asset", asset["sys_id"]) or {}
    assert (told["install_status"], told["substatus"]) == state


async def test_nothing_is_told_where_it_is_not_wanted(api: Api) -> None:
    await bought(api, asset_tag="P1", ci=MAIL, skip_sync="true")
    assert item(api)["asset_tag"] == ""
    await bought(api, asset_tag="P2", ci="nowhere")
    api.instance.update("cmdb_ci", MAIL, {"asset": "nowhere"})
    await api.patch(f"/table/cmdb_ci/{MAIL}", {"install_status": "7"}, by=ABEL)
    assert api.instance.count("alm_asset", "install_status=7") == 0


async def test_what_is_in_use_has_no_substate_and_what_is_retired_a_date(api: Api) -> None:
    asset = await bought(api, install_status="6", substatus="reserved")
    path = f"/table/alm_hardware/{asset['sys_id']}"
    used = await api.patch(path, {"install_status": "1"}, by=KEEPER)
    assert used.json()["result"]["substatus"] == ""
    gone = await api.patch(path, {"install_status": "7", "substatus": "sold"}, by=KEEPER)
    assert gone.json()["result"]["retired"] == "2026-11-20"
    assert gone.json()["result"]["substatus"] == "sold"


async def test_people_see_the_assets_that_are_theirs_and_no_prices(api: Api) -> None:
    mine = await bought(api, asset_tag="P1", assigned_to=CHARLIE, cost="900")
    await bought(api, asset_tag="P2", assigned_to=ABEL)
    (seen,) = await api.result("/table/alm_asset", by=CHARLIE)
    assert seen["sys_id"] == mine["sys_id"]
    assert "cost" not in seen
    assert len(await api.result("/table/alm_asset", by=ABEL)) == 2
    assert "cost" not in (await api.result("/table/alm_asset", by=ABEL))[0]
    assert "cost" in (await api.result("/table/alm_asset", by=KEEPER))[0]
    for table in ("alm_stockroom", "alm_entitlement", "alm_transfer_order"):
        api.instance.insert(table, {"sys_class_name": table})
        assert await api.result(f"/table/{table}", by=CHARLIE) == []


async def test_only_keepers_write_assets(api: Api) -> None:
    asset = await bought(api, asset_tag="P1", assigned_to=CHARLIE)
    path = f"/table/alm_hardware/{asset['sys_id']}"
    for person in (ABEL, CHARLIE):
        assert (await api.post("/table/alm_hardware", {}, by=person)).status_code == 403
        assert (await api.patch(path, {"asset_tag": "x"}, by=person)).status_code == 403
        assert (await api.call("DELETE", path, by=person)).status_code == 403
    assert (await api.call("DELETE", path, by=KEEPER)).status_code == 204


async def test_contracts_are_for_those_who_keep_them(api: Api) -> None:
    values = {"short_description": "Maintenance", "state": "active"}
    made = await api.post("/table/ast_service", values, by=KEEPER)
    contract = made.json()["result"]
    assert (contract["number"], contract["active"]) == ("CNTR0010001", "true")
    path = f"/table/ast_contract/{contract['sys_id']}"
    ended = await api.patch(path, {"state": "expired"}, by=KEEPER)
    assert ended.json()["result"]["active"] == "false"
    covered = {"contract": contract["sys_id"], "ci_item": MAIL}
    assert (await api.post("/table/contract_rel_ci", covered, by=KEEPER)).status_code == 201
    for person in (ABEL, CHARLIE):
        for table in ("ast_contract", "contract_rel_ci"):
            assert await api.result(f"/table/{table}", by=person) == []
        assert (await api.post("/table/ast_lease", values, by=person)).status_code == 403


async def test_transfers_and_their_lines_have_numbers(api: Api) -> None:
    order = (await api.post("/table/alm_transfer_order", {}, by=DANA)).json()["result"]
    body = {"transfer_order": order["sys_id"]}
    line = (await api.post("/table/alm_transfer_order_line", body, by=DANA)).json()["result"]
    assert (order["number"], order["stage"]) == ("TO0010001", "draft")
    assert (line["number"], line["quantity_requested"]) == ("TOL0010001", "1")


def test_the_demo_has_assets_of_people_in_stock_and_retired(world: World) -> None:
    instance = world.instance
    assert instance.count("alm_asset") >= 17
    assert instance.count("ast_contract") == 5
    states = {row["install_status"] for row in instance.query("alm_hardware")}
    assert states == {"1", "3", "6", "7"}
    for asset in instance.query("alm_hardware", "ciISNOTEMPTY"):
        row = instance.row("cmdb_ci", asset["ci"]) or {}
        assert (row["asset"], row["assigned_to"]) == (asset["sys_id"], asset["assigned_to"])
    charlie = ids.person_id("charlie.whitherspoon")
    assert instance.count("alm_asset", f"assigned_to={charlie}") == 1
