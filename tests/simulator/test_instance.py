"""The instance itself: its tables as rows, its file, its snapshots, writing past the rules."""

import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest

from simulator.areas.every import TABLES
from simulator.data.dictionary import Dictionary
from simulator.data.store import Store
from simulator.instance import Instance
from simulator.schema import SYSTEM_FIELDS, Table, number, text
from tests.simulator.small_instance import ABEL, FIRST, NOW, Api, small_instance


def test_a_new_instance_is_empty_of_people() -> None:
    instance = Instance(clock=lambda: NOW)
    assert instance.is_empty
    assert not small_instance().is_empty
    assert instance.find_user("nobody") is None


def test_people_are_found_by_user_name_in_any_case() -> None:
    row = small_instance().find_user("ABEL.TUTER")
    assert row is not None
    assert row["sys_id"] == ABEL


def test_a_file_keeps_everything_and_numbers_go_on(tmp_path: Path) -> None:
    path = str(tmp_path / "state.sqlite3")
    first = Instance(path, clock=lambda: NOW)
    first.insert("incident", {"short_description": "Kept"}, run_rules=True)
    first.close()
    second = Instance(path, clock=lambda: NOW)
    second.insert("incident", {}, run_rules=True)
    rows = second.query("incident", "ORDERBYnumber")
    assert [row["number"] for row in rows] == ["INC0010001", "INC0010002"]
    assert rows[0]["short_description"] == "Kept"
    second.close()


def test_a_file_of_an_older_schema_gets_the_new_columns(tmp_path: Path) -> None:
    path = str(tmp_path / "state.sqlite3")
    old = Table(name="u_thing", label="Thing", fields=(*SYSTEM_FIELDS, text("name", "Name")))
    new = Table(
        name="u_thing",
        label="Thing",
        fields=(*old.fields, number("size", "Size", indexed=True), text("colour", "Colour")),
    )
    store = Store(path)
    store.create_tables(Dictionary([old]), fingerprint=1)
    store.write('INSERT INTO "u_thing" ("sys_id", "name") VALUES (?, ?)', ("1", "kept"))
    store.close()
    store = Store(path)
    assert store.fingerprint == 1
    store.create_tables(Dictionary([new]), fingerprint=2)
    assert store.fingerprint == 2
    assert store.scalar('SELECT "name" || "colour" FROM "u_thing" WHERE "size" IS NULL') == "kept"
    store.close()


def test_a_file_of_an_older_schema_gets_the_rows_that_describe_the_new_one(tmp_path: Path) -> None:
    path = str(tmp_path / "state.sqlite3")
    old = Instance(path, clock=lambda: NOW)
    old.insert("incident", {}, run_rules=True)
    (described,) = old.query("sys_dictionary", "name=incident^element=caller_id")
    old.delete("sys_dictionary", described["sys_id"])
    old.store.create_tables(old.dictionary, fingerprint=1)
    old.close()
    new = Instance(path, clock=lambda: NOW)
    assert new.query("sys_dictionary", "name=incident^element=caller_id") == [described]
    row = new.row("incident", new.insert("incident", {}, run_rules=True))
    assert row is not None
    assert row["number"] == "INC0010002"
    new.close()


def test_a_property_in_a_file_counts_from_the_start(tmp_path: Path) -> None:
    path = str(tmp_path / "state.sqlite3")
    first = Instance(path, clock=lambda: NOW)
    name = "glide.invalid_query.returns_no_rows"
    first.insert("sys_properties", {"name": name, "value": "true"})
    first.close()
    second = Instance(path, clock=lambda: NOW)
    assert second.switches.invalid_query_returns_no_rows
    second.close()


def test_a_snapshot_starts_another_instance() -> None:
    original = small_instance()
    copy = Instance(clock=lambda: NOW, snapshot=original.snapshot())
    copy.delete("incident", FIRST)
    assert original.row("incident", FIRST) is not None
    assert copy.row("incident", FIRST) is None


def test_a_failed_transaction_leaves_nothing_behind() -> None:
    instance = small_instance()
    with pytest.raises(LookupError), instance.store.transaction():  # noqa: PT012  # one failure
        instance.insert("incident", {"number": "INC1"})
        assert instance.count("incident") == 6
        instance.update("incident", "f" * 32, {})
    assert instance.count("incident") == 5


def test_another_thread_may_ask() -> None:
    instance = small_instance()
    counted: list[int] = []
    asking = threading.Thread(target=lambda: counted.append(instance.count("incident")))
    asking.start()
    asking.join()
    assert counted == [5]


def test_rows_may_be_written_past_the_rules() -> None:
    instance = small_instance()
    sys_id = instance.insert(
        "incident",
        {
            "state": "7",
            "priority": "1",
            "sys_created_on": "2020-01-01 00:00:00",
            "sys_created_by": "somebody",
        },
    )
    row = instance.row("incident", sys_id)
    assert row is not None
    assert (row["state"], row["priority"], row["number"]) == ("7", "1", "")
    assert (row["sys_created_on"], row["sys_created_by"]) == ("2020-01-01 00:00:00", "somebody")
    instance.update("incident", sys_id, {"sys_updated_by": "abel", "state": "6"})
    row = instance.row("incident", sys_id)
    assert row is not None
    assert (row["sys_updated_by"], row["sys_mod_count"]) == ("abel", "1")


def test_many_rows_are_inserted_at_once() -> None:
    instance = small_instance()
    rows = ({"name": f"glide.{number}"} for number in range(1200))
    assert len(set(instance.insert_many("sys_properties", rows))) == 1200
    assert instance.count("sys_properties", "nameSTARTSWITHglide.11") == 111


def test_another_snapshot_may_take_the_place_of_everything() -> None:
    instance = small_instance()
    before = instance.snapshot()
    instance.delete("incident", FIRST)
    assert instance.count("incident") == 4
    instance.restore(before)
    assert instance.count("incident") == 5


def test_a_row_that_is_not_there_cannot_be_updated() -> None:
    instance = small_instance()
    with pytest.raises(LookupError):
        instance.update("incident", "f" * 32, {"state": "2"})
    instance.delete("incident", "f" * 32)


def test_an_unknown_table_is_a_key_error() -> None:
    instance = small_instance()
    with pytest.raises(KeyError):
        instance.insert("u_nope", {})
    with pytest.raises(KeyError):
        instance.query("u_nope")


def test_properties_have_a_default() -> None:
    instance = small_instance()
    instance.insert("sys_properties", {"name": "glide.x", "value": "1"})
    assert instance.property("glide.x") == "1"
    assert instance.property("glide.y", default="2") == "2"


def test_now_is_written_in_utc() -> None:
    instance = Instance(clock=lambda: datetime.fromisoformat("2026-07-01T12:00:00+02:00"))
    assert instance.now() == "2026-07-01 10:00:00"
    assert Instance().clock().tzinfo is UTC


async def test_the_dictionary_lists_own_fields_only() -> None:
    api = Api()
    rows = await api.result(
        "/table/sys_dictionary",
        sysparm_query="name=incident^elementISNOTEMPTY",
        sysparm_fields="element,internal_type,reference,choice,column_label",
        sysparm_exclude_reference_link="true",
    )
    fields = {row["element"]: row for row in rows}
    assert "short_description" not in fields
    assert fields["caller_id"] == {
        "element": "caller_id",
        "internal_type": "reference",
        "reference": "sys_user",
        "choice": "0",
        "column_label": "Caller",
    }
    assert fields["close_code"]["choice"] == "3"


async def test_tables_lead_to_the_tables_they_extend() -> None:
    api = Api()
    (row,) = await api.result(
        "/table/sys_db_object",
        sysparm_query="name=incident",
        sysparm_fields="super_class,super_class.name,label,is_extendable,number_ref.prefix",
        sysparm_display_value="true",
        sysparm_exclude_reference_link="true",
    )
    assert row == {
        "super_class": "Task",
        "super_class.name": "task",
        "label": "Incident",
        "is_extendable": "false",
        "number_ref.prefix": "INC",
    }


async def test_every_table_has_its_collection_row() -> None:
    api = Api()
    rows = await api.result(
        "/table/sys_dictionary",
        sysparm_query="internal_type=collection^elementISEMPTY",
        sysparm_fields="name",
    )
    assert {row["name"] for row in rows} == {table.name for table in TABLES}


def test_every_reference_leads_to_a_table_and_every_table_has_system_fields() -> None:
    dictionary = Dictionary(TABLES)
    for table in TABLES:
        fields = dictionary.fields_of(table.name)
        assert {"sys_id", "sys_created_on", "sys_mod_count"} <= fields.keys()
        for field in fields.values():
            assert not field.reference or dictionary.knows(field.reference), field


def test_choices_belong_to_fields_that_have_some() -> None:
    instance = small_instance()
    for row in instance.query("sys_choice"):
        field = instance.dictionary.fields_of(row["name"])[row["element"]]
        assert field.choices, row


def test_display_fields_lead_to_a_text() -> None:
    dictionary = Dictionary(TABLES)
    for table in TABLES:
        field, passed = dictionary.display_field(table.name), [table.name]
        while field.is_reference:
            assert field.reference not in passed
            passed.append(field.reference)
            field = dictionary.display_field(field.reference)


def test_a_class_without_numbers_of_its_own_counts_with_its_parent() -> None:
    instance = small_instance()
    for table, expected in (("incident", "TASK0010001"), ("task", "")):
        (counter,) = instance.query("sys_number", f"category={table}")
        instance.delete("sys_number", counter["sys_id"])
        row = instance.row("incident", instance.insert("incident", {}, run_rules=True))
        assert row is not None
        assert row["number"] == expected


def test_a_table_nobody_declared_is_called_by_its_name() -> None:
    dictionary = Dictionary(TABLES)
    assert dictionary.label_of_table("u_nope") == "u_nope"


def test_a_table_without_a_display_field_is_called_by_sys_id() -> None:
    dictionary = Dictionary([Table(name="u_thing", label="Thing", fields=SYSTEM_FIELDS)])
    assert dictionary.display_field("u_thing").name == "sys_id"
