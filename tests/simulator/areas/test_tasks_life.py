"""What all tasks do: they open, are assigned, worked on, end and open again."""

import pytest

from simulator.instance import Instance
from simulator.seed.planting import seeded
from simulator.switches import Switches
from tests.simulator.facts import fact
from tests.simulator.small_instance import (
    ABEL,
    BETH,
    CHARLIE,
    DANA,
    FIRST,
    MAIL,
    NETWORK,
    NOW,
    OFFICE,
    Api,
    small_instance,
)

PLAIN = {"sysparm_exclude_reference_link": "true"}


@pytest.fixture
def api() -> Api:
    """The Table API of a fresh small instance."""
    return Api()


async def made(api: Api, table: str = "incident_task", **values: str) -> dict[str, str]:
    """A new task."""
    response = await api.post(f"/table/{table}", values, **PLAIN)
    assert response.status_code == 201, response.text
    record: dict[str, str] = response.json()["result"]
    return record


async def changed(api: Api, sys_id: str, **values: str) -> dict[str, str]:
    """A task after a change that must succeed."""
    response = await api.patch(f"/table/task/{sys_id}", values, **PLAIN)
    assert response.status_code == 200, response.text
    record: dict[str, str] = response.json()["result"]
    return record


@fact("A task in a closed state is not active, and says when and by whom it was closed", tag="R")
@pytest.mark.parametrize("state", ["3", "4", "7"])
async def test_closing_a_task_ends_it(api: Api, state: str) -> None:
    task = await made(api, incident=FIRST)
    assert task["number"].startswith("TASK")
    record = await changed(api, task["sys_id"], state=state)
    assert (record["active"], record["closed_by"]) == ("false", ABEL)
    assert record["closed_at"] == "2026-11-20 09:00:00"


@fact(
    "A task that goes back to an open state is active again, as if it had not been closed", tag="R"
)
async def test_opening_a_task_again_forgets_its_end(api: Api) -> None:
    task = await made(api, state="3")
    assert (task["active"], task["closed_by"]) == ("false", ABEL)
    record = await changed(api, task["sys_id"], state="2")
    assert (record["active"], record["closed_at"], record["closed_by"]) == ("true", "", "")


async def test_other_states_of_a_task_are_open(api: Api) -> None:
    task = await made(api)
    for state in ("-5", "1", "2"):
        assert (await changed(api, task["sys_id"], state=state))["active"] == "true"


async def test_when_a_task_was_closed_may_be_given(api: Api) -> None:
    task = await made(api, state="3", closed_at="2026-01-01 00:00:00", closed_by=BETH)
    assert (task["closed_at"], task["closed_by"]) == ("2026-01-01 00:00:00", BETH)
    record = await changed(api, (await made(api))["sys_id"], active="false")
    assert record["closed_by"] == ABEL


@fact("Tasks of every class get their class's number and repeat it as their effective one", tag="R")
@pytest.mark.parametrize(
    ("table", "prefix"), [("incident_task", "TASK"), ("ticket", "TKT"), ("incident", "INC")]
)
async def test_tasks_have_numbers(api: Api, table: str, prefix: str) -> None:
    task = await made(api, table)
    assert task["number"] == task["task_effective_number"] == f"{prefix}0010001"


@pytest.mark.parametrize(
    ("table", "prefix"),
    [
        ("incident", "INC"),
        ("problem", "PRB"),
        ("problem_task", "PTASK"),
        ("change_request", "CHG"),
        ("change_task", "CTASK"),
        ("task", "TASK"),
        ("sc_request", "REQ"),
        ("sc_req_item", "RITM"),
        ("sc_task", "SCTASK"),
        ("kb_knowledge", "KB"),
        ("rm_story", "STRY"),
    ],
)
@fact("Numbers are a prefix of the table and seven digits, from 0010001 on", tag="D Table API")
def test_each_table_has_its_prefix(table: str, prefix: str) -> None:
    instance = small_instance()
    made = [instance.insert(table, {}, run_rules=True) for _ in range(2)]
    numbers = [(instance.row(table, sys_id) or {})["number"] for sys_id in made]
    assert numbers == [f"{prefix}0010001", f"{prefix}0010002"]


@fact("Time added to time_worked of a task becomes a row of task_time_worked", tag="R")
async def test_time_worked_is_on_record(api: Api) -> None:
    task = await made(api)
    await changed(api, task["sys_id"], time_worked="1970-01-01 00:30:00")
    await changed(api, task["sys_id"], time_worked="1970-01-01 00:45:00")
    await changed(api, task["sys_id"], time_worked="1970-01-01 00:10:00")
    rows = api.instance.query("task_time_worked", f"task={task['sys_id']}")
    assert {(row["time_in_seconds"], row["user"]) for row in rows} == {
        ("1800", ABEL),
        ("900", ABEL),
    }
    assert {row["work_date"] for row in rows} == {"2026-11-20"}


async def test_people_without_a_role_see_only_tasks_that_are_theirs(api: Api) -> None:
    task = await made(api)
    path = f"/table/incident_task/{task['sys_id']}"
    assert (await api.get(path, by=CHARLIE)).status_code == 404
    await changed(api, task["sys_id"], assigned_to=CHARLIE, work_notes="Secret")
    shown = (await api.get(path, by=CHARLIE, sysparm_display_value="true")).json()["result"]
    assert shown["number"] == task["number"]
    assert "work_notes" not in shown
    assert "Secret" not in shown["comments_and_work_notes"]
    assert (await api.patch(path, {"state": "3"}, by=CHARLIE)).status_code == 403


class Assigning:
    """A small instance whose assignment rules are on."""

    def __init__(self, *, on: bool = True) -> None:
        self.api = Api(small_instance(switches=Switches(assignment_rules=on)))

    def rule(self, condition: str, *, order: str = "100", **values: str) -> None:
        given = {"table": "incident", "condition": condition, "group": NETWORK, "order": order}
        self.api.instance.insert("sysrule_assignment", {**given, **values})


@fact(
    "The first assignment rule that fits gives a new task its group, unless it has one",
    tag="D c_AssignmentRules",
)
async def test_the_first_assignment_rule_that_fits_assigns() -> None:
    scene = Assigning()
    scene.rule("category=network", order="200", user=BETH)
    scene.rule("category=network^urgency=1", group=OFFICE)
    scene.rule("category=hardware", order="1", active="false")
    first = await made(scene.api, "incident", category="network", urgency="1")
    assert (first["assignment_group"], first["assigned_to"]) == (OFFICE, "")
    second = await made(scene.api, "incident", category="network")
    assert (second["assignment_group"], second["assigned_to"]) == (NETWORK, BETH)
    assert second["reassignment_count"] == "0"
    assert (await made(scene.api, "incident", category="hardware"))["assignment_group"] == ""
    given = await made(scene.api, "incident", category="network", assignment_group=OFFICE)
    assert given["assignment_group"] == OFFICE


@pytest.mark.parametrize(
    ("condition", "values", "fits"),
    [
        ("caller_id.vip=true", {"caller_id": BETH}, True),
        ("caller_id.vip=true", {"caller_id": CHARLIE}, False),
        ("caller_id.vip=true", {}, False),
        ("cmdb_ci.nameSTARTSWITHmail", {"cmdb_ci": MAIL}, True),
        ("problem_id.state=1", {}, False),
        ("123TEXTQUERY321=mail", {}, False),
    ],
)
async def test_conditions_of_assignment_rules_may_follow_a_reference(
    condition: str, values: dict[str, str], *, fits: bool
) -> None:
    scene = Assigning()
    scene.rule(condition)
    record = await made(scene.api, "incident", **values)
    assert (record["assignment_group"] == NETWORK) is fits


async def test_an_instance_may_do_without_assignment_rules() -> None:
    scene = Assigning(on=False)
    scene.rule("category=network")
    assert (await made(scene.api, "incident", category="network"))["assignment_group"] == ""


async def test_assignment_rules_are_for_administrators_to_write(api: Api) -> None:
    values = {"name": "Mine", "table": "incident"}
    assert (await api.post("/table/sysrule_assignment", values)).status_code == 403
    assert (await api.post("/table/sysrule_assignment", values, by=DANA)).status_code == 201


@fact("Close codes of older releases are inactive choices of upgraded instances", tag="R")
def test_former_close_codes_are_inactive_choices() -> None:
    instance = Instance(clock=lambda: NOW, snapshot=seeded(NOW))
    codes = "name=incident^element=close_code"
    inactive = {row["value"] for row in instance.query("sys_choice", f"{codes}^inactive=true")}
    assert {"Solved (Permanently)", "Closed/Resolved by Caller"} <= inactive
    active = instance.query("sys_choice", f"{codes}^inactive=false")
    assert len(active) == 10
    assert not inactive & {row["value"] for row in active}


def test_the_demo_has_tasks_of_incidents_and_what_the_base_system_brings() -> None:
    instance = Instance(clock=lambda: NOW, snapshot=seeded(NOW))
    tasks = instance.query("incident_task")
    assert len(tasks) == 5
    for task in tasks:
        assert instance.row("incident", task["incident"]) is not None
        assert (task["active"] == "false") == (task["state"] == "3")
    for related in instance.query("interaction_related_record"):
        assert instance.row("interaction", related["interaction"]) is not None
        assert instance.row("incident", related["task"]) is not None
    assert instance.count("dl_u_priority") == 9
    assert instance.count("sysrule_assignment") == 4
    made = instance.insert("incident_task", {}, run_rules=True)
    assert (instance.row("incident_task", made) or {})["number"] == "TASK0010006"
