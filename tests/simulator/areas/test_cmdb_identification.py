"""Identification and reconciliation of configuration items."""

from typing import Any

import pytest

from simulator.access.acls import READ, Acl
from simulator.instance import Instance
from simulator.seed import ids
from simulator.world import World
from tests.simulator.areas.small_cmdb import DATABASE, WEB, cmdb
from tests.simulator.facts import fact
from tests.simulator.small_instance import ABEL, MAIL, Api

ROOT = "/identifyreconcile"
SOURCE = {"sysparm_data_source": "ServiceNow"}


@pytest.fixture
def api() -> Api:
    """The APIs of a small instance with configuration items."""
    return cmdb()


def item(class_name: str = "cmdb_ci_linux_server", /, **values: str) -> dict[str, Any]:
    """An item of a body."""
    return {"className": class_name, "values": values}


async def send(api: Api, *items: dict[str, Any], path: str = ROOT, **more: Any) -> Any:
    """The result for some items."""
    params = {**SOURCE, **more.pop("params", {})}
    response = await api.post(path, {"items": list(items), **more}, by=ABEL, **params)
    assert response.status_code == 200, response.text
    return response.json()["result"]


async def sent(api: Api, one: dict[str, Any], **more: Any) -> Any:
    """What is told of one item."""
    return (await send(api, one, **more))["items"][0]


@fact(
    "An item that no rule finds is inserted: operation INSERT with its new sysId",
    tag="D Identification and Reconciliation API",
)
async def test_an_unknown_item_is_inserted(api: Api) -> None:
    told = await sent(api, item(name="lnux101", serial_number="SN-9"))
    row = api.instance.row("cmdb_ci_linux_server", told["sysId"]) or {}
    assert (row["name"], row["discovery_source"]) == ("lnux101", "ServiceNow")
    assert row["sys_created_by"] == "abel.tuter"
    assert told["operation"] == "INSERT"
    assert (told["errorCount"], told["inputIndices"], told["markers"]) == (0, [0], [])


@fact(
    "The attempts to identify an item are told in the order of the entries of its rule",
    tag="D Identification and Reconciliation API",
)
async def test_attempts_are_told_entry_by_entry(api: Api) -> None:
    told = await sent(api, item(name="web-01", serial_number="SN-other"))
    assert (told["operation"], told["sysId"]) == ("UPDATE", WEB)
    attempts = told["identificationAttempts"]
    assert [one["attemptResult"] for one in attempts] == ["SKIPPED", "NO_MATCH", "MATCHED"]
    assert attempts[2] == {
        "identifierName": "Hardware Rule",
        "attemptResult": "MATCHED",
        "attributes": ["name"],
        "hybridEntryCiAttributes": [],
        "searchOnTable": "cmdb_ci_hardware",
    }
    assert len(told["identifierEntrySysId"]) == 32


async def test_an_item_that_is_as_it_was_is_not_changed(api: Api) -> None:
    told = await sent(api, item(name="web-01", serial_number="SN-1"))
    assert (told["operation"], told["sysId"]) == ("NO_CHANGE", WEB)
    told = await sent(api, item(serial_number="SN-1", ram="64"))
    assert told["operation"] == "UPDATE"
    row = api.instance.row("cmdb_ci_linux_server", WEB) or {}
    assert (row["ram"], row["last_discovered"]) == ("64", "2026-11-20 09:00:00")


@fact(
    "query tells what would be done and writes nothing",
    tag="D Identification and Reconciliation API",
)
@pytest.mark.parametrize("path", [f"{ROOT}/query", f"{ROOT}/queryEnhanced"])
async def test_a_query_writes_nothing(api: Api, path: str) -> None:
    before = api.instance.count("cmdb_ci")
    new, known = (
        await send(
            api,
            item(name="new"),
            item(name="web-01", ram="1"),
            path=path,
            relations=[{"parent": 1, "child": 0, "type": "Depends on::Used by"}],
        )
    )["items"]
    assert (new["operation"], new["sysId"]) == ("INSERT", "Unknown")
    assert (known["operation"], known["sysId"]) == ("UPDATE", WEB)
    assert api.instance.count("cmdb_ci") == before
    assert (api.instance.row("cmdb_ci_linux_server", WEB) or {})["ram"] == ""
    assert api.instance.count("cmdb_rel_ci") == 3


@fact(
    "Duplicates are MULTI_MATCH, an error of that item in an answer that is 200",
    tag="D Identification and Reconciliation API",
)
async def test_duplicates_are_an_error_of_the_item(api: Api) -> None:
    api.instance.insert("cmdb_ci_linux_server", {"name": "web-01"})
    wrong, right = (await send(api, item(name="web-01"), item(name="fine")))["items"]
    assert wrong["identificationAttempts"][-1]["attemptResult"] == "MULTI_MATCH"
    assert (wrong["sysId"], wrong["errorCount"]) == ("Unknown", 1)
    assert wrong["errors"][0]["error"] == "MULTIPLE_DUPLICATE_RECORDS"
    assert right["operation"] == "INSERT"


@fact("An item without attributes of any entry is MISSING_MATCHING_ATTRIBUTES", tag="R")
async def test_an_item_that_says_nothing_of_itself_is_an_error(api: Api) -> None:
    told = await sent(api, item(os="Linux"))
    assert told["errors"][0]["error"] == "MISSING_MATCHING_ATTRIBUTES"
    results = {one["attemptResult"] for one in told["identificationAttempts"]}
    assert results == {"SKIPPED"}


@pytest.mark.parametrize("name", ["incident", "nope", "", "cmdb_rel_ci"])
async def test_what_is_no_class_is_an_error(api: Api, name: str) -> None:
    told = await sent(api, item(name, name="x"))
    assert told["errors"][0]["error"] == "INVALID_INPUT_DATA"


async def test_a_class_without_a_rule_is_an_error(api: Api) -> None:
    told = await sent(api, item("cmdb_ci", name="x"))
    assert told["errors"][0]["error"] == "IDENTIFICATION_RULE_MISSING"


@fact(
    "A data source has to be a choice of discovery_source: INVALID_INPUT_DATA",
    tag="M on a developer instance in August 2026, by others",
)
async def test_an_unknown_source_writes_nothing(api: Api) -> None:
    told = await sent(api, item(name="new"), params={"sysparm_data_source": "Nobody"})
    assert told["errors"][0]["error"] == "INVALID_INPUT_DATA"
    assert api.instance.count("cmdb_ci", "name=new") == 0
    assert api.instance.count("cmdb_ire_incomplete_payloads") == 0


@fact(
    "What comes without a data source is kept among the incomplete payloads",
    tag="D Identification and Reconciliation API",
)
async def test_a_body_without_a_source_is_kept_as_incomplete(api: Api) -> None:
    await sent(api, item(name="new"), params={"sysparm_data_source": ""})
    (kept,) = api.instance.query("cmdb_ire_incomplete_payloads")
    assert '"new"' in kept["payload"]
    assert api.instance.count("cmdb_ci", "name=new") == 0
    assert await api.result("/table/cmdb_ire_incomplete_payloads", by="c" * 32) == []


@fact(
    "A matched item of a more general class is upgraded: UPDATE_WITH_UPGRADE",
    tag="D Identification and Reconciliation API",
)
async def test_classes_change_up_down_and_aside(api: Api) -> None:
    for class_name, operation in (
        ("cmdb_ci_server", "UPDATE_WITH_DOWNGRADE"),
        ("cmdb_ci_linux_server", "UPDATE_WITH_UPGRADE"),
        ("cmdb_ci_win_server", "UPDATE_WITH_SWITCH"),
    ):
        told = await sent(api, item(class_name, name="web-01", os=class_name))
        assert (told["operation"], told["sysId"]) == (operation, WEB)
        row = api.instance.row(class_name, WEB) or {}
        assert (row["sys_class_name"], row["os"]) == (class_name, class_name)


@fact(
    "settings may keep an item from changing its class; the item is updated all the same",
    tag="D Identification and Reconciliation API",
)
@pytest.mark.parametrize(
    ("class_name", "setting", "code"),
    [
        ("cmdb_ci_server", "updateWithoutDowngrade", "SKIPPED_CLASS_DOWNGRADE"),
        ("cmdb_ci_win_server", "updateWithoutSwitch", "SKIPPED_CLASS_SWITCH"),
    ],
)
async def test_a_change_of_class_may_be_unwanted(
    api: Api, class_name: str, setting: str, code: str
) -> None:
    told = await sent(api, item(class_name, name="web-01", ram="8") | {"settings": {setting: True}})
    assert (told["operation"], told["info"][0]["code"]) == ("UPDATE", code)
    row = api.instance.row("cmdb_ci_linux_server", WEB) or {}
    assert row["ram"] == "8"


@fact(
    "A source finds its item again by source_native_key, kept in sys_object_source",
    tag="D Identification and Reconciliation API",
)
async def test_a_source_knows_its_items_by_a_native_identifier(api: Api) -> None:
    said = {"source_name": "ServiceNow", "source_native_key": "abc"}
    first = await sent(api, item(name="one") | {"sys_object_source_info": said})
    assert first["identificationAttempts"][0]["info"] == "sys_object_source NO_MATCH"
    again = await sent(api, item(name="renamed") | {"sys_object_source_info": said})
    assert (again["operation"], again["sysId"]) == ("UPDATE", first["sysId"])
    assert again["identificationAttempts"][0]["info"] == "sys_object_source MATCHED"
    (source,) = api.instance.query("sys_object_source")
    assert (source["id"], source["target_sys_id"]) == ("abc", first["sysId"])


async def test_lookups_identify_and_are_kept(api: Api) -> None:
    serial = {"serial_number": "UUID-1", "serial_number_type": "uuid"}
    lookup = [{"className": "cmdb_serial_number", "values": serial}]
    first = await sent(api, item(name="one") | {"lookup": lookup})
    (kept,) = api.instance.query("cmdb_serial_number")
    assert kept["cmdb_ci"] == first["sysId"]
    assert first["relatedSysIds"] == [kept["sys_id"]]
    assert first["relatedItems"][0]["inputIndices"] == [{"mainIndex": 0, "subIndex": 0}]
    again = await sent(api, item(name="two") | {"lookup": lookup})
    assert again["sysId"] == first["sysId"]
    assert again["identificationAttempts"][0]["attemptResult"] == "MATCHED"
    assert api.instance.count("cmdb_serial_number") == 1


@fact(
    "Items of a dependent class need a relation to what they depend on: MISSING_DEPENDENCY", tag="R"
)
async def test_a_dependent_item_is_found_on_its_host_only(api: Api) -> None:
    alone = await sent(api, item("cmdb_ci_db_mysql_instance", name="mysql@web-01"))
    assert alone["errors"][0]["error"] == "MISSING_DEPENDENCY"
    relations = [{"parent": 0, "child": 1, "type": "Runs on::Runs"}]
    database = item("cmdb_ci_db_mysql_instance", name="mysql@web-01", version="8")
    result = await send(api, database, item(name="web-01"), relations=relations)
    assert result["items"][0]["sysId"] == DATABASE
    assert result["relations"][0]["operation"] == "NO_CHANGE"
    elsewhere = await send(api, database, item(name="web-02"), relations=relations)
    assert elsewhere["items"][0]["operation"] == "INSERT"
    assert elsewhere["items"][0]["sysId"] != DATABASE
    assert elsewhere["relations"][0]["operation"] == "INSERT"


async def test_relations_go_by_index_and_by_internal_id(api: Api) -> None:
    first, second = item(name="a") | {"internal_id": "x"}, item(name="b") | {"internal_id": "y"}
    relations = [
        {"parent_id": "x", "child_id": "y", "type": "Depends on::Used by"},
        {"parent": 0, "child": 1, "type": "No such::Type"},
        {"parent": 0, "child": 7, "type": "Depends on::Used by"},
    ]
    result = await send(api, first, second, relations=relations)
    assert [one["operation"] for one in result["relations"]] == ["INSERT", "NO_CHANGE", "NO_CHANGE"]
    assert [one["errorCount"] for one in result["relations"]] == [0, 1, 1]
    parent, child = (one["sysId"] for one in result["items"])
    assert api.instance.count("cmdb_rel_ci", f"parent={parent}^child={child}") == 1


async def test_a_relation_of_what_was_not_placed_is_abandoned(api: Api) -> None:
    relations = [{"parent": 0, "child": 1, "type": "Depends on::Used by"}]
    result = await send(api, item("nope", name="a"), item(name="b"), relations=relations)
    assert result["relations"][0]["errors"][0]["error"] == "ABANDONED"


async def test_items_may_refer_to_each_other(api: Api) -> None:
    first = item("cmdb_ci_service", name="Big") | {"internal_id": "big"}
    second = item("cmdb_ci_service", name="Small") | {"internal_id": "small"}
    references = [
        {"referenced": "big", "referencedBy": "small", "referenceField": "parent"},
        {"referenced": "nothing", "referencedBy": "small", "referenceField": "parent"},
    ]
    big, small = (await send(api, first, second, referenceItems=references))["items"]
    assert (api.instance.row("cmdb_ci_service", small["sysId"]) or {})["parent"] == big["sysId"]


@fact(
    "The enhanced calls sum up what was done by class when generate_summary asks for it",
    tag="D Identification and Reconciliation API",
)
async def test_the_enhanced_call_sums_up(api: Api) -> None:
    result = await send(
        api,
        item(name="new"),
        item(name="web-01"),
        path=f"{ROOT}/enhanced",
        params={"options": "partial_payloads:false, generate_summary:true"},
    )
    assert result["summary"]["cmdb_ci_linux_server"] == {
        "inserted": 1,
        "updated": 0,
        "unchanged": 1,
        "skipped": 0,
        "errors": 0,
        "warnings": 0,
        "partial": 0,
        "incomplete": 0,
        "additionalInserted": 0,
        "mergedPartialPayloads": 0,
    }
    assert (result["hasError"], result["items"][0]["warningCount"]) == (False, 0)
    plain = await send(api, item(name="new"), path=f"{ROOT}/enhanced")
    assert "summary" not in plain


async def test_an_option_that_is_none_is_refused(api: Api) -> None:
    params = {**SOURCE, "options": "partial"}
    response = await api.post(f"{ROOT}/enhanced", {"items": [item(name="x")]}, **params)
    assert response.status_code == 400
    assert response.json()["error"]["detail"] == "Chunk [partial] is not a valid entry"


async def test_an_item_that_may_not_be_read_is_neither_told_nor_changed(api: Api) -> None:
    def is_another(_: object, row: Any) -> bool:
        return bool(row["sys_id"] != WEB)

    acl = Acl(table="cmdb_ci", operation=READ, condition=is_another, needs=("sys_id",))
    api.instance.access.add(acl)
    for path in (ROOT, f"{ROOT}/query"):
        told = await sent(api, item(name="web-01", ram="4"), path=path)
        assert told["errors"][0]["error"] == "ABANDONED"
        assert (told["sysId"], told["identificationAttempts"]) == ("Unknown", [])
        assert WEB not in str(told)
    assert (api.instance.row("cmdb_ci_linux_server", WEB) or {})["ram"] == ""


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"items": []},
        {"items": "x"},
        {"items": [1]},
        {"items": [{"values": []}]},
        [],
        "x",
        {"items": [{"className": "cmdb_ci", "lookup": 1}]},
        {"items": [{}], "relations": 4},
    ],
)
async def test_a_body_without_items_is_400(api: Api, body: object) -> None:
    response = await api.post(ROOT, body, **SOURCE)
    assert response.status_code == 400


@pytest.mark.parametrize("value", [None, 7, 1.5, True, [1], {"a": 1}, "x^ORname=y", "javascript:1"])
async def test_values_of_any_kind_are_taken_or_told(api: Api, value: object) -> None:
    told = await sent(api, {"className": "cmdb_ci_linux_server", "values": {"name": value}})
    assert told["operation"] in {"INSERT", "NO_CHANGE"}
    assert told["sysId"] != WEB


def test_the_demo_hangs_together(world: World) -> None:
    instance: Instance = world.instance
    assert instance.count("cmdb_rel_ci") >= 25
    for row in instance.query("cmdb_rel_ci"):
        assert instance.row("cmdb_rel_type", row["type"]) is not None
        for end in ("parent", "child"):
            assert instance.row("cmdb_ci", row[end]) is not None
    assert instance.count("cmdb_ci_linux_server") >= 2
    mail = instance.row("cmdb_ci_server", ids.item_id("mail-01")) or {}
    assert mail["name"] == "mail-01"
    assert mail["sys_id"] != MAIL
