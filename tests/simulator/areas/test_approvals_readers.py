"""Who has to approve a task may read it, and no more."""

import pytest

from simulator.access.acls import READ
from simulator.instance import Instance
from simulator.seed.ids import person_id
from simulator.seed.planting import seeded
from tests.simulator.facts import fact
from tests.simulator.small_instance import CHARLIE, DANA, NOW, Api

TASKS = ("incident", "change_request", "problem", "sc_request", "sc_req_item", "sc_task", "task")


@pytest.fixture
def api() -> Api:
    """The Table API of a fresh small instance."""
    return Api()


def asked(api: Api, table: str, *, approver: str = CHARLIE) -> str:
    """A record that somebody is asked to approve; its sys_id."""
    task = api.instance.insert(table, {"number": "X1", "opened_by": DANA, "state": "1"})
    approval = {"sysapproval": task, "approver": approver, "state": "requested"}
    api.instance.insert("sysapproval_approver", approval)
    return task


@fact("An approver may read what they are asked to approve, whatever task it is", tag="R")
@pytest.mark.parametrize("table", TASKS)
async def test_an_approver_reads_the_task_and_does_not_write_it(api: Api, table: str) -> None:
    path = f"/table/{table}/{asked(api, table)}"
    assert (await api.get(path, by=CHARLIE)).status_code == 200
    by_task = f"/table/task/{path.rpartition('/')[2]}"
    assert (await api.get(by_task, by=CHARLIE)).status_code == 200
    refused = await api.patch(path, {"short_description": "Mine"}, by=CHARLIE)
    assert refused.status_code == 403
    assert (await api.call("DELETE", path, by=CHARLIE)).status_code == 403


@pytest.mark.parametrize("table", TASKS)
async def test_who_is_not_asked_does_not_read_it(api: Api, table: str) -> None:
    task = asked(api, table, approver=DANA)
    assert (await api.get(f"/table/{table}/{task}", by=CHARLIE)).status_code == 404
    assert (await api.get(f"/table/task/{task}", by=CHARLIE)).status_code == 404


async def test_lists_show_what_is_to_be_approved(api: Api) -> None:
    change = asked(api, "change_request")
    rows = await api.result("/table/change_request", by=CHARLIE, sysparm_fields="sys_id,number")
    assert rows == [{"sys_id": change, "number": "X1"}]
    walked = await api.result(
        "/table/sysapproval_approver", by=CHARLIE, sysparm_fields="sysapproval.number"
    )
    assert walked == [{"sysapproval.number": "X1"}]


@fact("An active delegate for approvals reads what the approver is asked", tag="R")
async def test_a_delegate_reads_it_while_the_delegation_lasts(api: Api) -> None:
    path = f"/table/problem/{asked(api, 'problem', approver=DANA)}"
    delegation = {
        "user": DANA,
        "delegate": CHARLIE,
        "approvals": "true",
        "starts": "2026-11-01 00:00:00",
        "ends": "2026-12-01 00:00:00",
    }
    sys_id = api.instance.insert("sys_user_delegate", delegation)
    assert (await api.get(path, by=CHARLIE)).status_code == 200
    api.instance.update("sys_user_delegate", sys_id, {"ends": "2026-11-02 00:00:00"})
    assert (await api.get(path, by=CHARLIE)).status_code == 404


async def test_an_approval_that_is_taken_away_hides_the_task(api: Api) -> None:
    path = f"/table/change_request/{asked(api, 'change_request')}"
    (approval,) = api.instance.query("sysapproval_approver")
    api.instance.delete("sysapproval_approver", approval["sys_id"])
    assert (await api.get(path, by=CHARLIE)).status_code == 404


async def test_every_protected_class_of_tasks_lets_its_approvers_read(api: Api) -> None:
    instance = api.instance
    for table in sorted(set(instance.access.ruled_by("task", READ).values())):
        path = f"/table/{table}/{asked(api, table)}"
        assert (await api.get(path, by=CHARLIE)).status_code == 200, table


async def test_people_of_the_demo_read_the_changes_they_approve() -> None:
    demo = Instance(clock=lambda: NOW, snapshot=seeded(NOW))
    api = Api(demo)
    asked_of = demo.query("sysapproval_approver", "sysapproval.sys_class_name=change_request")
    people = {row["approver"]: row["sysapproval"] for row in asked_of}
    assert people
    for person, change in people.items():
        response = await api.get(f"/table/change_request/{change}", by=person)
        assert response.status_code == 200
    joe = person_id("joe.employee")
    assert (await api.get(f"/table/change_request/{change}", by=joe)).status_code == 404
