"""Incidents by the thousand: as many as asked for, plausible, the same every time."""

import sqlite3
from collections import Counter
from datetime import datetime, timedelta

import pytest

from simulator.areas.incidents.many import plant_many
from simulator.data.sys_ids import stable_sys_id
from simulator.instance import Instance
from simulator.seed.planting import seeded
from tests.simulator.conftest import NOW

RECORDS = 1500
PERSON = "sys_user"


@pytest.fixture(scope="module")
def instance() -> Instance:
    """An instance of so many incidents."""
    return _planted(RECORDS)


def _planted(records: int, *, seed: int = 1) -> Instance:
    made = Instance(clock=lambda: NOW, snapshot=seeded(NOW))
    plant_many(made, records=records, seed=seed)
    return made


def test_there_are_exactly_as_many_as_asked_for(instance: Instance) -> None:
    assert instance.count("incident") == RECORDS


def test_numbers_go_on_where_those_of_the_demo_end(instance: Instance) -> None:
    numbers = sorted(row["number"] for row in instance.query("incident"))
    assert numbers == [f"INC{10001 + each:07d}" for each in range(RECORDS)]
    created = instance.insert("incident", {"short_description": "next"}, run_rules=True)
    row = instance.row("incident", created)
    assert row is not None
    assert row["number"] == f"INC{10001 + RECORDS:07d}"
    instance.delete("incident", created)


def test_the_same_seed_gives_the_same_rows_and_another_gives_others() -> None:
    first, second, other = _planted(400), _planted(400), _planted(400, seed=2)
    for table in ("incident", "sys_journal_field", "sys_user", "cmdb_ci", "sys_user_group"):
        rows = first.query(table, "ORDERBYsys_id")
        assert rows == second.query(table, "ORDERBYsys_id")
    assert first.snapshot() == second.snapshot()
    assert first.query("incident") != other.query("incident")


def test_an_instance_that_has_as_many_is_left_alone(instance: Instance) -> None:
    people = instance.count(PERSON)
    plant_many(instance, records=RECORDS, seed=7)
    assert (instance.count("incident"), instance.count(PERSON)) == (RECORDS, people)


@pytest.mark.parametrize(
    ("field", "table"),
    [
        ("caller_id", PERSON),
        ("opened_by", PERSON),
        ("assigned_to", PERSON),
        ("resolved_by", PERSON),
        ("closed_by", PERSON),
        ("assignment_group", "sys_user_group"),
        ("cmdb_ci", "cmdb_ci"),
        ("location", "cmn_location"),
        ("company", "core_company"),
    ],
)
def test_every_reference_leads_to_a_record(instance: Instance, field: str, table: str) -> None:
    there = {row["sys_id"] for row in instance.query(table)}
    named = {row[field] for row in instance.query("incident")} - {""}
    assert named
    assert named <= there


def test_whoever_works_on_an_incident_is_a_member_of_its_group(instance: Instance) -> None:
    members = {(row["user"], row["group"]) for row in instance.query("sys_user_grmember")}
    for row in instance.query("incident", "number>INC0010240^assigned_toISNOTEMPTY"):
        assert (row["assigned_to"], row["assignment_group"]) in members


def test_more_records_bring_groups_whose_members_may_work_with_incidents() -> None:
    instance = _planted(6000)
    (network,) = instance.query("sys_user_group", "nameSTARTSWITHDatabase ")
    members = instance.query("sys_user_grmember", f"group={network['sys_id']}")
    people = [instance.person(row["user"]) for row in members]
    assert len(people) == 8
    assert all(person is not None and "itil" in person.roles for person in people)


def test_states_have_what_they_need(instance: Instance) -> None:
    rows = instance.query("incident", "number>INC0010240")
    assert {row["state"] for row in rows} == {"1", "2", "3", "6", "7", "8"}
    for row in rows:
        state = row["state"]
        assert row["incident_state"] == state
        assert (row["active"] == "false") == (state in "78")
        assert bool(row["hold_reason"]) == (state == "3")
        assert bool(row["resolved_at"]) == bool(row["resolved_by"]) == (state in "67")
        assert bool(row["closed_at"]) == bool(row["closed_by"]) == (state in "78")
        assert bool(row["close_code"] and row["close_notes"]) == (state in "678")
        assert row["assigned_to"] or state in "18"


def test_histories_go_forward_and_end_before_now(instance: Instance) -> None:
    last = ""
    for row in instance.query("incident", "number>INC0010240^ORDERBYnumber"):
        ends = [row[name] for name in ("resolved_at", "closed_at") if row[name]]
        times = [row["opened_at"], *ends, row["sys_updated_on"]]
        assert times == sorted(times)
        assert times[-1] <= instance.now()
        assert last <= row["opened_at"]
        last = row["opened_at"]


def test_how_long_resolving_took_is_on_record(instance: Instance) -> None:
    for row in instance.query("incident", "number>INC0010240^resolved_atISNOTEMPTY"):
        opened, resolved = (datetime.fromisoformat(row[f]) for f in ("opened_at", "resolved_at"))
        assert row["calendar_stc"] == str(int((resolved - opened).total_seconds()))
        took = datetime.fromisoformat(row["calendar_duration"]) - datetime(1970, 1, 1)  # noqa: DTZ001  # durations have no zone
        assert took == resolved - opened


def test_old_ones_are_closed_and_young_ones_mostly_open(instance: Instance) -> None:
    month_ago = (NOW - timedelta(days=60)).strftime("%Y-%m-%d %H:%M:%S")
    day_ago = (NOW - timedelta(days=1)).strftime("%Y-%m-%d %H:%M:%S")
    generated = "number>INC0010240"
    old = Counter(
        row["active"] for row in instance.query("incident", f"{generated}^opened_at<{month_ago}")
    )
    young = Counter(
        row["active"] for row in instance.query("incident", f"{generated}^opened_at>{day_ago}")
    )
    assert old["false"] > 9 * old["true"]
    assert young["true"] > young["false"]


def test_journals_were_written_by_people_while_the_incident_was_open(instance: Instance) -> None:
    incidents = {row["sys_id"]: row for row in instance.query("incident")}
    people = {row["user_name"] for row in instance.query(PERSON)}
    entries = instance.query("sys_journal_field", "name=incident")
    assert len(entries) > RECORDS
    for entry in entries:
        incident = incidents[entry["element_id"]]
        assert incident["opened_at"] <= entry["sys_created_on"] <= instance.now()
        assert entry["sys_created_by"] in people


def test_urgent_ones_have_service_levels_that_fit_their_histories(instance: Instance) -> None:
    urgent = {
        row["sys_id"]: row for row in instance.query("incident", "number>INC0010240^priorityIN1,2")
    }
    definitions = {row["sys_id"]: row for row in instance.query("contract_sla")}
    seen: Counter[tuple[str, str]] = Counter()
    for row in instance.query("task_sla"):
        incident = urgent.get(row["task"])
        if incident is None:
            continue
        target = definitions[row["sla"]]["target"]
        seen[row["task"], target] += 1
        assert row["start_time"] == incident["opened_at"] <= row["sys_updated_on"]
        assert (row["has_breached"] == "true") == (float(row["percentage"]) >= 100)
        assert (row["active"] == "true") == (row["end_time"] == "")
        if target == "resolution" and incident["resolved_at"]:
            assert (row["stage"], row["end_time"]) == ("completed", incident["resolved_at"])
            assert (row["has_breached"] == "true") == (incident["made_sla"] == "false")
    assert seen == Counter(
        {(sys_id, t): 1 for sys_id in urgent for t in ("response", "resolution")}
    )


def test_no_place_is_left_open_in_a_text(instance: Instance) -> None:
    for row in instance.query("incident"):
        assert not {"{", "}"} & set(row["short_description"] + row["description"])
        assert len(row["short_description"]) <= 160


def test_a_planting_that_fails_leaves_everything_as_it_was() -> None:
    instance = Instance(clock=lambda: NOW, snapshot=seeded(NOW))
    indexes = _indexes(instance)
    people = instance.count(PERSON)
    instance.insert("incident", {"sys_id": stable_sys_id("incident", "INC0010300")})
    with pytest.raises(sqlite3.IntegrityError):
        plant_many(instance, records=400, seed=1)
    assert (instance.count("incident"), instance.count(PERSON)) == (241, people)
    assert _indexes(instance) == indexes


def test_the_indexes_are_there_afterwards(instance: Instance) -> None:
    assert _indexes(instance) == _indexes(Instance(clock=lambda: NOW, snapshot=seeded(NOW)))


def _indexes(instance: Instance) -> list[tuple[str, ...]]:
    return instance.store.rows("SELECT name, sql FROM sqlite_master WHERE type='index' ORDER BY 1")
