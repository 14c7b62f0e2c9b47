"""State files that an older simulator wrote."""

import sqlite3
from pathlib import Path

import pytest

from simulator.app import create_app
from simulator.instance import Instance
from simulator.seed.planting import demo_data
from tests.simulator.conftest import NOW

HAD = ("incident", "sys_user", "sys_user_group", "sys_user_grmember", "sys_journal_field")
ELSEWHERE = ("change_request", "sc_cat_item", "kb_knowledge", "cmdb_ci", "sysapproval_approver")


@pytest.fixture
def older(tmp_path: Path) -> str:
    """A file that has little more than people and incidents, and another fingerprint."""
    path = str(tmp_path / "state.sqlite3")
    Path(path).write_bytes(demo_data(NOW))
    instance = create_app(clock=lambda: NOW, state_path=path).state.instance
    instance.insert("incident", {"number": "INC0099999", "short_description": "Mine"})
    tables = instance.dictionary.tables
    stored = {name for name in instance.dictionary.roots() if not tables[name].view}
    instance.close()
    with sqlite3.connect(path) as connection:
        connection.execute("DELETE FROM task WHERE sys_class_name <> 'incident'")
        for table in stored - {*HAD, "task"}:
            connection.execute(f'DELETE FROM "{table}"')
        connection.execute("PRAGMA user_version = 1")
    connection.close()
    return path


def opened(path: str) -> Instance:
    instance: Instance = create_app(clock=lambda: NOW, state_path=path).state.instance
    return instance


def test_what_it_lacks_is_added_and_what_it_has_stays(older: str) -> None:
    instance = opened(older)
    assert [
        row["short_description"] for row in instance.query("incident", "number=INC0099999")
    ] == ["Mine"]
    assert instance.count("incident") == 241
    fresh = create_app(clock=lambda: NOW).state.instance
    assert {name: instance.count(name) for name in ELSEWHERE} == {
        name: fresh.count(name) for name in ELSEWHERE
    }
    beth = instance.find_user("beth.anglin") or {}
    person = instance.person(beth["sys_id"])
    assert person is not None
    assert "itil" in person.roles


def test_no_number_is_given_twice(older: str) -> None:
    instance = opened(older)
    made = instance.insert("change_request", {"short_description": "New"}, run_rules=True)
    number = (instance.row("change_request", made) or {})["number"]
    assert instance.count("change_request", f"number={number}") == 1


def test_the_next_start_adds_nothing(older: str) -> None:
    instance = opened(older)
    for row in instance.query("kb_knowledge"):
        instance.delete("kb_knowledge", row["sys_id"])
    instance.close()
    assert opened(older).count("kb_knowledge") == 0


def test_a_file_without_demo_data_gets_none(tmp_path: Path) -> None:
    path = str(tmp_path / "state.sqlite3")
    for _ in range(2):
        instance = create_app(clock=lambda: NOW, state_path=path, seed=False).state.instance
        assert instance.count("sys_user") == 0
        instance.store.write("PRAGMA user_version = 1")
        instance.close()
