"""Tasks of the signed-in person: theirs, of every kind, most urgent first."""

from datetime import timedelta

import pytest

from simulator.control.faults import FaultKind
from simulator.moments import as_moment
from simulator.seed.ids import group_id
from tests.tools_app.desk import Desk
from tools_app.exceptions import InvalidArguments


async def test_my_open_tasks_are_of_every_kind_and_nobody_elses(abel: Desk) -> None:
    found = await abel.call("get_my_tasks", limit=100)
    mine = abel.instance.query("task", f"assigned_to={abel.caller.sys_id}^active=true")
    assert {one["number"] for one in found["records"]} == {row["number"] for row in mine}
    assert found["total"] == found["count"] == len(mine)
    assert {one["assigned_to"]["sys_id"] for one in found["records"]} == {abel.caller.sys_id}
    assert len({one["kind"] for one in found["records"]}) > 1
    priorities = [one["priority"] for one in found["records"]]
    assert priorities == sorted(priorities)
    assert len(abel.requests("GET", "/api/now/table/task")) == 1


async def test_tasks_of_one_kind_know_its_states(abel: Desk) -> None:
    found = await abel.call("get_my_tasks", kind="incident", state="In Progress")
    assert {(one["kind"], one["state"]) for one in found["records"]} == {
        ("Incident", "In Progress")
    }
    with pytest.raises(InvalidArguments, match="On Hold"):
        await abel.call("get_my_tasks", kind="incident", state="Asleep")


async def test_ended_tasks_are_found_by_their_state(abel: Desk) -> None:
    found = await abel.call("get_my_tasks", kind="incident", state="Closed", limit=1)
    assert [one["state"] for one in found["records"]] == ["Closed"]


async def test_overdue_tasks_were_due_before_now(abel: Desk) -> None:
    late, soon = abel.instance.query("task", f"assigned_to={abel.caller.sys_id}^active=true")[:2]
    now = abel.instance.clock()
    due = as_moment(now - timedelta(days=1))
    abel.instance.update(late["sys_class_name"], late["sys_id"], {"due_date": due})
    due = as_moment(now + timedelta(days=1))
    abel.instance.update(soon["sys_class_name"], soon["sys_id"], {"due_date": due})
    numbers = [
        one["number"]
        for one in (await abel.call("get_my_tasks", overdue=True, limit=100))["records"]
    ]
    assert late["number"] in numbers
    assert soon["number"] not in numbers


async def test_what_waits_unassigned_for_my_groups_comes_with_mine(abel: Desk) -> None:
    group = group_id("Network")
    abel.instance.insert("sys_user_grmember", {"user": abel.caller.sys_id, "group": group})
    waiting = abel.instance.insert(
        "incident", {"assignment_group": group, "active": "true", "number": "INC7000001"}
    )
    taken = abel.instance.insert(
        "incident",
        {"assignment_group": group, "active": "true", "assigned_to": "9" * 32},
    )
    own = await abel.call("get_my_tasks", limit=100)
    assert waiting not in {one["sys_id"] for one in own["records"]}
    both = await abel.call("get_my_tasks", include_my_groups=True, limit=100)
    assert {one["sys_id"] for one in own["records"]} | {waiting} <= {
        one["sys_id"] for one in both["records"]
    }
    assert taken not in {one["sys_id"] for one in both["records"]}


async def test_who_may_not_read_their_groups_is_told_so(abel: Desk) -> None:
    abel.fault(FaultKind.NOT_AUTHORIZED, path="/api/now/table/sys_user_grmember")
    found = await abel.call("get_my_tasks", include_my_groups=True)
    assert found["hidden_fields"] == ["my_groups"]
    assert found["count"] > 0


async def test_pages_of_tasks_do_not_overlap(abel: Desk) -> None:
    first = await abel.call("get_my_tasks", limit=3)
    second = await abel.call("get_my_tasks", limit=3, offset=first["next_offset"])
    assert not {one["sys_id"] for one in first["records"]} & {
        one["sys_id"] for one in second["records"]
    }
