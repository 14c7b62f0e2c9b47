"""Tables added, changed and deleted through the Table API of `sys_db_object`."""

from pathlib import Path

import pytest

from simulator.instance import Instance
from simulator.records.rules import ON_INSERT, Aborted, Change, rule
from tests.simulator.facts import fact
from tests.simulator.small_instance import ABEL, CHARLIE, DANA, FIRST, NOW, Api, small_instance


@pytest.fixture
def api() -> Api:
    """The Table API of a fresh small instance."""
    return Api()


async def made(api: Api, table: str, **values: str) -> dict[str, str]:
    """A record that an administrator inserts."""
    response = await api.post(f"/table/{table}", values, by=DANA)
    assert response.status_code == 201, response.text
    record: dict[str, str] = response.json()["result"]
    return record


async def table_id(api: Api, name: str) -> str:
    """The sys_id of a table's row."""
    (row,) = await api.result("/table/sys_db_object", by=DANA, sysparm_query=f"name={name}")
    return str(row["sys_id"])


async def refusal(api: Api, table: str, **values: str) -> str:
    """Why an administrator may not insert this."""
    response = await api.post(f"/table/{table}", values, by=DANA)
    assert response.status_code == 403, response.text
    return str(response.json()["error"]["detail"])


@fact(
    "A record inserted into sys_db_object is a table at once, with the system fields",
    tag="D Create a table",
)
async def test_a_new_table_can_be_used_at_once(api: Api) -> None:
    await made(api, "sys_db_object", name="u_boat", label="Boat")
    record = await made(api, "u_boat")
    assert record["sys_created_by"] == "dana.admin"
    assert record["sys_class_name"] == "u_boat"
    assert await api.result("/table/u_boat", by=DANA) == [
        await api.result(f"/table/u_boat/{record['sys_id']}", by=DANA)
    ]


@fact(
    "A table that somebody added is for administrators until an ACL opens it",
    tag="D High security settings, default deny",
)
async def test_a_new_table_is_closed_until_an_acl_opens_it(api: Api) -> None:
    await made(api, "sys_db_object", name="u_boat", label="Boat")
    record = await made(api, "u_boat")
    path = f"/table/u_boat/{record['sys_id']}"
    assert (await api.get(path, by=ABEL)).status_code == 404
    assert (await api.get("/stats/u_boat", by=ABEL, sysparm_count="true")).status_code == 403
    opened = {"name": "u_boat", "operation": "read", "type": "record", "active": "true"}
    await made(api, "sys_security_acl", **opened)
    assert (await api.get(path, by=ABEL)).status_code == 200


async def test_a_new_table_is_in_the_dictionary_with_its_label(api: Api) -> None:
    await made(api, "sys_db_object", name="u_boat", label="Boat")
    rows = await api.result("/table/sys_dictionary", sysparm_query="name=u_boat")
    types = {row["element"]: row["internal_type"]["value"] for row in rows}
    assert types[""] == "collection"
    assert types["sys_id"] == "GUID"
    assert types["sys_created_on"] == "glide_date_time"
    (label,) = await api.result("/table/sys_documentation", sysparm_query="name=u_boat")
    assert (label["label"], label["plural"], label["element"]) == ("Boat", "Boats", "")


@fact(
    "A table that extends another one has its fields, numbers, defaults and business rules",
    tag="D Table extension and classes",
)
async def test_a_table_that_extends_another_one_inherits_from_it(api: Api) -> None:
    parent = await table_id(api, "incident")
    await made(api, "sys_db_object", name="u_leak", label="Leak", super_class=parent)
    leak = await made(api, "u_leak", short_description="Drip", impact="1", urgency="1")
    assert (leak["priority"], leak["state"], leak["number"]) == ("1", "1", "INC0010001")
    assert leak["sys_class_name"] == "u_leak"
    assert len(await api.result("/table/incident")) == 6
    assert len(await api.result("/table/u_leak")) == 1
    shown = await api.result(
        f"/table/task/{leak['sys_id']}",
        sysparm_display_value="true",
        sysparm_fields="state,sys_class_name",
    )
    assert shown == {"state": "New", "sys_class_name": "Leak"}


async def test_a_parent_may_be_given_by_name_and_must_exist(api: Api) -> None:
    made_row = await made(api, "sys_db_object", name="u_leak", super_class="task")
    assert made_row["label"] == "Leak"
    assert "extend" in await refusal(api, "sys_db_object", name="u_other", super_class="nothing")
    assert not api.instance.knows("u_other")


@pytest.mark.parametrize(
    "name",
    ["boat", "u_", "U_BOAT", "u_b oat", 'u_";drop table task;--', "u_b'", "sys_x"],
)
async def test_a_name_that_no_table_can_have_is_refused(api: Api, name: str) -> None:
    before = api.instance.count("sys_db_object")
    assert "Invalid table name" in await refusal(api, "sys_db_object", name=name, label="Boat")
    assert api.instance.count("sys_db_object") == before
    assert not api.instance.knows(name)


@fact("A table without a name is named after its label, with u_ in front", tag="R")
async def test_a_label_gives_the_name(api: Api) -> None:
    row = await made(api, "sys_db_object", label="My Fine Boat!")
    assert row["name"] == "u_my_fine_boat"
    assert "Invalid table name" in await refusal(api, "sys_db_object", label="!!!")


async def test_a_name_that_is_taken_is_refused(api: Api) -> None:
    await made(api, "sys_db_object", name="u_boat", label="Boat")
    assert "already exists" in await refusal(api, "sys_db_object", name="u_boat", label="Boat")


async def test_tables_are_for_those_who_may_personalize_the_dictionary(api: Api) -> None:
    body = {"name": "u_boat", "label": "Boat"}
    for person in (ABEL, CHARLIE):
        response = await api.post("/table/sys_db_object", body, by=person)
        assert response.status_code == 403
    role = api.instance.insert("sys_user_role", {"name": "personalize_dictionary"})
    api.instance.insert("sys_user_has_role", {"user": ABEL, "role": role})
    assert (await api.post("/table/sys_db_object", body, by=ABEL)).status_code == 201


async def test_a_numbered_table_gives_numbers(api: Api) -> None:
    number = await made(api, "sys_number", prefix="BOAT", number="1000", maximum_digits="7")
    await made(api, "sys_db_object", name="u_boat", label="Boat", number_ref=number["sys_id"])
    assert (await made(api, "u_boat"))["number"] == "BOAT0001001"


@fact("A record of sys_number for a table makes its records numbered", tag="R")
async def test_a_number_for_an_old_table_adds_the_column(api: Api) -> None:
    await made(api, "sys_db_object", name="u_boat", label="Boat")
    await made(api, "sys_number", category="u_boat", prefix="B", number="7", maximum_digits="3")
    assert (await made(api, "u_boat"))["number"] == "B008"
    assert "auto number" in await refusal(api, "sys_db_object", name="u_raft", number_ref="1" * 32)


async def test_a_label_may_change_and_a_name_may_not(api: Api) -> None:
    row = await made(api, "sys_db_object", name="u_boat", label="Boat")
    path = f"/table/sys_db_object/{row['sys_id']}"
    assert (await api.patch(path, {"label": "Ship"}, by=DANA)).status_code == 200
    assert api.instance.dictionary.label_of_table("u_boat") == "Ship"
    (label,) = await api.result("/table/sys_documentation", sysparm_query="name=u_boat")
    assert label["label"] == "Ship"
    for change in ({"name": "u_ship"}, {"super_class": await table_id(api, "task")}, {"label": ""}):
        response = await api.patch(path, change, by=DANA)
        assert response.status_code == 403, change


async def test_a_built_in_table_may_be_called_otherwise(api: Api) -> None:
    path = f"/table/sys_db_object/{await table_id(api, 'incident')}"
    assert (await api.patch(path, {"label": "Trouble"}, by=DANA)).status_code == 200
    shown = await api.result(
        f"/table/incident/{FIRST}", sysparm_display_value="true", sysparm_fields="sys_class_name"
    )
    assert shown == {"sys_class_name": "Trouble"}


async def test_a_deleted_table_is_gone_with_all_it_had(api: Api) -> None:
    row = await made(api, "sys_db_object", name="u_boat", label="Boat")
    await made(api, "u_boat")
    path = f"/table/sys_db_object/{row['sys_id']}"
    assert (await api.call("DELETE", path, by=DANA)).status_code == 204
    assert (await api.get("/table/u_boat")).status_code == 400
    for table in ("sys_dictionary", "sys_documentation"):
        assert await api.result(f"/table/{table}", sysparm_query="name=u_boat") == []
    await made(api, "sys_db_object", name="u_boat", label="Boat again")
    assert await api.result("/table/u_boat") == []


async def test_deleting_a_class_deletes_its_records_and_no_others(api: Api) -> None:
    row = await made(api, "sys_db_object", name="u_leak", super_class="incident")
    await made(api, "sys_dictionary", name="u_leak", element="u_litres", internal_type="integer")
    await made(api, "u_leak", u_litres="7")
    path = f"/table/sys_db_object/{row['sys_id']}"
    assert (await api.call("DELETE", path, by=DANA)).status_code == 204
    assert len(await api.result("/table/incident")) == 5
    columns = {row[1] for row in api.instance.store.rows('PRAGMA table_info("task")')}
    assert "u_litres" not in columns


async def test_tables_that_others_need_are_not_deleted(api: Api) -> None:
    boat = await made(api, "sys_db_object", name="u_boat", label="Boat")
    await made(api, "sys_db_object", name="u_raft", super_class=boat["sys_id"])
    await made(
        api,
        "sys_dictionary",
        name="incident",
        element="u_raft",
        internal_type="reference",
        reference="u_raft",
    )
    raft = await table_id(api, "u_raft")
    for sys_id, sentence in (
        (boat["sys_id"], "is extended by u_raft"),
        (raft, "is referenced by incident.u_raft"),
        (await table_id(api, "problem"), "came with the instance"),
    ):
        response = await api.call("DELETE", f"/table/sys_db_object/{sys_id}", by=DANA)
        assert response.status_code == 403
        assert sentence in response.json()["error"]["detail"]


@fact(
    "A table that does not allow access via web services is 403, for administrators too",
    tag="D Application access settings; the answer was measured on a developer instance",
)
async def test_a_table_may_be_closed_to_web_services(api: Api) -> None:
    row = await made(api, "sys_db_object", name="u_boat", label="Boat", ws_access="false")
    for api_name in ("table", "stats"):
        response = await api.get(f"/{api_name}/u_boat", by=DANA)
        assert response.status_code == 403
        assert response.json()["error"] == {
            "message": "User Not Authorized",
            "detail": "Failed API level ACL Validation",
        }
    await api.patch(f"/table/sys_db_object/{row['sys_id']}", {"ws_access": "true"}, by=DANA)
    assert (await api.get("/table/u_boat", by=DANA)).status_code == 200


async def test_added_tables_survive_a_restart_and_a_snapshot(tmp_path: Path) -> None:
    path = str(tmp_path / "state.sqlite3")
    first = Instance(path, clock=lambda: NOW)
    first.insert("sys_db_object", {"name": "u_boat", "label": "Boat"}, run_rules=True)
    first.insert("sys_dictionary", {"name": "u_boat", "element": "u_sail"}, run_rules=True)
    sys_id = first.insert("u_boat", {"u_sail": "red"})
    snapshot = first.snapshot()
    first.close()
    again = Instance(path, clock=lambda: NOW)
    copy = Instance(clock=lambda: NOW, snapshot=snapshot)
    other = small_instance()
    other.insert("sys_db_object", {"name": "u_raft", "label": "Raft"}, run_rules=True)
    other.restore(snapshot)
    for instance in (again, copy, other):
        assert (instance.row("u_boat", sys_id) or {})["u_sail"] == "red"
    assert not other.knows("u_raft")
    again.close()


async def test_a_write_that_is_taken_back_leaves_no_table(api: Api) -> None:
    def refuse(_: Change) -> None:
        raise Aborted

    before = api.instance.count("sys_dictionary")
    failing = rule("Refuse", "sys_db_object", refuse, order=900, on=ON_INSERT, after=True)
    api.instance.rules.add(failing)
    assert "Refuse^" in await refusal(api, "sys_db_object", name="u_boat", label="Boat")
    assert not api.instance.knows("u_boat")
    assert api.instance.count("sys_dictionary") == before
    assert (await api.get("/table/u_boat")).status_code == 400


def test_rows_that_describe_nothing_possible_are_passed_over() -> None:
    instance = small_instance()
    for name, parent in (("no good", ""), ("u_orphan", "nothing"), ("incident; --", "")):
        instance.insert("sys_db_object", {"name": name, "super_class": parent})
        assert not instance.knows(name)
    for row in (
        {"name": "incident", "element": "u_x y", "internal_type": "string"},
        {"name": "incident", "element": "u_ok", "internal_type": "nonsense"},
        {"name": "incident", "element": "rowid", "internal_type": "string"},
        {"name": "incident", "element": "u_ref", "internal_type": "reference", "reference": "no"},
        {"name": "nowhere", "element": "u_ok", "internal_type": "string"},
        {"name": "incident", "element": "sys_id", "internal_type": "string"},
        {"name": "incident", "element": "severity", "internal_type": "string"},
    ):
        instance.insert("sys_dictionary", row)
    fields = instance.dictionary.fields_of("incident")
    assert not {"u_x y", "u_ok", "rowid", "u_ref"} & set(fields)
    assert fields["severity"].type == "integer"
