"""The CMDB instance API: items with their attributes and relations."""

from typing import Any

import httpx
import pytest

from simulator.access.acls import READ, WRITE, Acl
from tests.simulator.areas.small_cmdb import BELONGS, DATABASE, DEPENDS, RUNS, SERVICE, WEB, cmdb
from tests.simulator.facts import fact
from tests.simulator.small_instance import ABEL, BETH, CHARLIE, HOST, MAIL, NETWORK, Api

ROOT = "/cmdb/instance"
SERVERS = f"{ROOT}/cmdb_ci_linux_server"


@pytest.fixture
def api() -> Api:
    """The APIs of a small instance with configuration items."""
    return cmdb()


async def post(api: Api, path: str, attributes: object = None, **more: object) -> httpx.Response:
    """POST as Abel, from a source that is known unless another is given."""
    body: dict[str, object] = {"source": "ServiceNow", "attributes": attributes or {}}
    return await api.post(path, body | more)


async def put(api: Api, path: str, **attributes: str) -> httpx.Response:
    """PUT as Abel."""
    return await api.call("PUT", path, json={"source": "ServiceNow", "attributes": attributes})


def hide(api: Api, sys_id: str) -> None:
    """Let nobody but administrators read one item."""

    def is_another(_: object, row: Any) -> bool:
        return bool(row["sys_id"] != sys_id)

    acl = Acl(table="cmdb_ci", operation=READ, condition=is_another, needs=("sys_id",))
    api.instance.access.add(acl)


@fact(
    "A list of the CMDB instance API gives sys_id and name of each item", tag="D CMDB Instance API"
)
async def test_a_list_gives_sys_id_and_name(api: Api) -> None:
    assert await api.result(SERVERS) == [{"sys_id": WEB, "name": "web-01"}]
    found = await api.result(f"{ROOT}/cmdb_ci", sysparm_query="ORDERBYname", sysparm_limit="2")
    assert [one["name"] for one in found] == ["mail-01", "mysql@web-01"]
    rest = await api.result(f"{ROOT}/cmdb_ci", sysparm_query="ORDERBYname", sysparm_offset="2")
    assert [one["name"] for one in rest] == ["Portal", "web-01"]
    assert await api.result(SERVERS, sysparm_query="name=other") == []


@fact(
    "One item has attributes, references with link and display value, and relations both ways",
    tag="D CMDB Instance API",
)
async def test_one_item_has_attributes_and_relations(api: Api) -> None:
    result = await api.result(f"{SERVERS}/{WEB}")
    attributes = result["attributes"]
    assert attributes["name"] == "web-01"
    assert attributes["sys_class_name"] == "cmdb_ci_linux_server"
    assert attributes["assigned_to"] == ""
    assert attributes["support_group"] == {
        "display_value": "Network",
        "link": f"{HOST}/api/now/table/sys_user_group/{NETWORK}",
        "value": NETWORK,
    }
    assert attributes["sys_domain"]["value"] == "global"
    (down,) = result["outbound_relations"]
    assert down["type"] == {
        "display_value": "Depends on::Used by",
        "link": f"{HOST}/api/now/table/cmdb_rel_type/{DEPENDS}",
        "value": DEPENDS,
    }
    assert down["target"] == {
        "display_value": "mail-01",
        "link": f"{HOST}/api/now/cmdb/instance/cmdb_ci/{MAIL}",
        "value": MAIL,
    }
    above = {one["target"]["display_value"]: one["sys_id"] for one in result["inbound_relations"]}
    assert set(above) == {"Portal", "mysql@web-01"}
    assert above["Portal"] == BELONGS


async def test_an_item_is_found_by_a_class_above_it_and_by_no_other(api: Api) -> None:
    assert (await api.get(f"{ROOT}/cmdb_ci_server/{WEB}")).status_code == 200
    assert (await api.get(f"{ROOT}/cmdb_ci_service/{WEB}")).status_code == 404
    assert (await api.get(f"{ROOT}/cmdb_ci/nowhere")).status_code == 404


@fact("The CMDB APIs need the role itil", tag="D CMDB Instance API, CMDB Meta API")
async def test_people_without_itil_are_refused(api: Api) -> None:
    for path in (SERVERS, f"{SERVERS}/{WEB}", "/cmdb/meta/cmdb_ci"):
        assert (await api.get(path, by=CHARLIE)).status_code == 403
    response = await api.post(SERVERS, {"source": "ServiceNow", "attributes": {}}, by=CHARLIE)
    assert response.status_code == 403
    assert (await api.post("/identifyreconcile", {"items": []}, by=CHARLIE)).status_code == 403


@pytest.mark.parametrize("name", ["nope", "incident", "cmdb_rel_ci", "sys_user", "%00"])
async def test_what_is_no_class_of_items_is_404(api: Api, name: str) -> None:
    for path in (f"{ROOT}/{name}", f"{ROOT}/{name}/{WEB}", f"/cmdb/meta/{name}"):
        assert (await api.get(path)).status_code == 404


@fact("Items that may not be read are missing from lists and from the relations of others", tag="R")
async def test_hidden_items_do_not_show_in_lists_nor_relations(api: Api) -> None:
    hide(api, MAIL)
    names = {one["name"] for one in await api.result(f"{ROOT}/cmdb_ci")}
    assert names == {"web-01", "mysql@web-01", "Portal"}
    assert (await api.get(f"{ROOT}/cmdb_ci/{MAIL}")).status_code == 404
    assert (await api.result(f"{SERVERS}/{WEB}"))["outbound_relations"] == []
    assert len(await api.result("/table/cmdb_rel_ci")) == 2


@fact(
    "A new item is answered with its attributes and relations, discovered by its source",
    tag="D CMDB Instance API",
)
async def test_a_new_item_comes_with_its_relations(api: Api) -> None:
    response = await post(
        api,
        SERVERS,
        {"name": "lnux999", "firewall_status": "Intranet", "nope": "x"},
        outbound_relations=[{"type": DEPENDS, "target": MAIL}],
        inbound_relations=[{"type": DEPENDS, "target": SERVICE}],
    )
    assert response.status_code == 200, response.text
    result = response.json()["result"]
    attributes = result["attributes"]
    expected = {
        "name": "lnux999",
        "firewall_status": "Intranet",
        "discovery_source": "ServiceNow",
        "first_discovered": "2026-11-20 09:00:00",
        "last_discovered": "2026-11-20 09:00:00",
        "sys_class_name": "cmdb_ci_linux_server",
        "sys_created_by": "abel.tuter",
    }
    assert {name: attributes[name] for name in expected} == expected
    assert [one["target"]["value"] for one in result["outbound_relations"]] == [MAIL]
    assert [one["target"]["value"] for one in result["inbound_relations"]] == [SERVICE]


async def test_a_new_item_that_is_known_is_updated(api: Api) -> None:
    response = await post(api, SERVERS, {"name": "other", "serial_number": "SN-1"})
    attributes = response.json()["result"]["attributes"]
    assert (attributes["sys_id"], attributes["name"]) == (WEB, "other")
    assert api.instance.count("cmdb_ci_linux_server") == 1


@fact("An item of a dependent class needs what it runs on", tag="D CMDB Instance API")
async def test_a_dependent_item_needs_its_host(api: Api) -> None:
    path = f"{ROOT}/cmdb_ci_db_mysql_instance"
    alone = await post(api, path, {"name": "new", "instance_name": "a"})
    assert alone.status_code == 400
    assert "depends on" in alone.json()["error"]["detail"]
    hosted = {"outbound_relations": {"type": RUNS, "target": WEB}}
    response = await post(api, path, {"name": "new", "instance_name": "a"}, depends_on=hosted)
    assert response.status_code == 200
    result = response.json()["result"]
    assert [one["target"]["value"] for one in result["outbound_relations"]] == [WEB]
    again = await post(api, path, {"name": "mysql@web-01"}, depends_on=hosted)
    assert again.json()["result"]["attributes"]["sys_id"] == DATABASE


@fact("source has to be a choice of discovery_source", tag="D CMDB Instance API; the answer is R")
@pytest.mark.parametrize("source", ["", "Nobody", None, 7, ["ServiceNow"]])
async def test_a_source_that_is_not_known_is_refused(api: Api, source: object) -> None:
    for method, path in (
        ("POST", SERVERS),
        ("PUT", f"{SERVERS}/{WEB}"),
        ("PATCH", f"{SERVERS}/{WEB}"),
        ("POST", f"{SERVERS}/{WEB}/relation"),
    ):
        response = await api.call(
            method, path, json={"source": source, "attributes": {"name": "x"}}
        )
        assert response.status_code == 400
        assert response.json()["error"]["message"] == "Invalid source"
    assert (api.instance.row("cmdb_ci", WEB) or {})["name"] == "web-01"


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
@fact(
    "PUT and PATCH of a configuration item both change the attributes given, no others",
    tag="D CMDB Instance API",
)
async def test_attributes_are_changed(api: Api, method: str) -> None:
    body = {"source": "ImportSet", "attributes": {"ram": 64, "os": "Linux", "sys_created_by": "x"}}
    response = await api.call(method, f"{SERVERS}/{WEB}", json=body)
    attributes = response.json()["result"]["attributes"]
    assert (attributes["ram"], attributes["os"], attributes["name"]) == ("64", "Linux", "web-01")
    assert (attributes["discovery_source"], attributes["sys_created_by"]) == ("ImportSet", "system")


@fact("An update may change the class of an item by sys_class_name", tag="C servicenow.itsm")
async def test_an_item_changes_its_class(api: Api) -> None:
    response = await put(api, f"{SERVERS}/{WEB}", sys_class_name="cmdb_ci_win_server", os="Windows")
    assert response.json()["result"]["attributes"]["sys_class_name"] == "cmdb_ci_win_server"
    assert (await api.get(f"{SERVERS}/{WEB}")).status_code == 404
    assert len((await api.result(f"{ROOT}/cmdb_ci/{WEB}"))["inbound_relations"]) == 2
    wrong = await put(api, f"{ROOT}/cmdb_ci/{WEB}", sys_class_name="incident")
    assert wrong.status_code == 404


async def test_an_item_that_may_not_be_written_stays(api: Api) -> None:
    acl = Acl(table="cmdb_ci_linux_server", operation=READ, roles=frozenset({"admin"}))
    api.instance.access.add(acl)
    assert (await put(api, f"{SERVERS}/{WEB}", name="x")).status_code == 404
    response = await post(api, SERVERS, {"name": "y", "serial_number": "SN-1"})
    assert response.status_code == 400
    assert WEB not in response.text
    assert (api.instance.row("cmdb_ci", WEB) or {})["name"] == "web-01"


@fact(
    "POST to the relations of a configuration item adds some, DELETE of one of them takes it away",
    tag="D CMDB Instance API",
)
async def test_relations_are_added_and_removed(api: Api) -> None:
    path = f"{SERVERS}/{WEB}/relation"
    body = {"source": "ServiceNow", "inbound_relations": [{"type": RUNS, "target": MAIL}]}
    added = await api.post(path, body, by=BETH)
    assert added.status_code == 200
    (new,) = [
        one for one in added.json()["result"]["inbound_relations"] if one["target"]["value"] == MAIL
    ]
    again = await api.post(path, body, by=BETH)
    assert len(again.json()["result"]["inbound_relations"]) == 3
    removed = await api.call("DELETE", f"{path}/{new['sys_id']}")
    assert (removed.status_code, removed.content) == (200, b"")
    assert api.instance.row("cmdb_rel_ci", new["sys_id"]) is None
    for relation in ("nowhere", new["sys_id"]):
        assert (await api.call("DELETE", f"{path}/{relation}")).status_code == 404
    of_another = f"{ROOT}/cmdb_ci/{MAIL}/relation/{BELONGS}"
    assert (await api.call("DELETE", of_another)).status_code == 404


@pytest.mark.parametrize(
    "relation",
    [
        {"type": "nope", "target": MAIL},
        {"type": DEPENDS, "target": "nope"},
        {"type": DEPENDS},
        {"target": MAIL},
        {"type": "Depends on::Used by", "target": MAIL},
        {},
    ],
)
async def test_a_relation_to_nothing_is_refused_and_nothing_is_made(
    api: Api, relation: dict[str, str]
) -> None:
    before = api.instance.count("cmdb_rel_ci")
    body = {"source": "ServiceNow", "attributes": {"name": "n"}, "outbound_relations": [relation]}
    for path in (SERVERS, f"{SERVERS}/{WEB}/relation"):
        response = await api.post(path, body)
        assert response.status_code == 400
        assert response.json()["error"]["message"] == "Invalid relation"
    assert api.instance.count("cmdb_rel_ci") == before
    assert api.instance.count("cmdb_ci", "name=n") == 0


async def test_no_relation_at_all_is_refused(api: Api) -> None:
    response = await api.post(f"{SERVERS}/{WEB}/relation", {"source": "ServiceNow"})
    assert response.status_code == 400


@pytest.mark.parametrize(
    "body",
    [
        [],
        "x",
        1,
        None,
        {"source": "ServiceNow", "attributes": []},
        {"source": "ServiceNow", "attributes": {}, "outbound_relations": "x"},
        {"source": "ServiceNow", "attributes": {}, "inbound_relations": [1]},
    ],
)
async def test_a_body_of_another_shape_is_400(api: Api, body: object) -> None:
    for method, path in (("POST", SERVERS), ("PUT", f"{SERVERS}/{WEB}")):
        response = await api.call(method, path, json=body)
        assert (
            response.status_code in {200, 400} if method == "PUT" else response.status_code == 400
        )


async def test_a_relation_is_deleted_with_its_item(api: Api) -> None:
    api.instance.delete("cmdb_ci", SERVICE)
    assert api.instance.count("cmdb_rel_ci") == 3  # nobody's rules
    response = await api.call("DELETE", f"/table/cmdb_ci/{WEB}", by="d" * 32)
    assert response.status_code == 204
    assert api.instance.count("cmdb_rel_ci") == 0


@fact(
    "The metadata of a class has its parent, children, attributes and rules", tag="D CMDB Meta API"
)
async def test_the_metadata_of_a_class(api: Api) -> None:
    result = await api.result("/cmdb/meta/cmdb_ci_computer")
    assert (result["name"], result["label"]) == ("cmdb_ci_computer", "Computer")
    assert (result["parent"], result["is_extendable"]) == ("cmdb_ci_hardware", True)
    assert result["children"] == ["cmdb_ci_pc_hardware", "cmdb_ci_server"]
    attributes = {one["element"]: one for one in result["attributes"]}
    assert attributes["os_address_width"] == {
        "is_inherited": "false",
        "is_mandatory": "false",
        "is_read_only": "false",
        "default_value": None,
        "label": "OS Address Width (bits)",
        "type": "integer",
        "element": "os_address_width",
        "max_length": "40",
        "is_display": "false",
    }
    assert attributes["name"]["is_inherited"] == "true"
    assert attributes["location"]["reference"] == "cmn_location"
    rules = result["identification_rules"]
    assert (rules["name"], rules["applies_to"]) == ("Hardware Rule", "cmdb_ci_hardware")
    assert rules["is_independent"] is True
    assert [one["attributes"] for one in rules["identifiers"]] == [
        "serial_number,serial_number_type",
        "serial_number",
        "name",
        "ip_address,mac_address",
    ]
    assert result["relationship_rules"]
    assert (await api.result("/cmdb/meta/cmdb_ci"))["identification_rules"] == {}


async def test_notes_of_an_item_are_a_field_and_no_journal(api: Api) -> None:
    await api.patch(f"/table/cmdb_ci/{WEB}", {"comments": "In rack 4"}, by=ABEL)
    assert (await api.result(f"/table/cmdb_ci/{WEB}"))["comments"] == "In rack 4"
    assert api.instance.count("sys_journal_field", f"element_id={WEB}") == 0


async def test_an_outage_has_its_duration(api: Api) -> None:
    values = {"cmdb_ci": WEB, "begin": "2026-11-19 08:00:00", "end": "2026-11-19 10:30:00"}
    response = await api.post("/table/cmdb_ci_outage", values)
    outage = response.json()["result"]
    assert (outage["number"], outage["duration"]) == ("OUT0010001", "1970-01-01 02:30:00")
    path = f"/table/cmdb_ci_outage/{outage['sys_id']}"
    for end in ("", "2026-11-01 00:00:00", "9999-99-99 00:00:00"):
        assert (await api.patch(path, {"end": end})).json()["result"]["duration"] == ""


async def test_a_model_is_called_by_its_maker_and_name(api: Api) -> None:
    maker = api.instance.insert("core_company", {"name": "Northwind"})
    response = await api.post(
        "/table/cmdb_hardware_product_model", {"name": "R4", "manufacturer": maker}, by="d" * 32
    )
    assert response.json()["result"]["display_name"] == "Northwind R4"


@fact(
    "A PATCH of the Table API may change the class of a configuration item by sys_class_name",
    tag="C servicenow.itsm configuration_item",
)
async def test_the_table_api_changes_the_class_of_an_item(api: Api) -> None:
    path = f"/table/cmdb_ci/{WEB}"
    response = await api.patch(path, {"sys_class_name": "cmdb_ci_esx_server", "os": "ESX"})
    assert response.json()["result"]["sys_class_name"] == "cmdb_ci_esx_server"
    row = api.instance.row("cmdb_ci_esx_server", WEB) or {}
    assert (row["os"], row["name"]) == ("ESX", "web-01")
    for wrong in ("incident", "nope", "", "cmdb_ci_esx_server"):
        await api.patch(path, {"sys_class_name": wrong})
    assert (api.instance.row("cmdb_ci_esx_server", WEB) or {})["sys_class_name"]
    assert (await api.get("/table/cmdb_ci_linux_server")).json()["result"] == []


async def test_people_who_may_not_write_an_item_do_not_change_its_class(api: Api) -> None:
    path = f"/table/cmdb_ci/{WEB}"
    wanted = {"sys_class_name": "cmdb_ci_esx_server"}
    assert (await api.patch(path, wanted, by=CHARLIE)).status_code == 403
    acl = Acl(table="cmdb_ci_esx_server", operation=WRITE, roles=frozenset({"admin"}))
    api.instance.access.add(acl)
    assert (await api.patch(path, wanted, by=ABEL)).status_code == 403
    assert (api.instance.row("cmdb_ci", WEB) or {})["sys_class_name"] == "cmdb_ci_linux_server"
