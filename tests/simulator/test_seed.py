"""The demo data: who is there, what they may do, and that they are the same every time."""

import sqlite3
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest

from simulator.app import create_app
from simulator.data.sys_ids import stable_sys_id
from simulator.instance import Instance
from simulator.seed import ids as seed_ids
from simulator.seed.planting import plant, seeded
from simulator.world import World
from tests.simulator.conftest import NOW
from tests.simulator.flow import bearer, current_user, refreshed, tokens_of, without_cookies

WELL_KNOWN = {
    "admin": "6816f79cc0a8016401c5a33be04be441",
    "abel.tuter": "62826bf03710200044e0bfc8bcbe5df1",
    "beth.anglin": "46d44a23a9fe19810012d100cca80666",
    "fred.luddy": "5137153cc611227c000bbd1bd8cd2005",
    "david.loo": "5137153cc611227c000bbd1bd8cd2007",
    "don.goodliffe": "9ee1b13dc6112271007f9d0efdb69cd0",
    "itil": "681b365ec0a80164000fb0b05854a0cd",
    "joe.employee": "681ccaf9c0a8016400b98a06818d57c7",
}


@pytest.fixture
def instance(world: World) -> Instance:
    """The data of a fresh instance."""
    return world.instance


def test_there_are_enough_people_groups_and_incidents(instance: Instance) -> None:
    assert instance.count("sys_user") >= 40
    assert instance.count("sys_user_group") >= 12
    assert instance.count("incident") >= 200
    assert instance.count("cmdb_ci") >= 20


@pytest.mark.parametrize(("user_name", "sys_id"), WELL_KNOWN.items())
def test_well_known_people_have_their_well_known_sys_ids(
    instance: Instance, user_name: str, sys_id: str
) -> None:
    person = instance.find_user(user_name)
    assert person is not None
    assert person["sys_id"] == sys_id
    assert person["email"] == f"{user_name}@example.com"


def test_planted_tasks_have_effective_numbers_as_inserted_ones_do(instance: Instance) -> None:
    for row in instance.query("task", "numberISNOTEMPTY"):
        assert row["task_effective_number"] == row["number"]


def test_no_password_is_kept_in_clear(instance: Instance) -> None:
    kept = {row["user_password"] for row in instance.query("sys_user")}
    assert len(kept) == 1
    assert kept.pop().startswith("sha256:")


@pytest.mark.parametrize(
    ("user_name", "has", "has_not"),
    [
        ("abel.tuter", {"itil"}, {"admin", "itil_admin"}),
        ("beth.anglin", {"itil"}, {"admin", "itil_admin"}),
        ("fred.luddy", {"itil", "itil_admin", "problem_admin"}, {"admin"}),
        ("admin", {"admin"}, set()),
        ("charlie.whitherspoon", set(), {"itil", "admin"}),
        ("joe.employee", set(), {"itil", "admin"}),
    ],
)
def test_people_have_the_roles_the_tests_rely_on(
    instance: Instance, user_name: str, has: set[str], has_not: set[str]
) -> None:
    person = instance.person(seed_ids.person_id(user_name))
    assert person is not None
    assert has <= person.roles
    assert not has_not & person.roles


def test_abel_and_beth_work_in_different_groups(instance: Instance) -> None:
    abel, beth = (_groups(instance, name) for name in ("abel.tuter", "beth.anglin"))
    assert abel - beth == {"Email Administration", "Software"}
    assert beth - abel == {"Network", "Hardware", "CAB Approval"}


def test_every_group_has_members_and_a_manager(instance: Instance) -> None:
    for group in instance.query("sys_user_group"):
        assert instance.count("sys_user_grmember", f"group={group['sys_id']}") > 0
        assert instance.row("sys_user", group["manager"]) is not None


def test_exactly_two_people_share_a_name(instance: Instance) -> None:
    names = Counter(row["name"] for row in instance.query("sys_user"))
    assert [name for name, often in names.items() if often > 1] == ["Jamie Morgan"]
    assert names["Jamie Morgan"] == 2


def test_every_reference_points_at_a_record(instance: Instance) -> None:
    for row in instance.query("incident"):
        assert instance.row("sys_user", row["caller_id"]) is not None
        for field, table in (
            ("opened_by", "sys_user"),
            ("assigned_to", "sys_user"),
            ("assignment_group", "sys_user_group"),
            ("cmdb_ci", "cmdb_ci"),
        ):
            assert not row[field] or instance.row(table, row[field]) is not None


def test_there_are_incidents_in_every_state_with_what_that_state_needs(
    instance: Instance,
) -> None:
    rows = instance.query("incident")
    assert {row["state"] for row in rows} == {"1", "2", "3", "6", "7", "8"}
    for row in rows:
        assert row["incident_state"] == row["state"]
        assert bool(row["close_code"] and row["close_notes"]) == (row["state"] in "678")
        assert bool(row["hold_reason"]) == (row["state"] == "3")
        assert (row["active"] == "false") == (row["state"] in "78")
        assert bool(row["closed_at"]) == (row["state"] in "78")


def test_many_incidents_have_journals_written_between_opening_and_now(
    instance: Instance,
) -> None:
    entries = instance.query("sys_journal_field", "name=incident")
    opened = {row["sys_id"]: row["opened_at"] for row in instance.query("incident")}
    assert len({entry["element_id"] for entry in entries}) > 100
    assert {entry["element"] for entry in entries} == {"work_notes", "comments"}
    for entry in entries:
        assert opened[entry["element_id"]] <= entry["sys_created_on"] <= instance.now()
        assert instance.find_user(entry["sys_created_by"]) is not None


def test_the_first_incident_is_abels_email(instance: Instance) -> None:
    (row,) = instance.query("incident", "number=INC0010001")
    assert row["caller_id"] == row["opened_by"] == WELL_KNOWN["abel.tuter"]
    assert "Email is down" in row["short_description"]
    assert (row["impact"], row["urgency"], row["priority"]) == ("1", "2", "2")


def test_numbers_go_from_INC0010001_without_a_gap(instance: Instance) -> None:  # noqa: N802  # a number
    numbers = sorted(row["number"] for row in instance.query("incident"))
    assert numbers == [f"INC{10001 + each:07d}" for each in range(len(numbers))]


def test_charlie_has_incidents_of_his_own(instance: Instance) -> None:
    charlie = seed_ids.person_id("charlie.whitherspoon")
    assert instance.count("incident", f"caller_id={charlie}") >= 3


def test_the_same_clock_gives_the_same_data() -> None:
    first, second = Instance(clock=lambda: NOW), Instance(clock=lambda: NOW)
    plant(first)
    plant(second)
    for table in ("sys_user", "incident", "sys_journal_field", "sys_user_grmember"):
        assert first.query(table, "ORDERBYsys_id") == second.query(table, "ORDERBYsys_id")


def test_at_another_time_the_data_are_as_young() -> None:
    later = NOW + timedelta(days=1000)
    instance = Instance(clock=lambda: later, snapshot=seeded(later))
    (newest,) = instance.query("incident", "ORDERBYDESCopened_at", limit=1)
    assert newest["opened_at"] > (later - timedelta(days=1)).strftime("%Y-%m-%d")


def test_an_instance_can_stay_empty() -> None:
    assert create_app(clock=lambda: NOW, seed=False).state.instance.is_empty


async def test_tokens_and_records_survive_a_restart(tmp_path: Path) -> None:
    state = str(tmp_path / "instance.sqlite3")
    app = create_app(state_path=state, clock=lambda: NOW)
    async with without_cookies(app) as http:
        tokens = await tokens_of(http)
        created = await http.post(
            "/api/now/table/incident", json={"short_description": "kept"}, headers=bearer(tokens)
        )
    app.state.instance.close()
    again = create_app(state_path=state, clock=lambda: NOW)
    async with without_cookies(again) as http:
        assert (await current_user(http, headers=bearer(tokens))).status_code == 200
        assert (await refreshed(http, tokens["refresh_token"])).status_code == 200
        number = created.json()["result"]["number"]
        assert again.state.instance.count("incident", f"number={number}") == 1
        assert again.state.instance.count("sys_user", "user_name=abel.tuter") == 1
        assert (await http.post("/simulator/reset")).status_code == 204
        assert again.state.instance.count("incident", f"number={number}") == 0
    again.state.instance.close()


def _groups(instance: Instance, user_name: str) -> set[str]:
    rows = instance.query("sys_user_grmember", f"user={seed_ids.person_id(user_name)}")
    groups = (instance.row("sys_user_group", row["group"]) for row in rows)
    return {group["name"] for group in groups if group is not None}


def test_planting_is_all_or_nothing() -> None:
    instance = Instance(clock=lambda: NOW)
    in_the_way = instance.insert("incident", {"sys_id": stable_sys_id("incident", "INC0010100")})
    with pytest.raises(sqlite3.IntegrityError):
        plant(instance)
    assert instance.is_empty
    instance.delete("incident", in_the_way)
    plant(instance)
    assert not instance.is_empty
