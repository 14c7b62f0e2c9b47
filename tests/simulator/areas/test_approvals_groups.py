"""Approvals of a group: how many of its members are enough."""

import pytest

from simulator.areas.approvals.groups import decision
from simulator.instance import Instance
from tests.simulator.facts import fact
from tests.simulator.small_instance import ABEL, BETH, CHARLIE, FIRST, NETWORK, small_instance

APPROVALS = "sysapproval_approver"


@pytest.fixture
def instance() -> Instance:
    """A small instance whose group Network has three members."""
    instance = small_instance()
    for person in (ABEL, CHARLIE):
        instance.insert("sys_user_grmember", {"user": person, "group": NETWORK})
    return instance


def ask(instance: Instance, **values: str) -> str:
    """An approval of the first incident by Network."""
    given = {"parent": FIRST, "assignment_group": NETWORK, "approval": "requested", **values}
    return instance.insert("sysapproval_group", given, run_rules=True)


def answer(instance: Instance, person: str, state: str) -> None:
    row = instance.query(APPROVALS, f"approver={person}^document_id={FIRST}")[0]
    instance.update(APPROVALS, row["sys_id"], {"state": state}, run_rules=True)


def states(instance: Instance) -> dict[str, str]:
    return {row["approver"]: row["state"] for row in instance.query(APPROVALS)}


def task_approval(instance: Instance) -> str:
    return (instance.row("incident", FIRST) or {})["approval"]


@fact("A group that is asked to approve asks every active member", tag="R")
def test_every_active_member_is_asked(instance: Instance) -> None:
    instance.update("sys_user", ABEL, {"active": "false"})
    group = ask(instance)
    assert states(instance) == {BETH: "requested", CHARLIE: "requested"}
    row = instance.row("sysapproval_group", group) or {}
    assert row["number"].startswith("GAPRV")
    assert task_approval(instance) == "requested"


def test_a_group_is_asked_when_its_approval_becomes_requested(instance: Instance) -> None:
    group = ask(instance, approval="not requested")
    assert states(instance) == {}
    instance.update("sysapproval_group", group, {"approval": "requested"}, run_rules=True)
    assert len(states(instance)) == 3


def test_a_group_without_a_task_or_without_members_asks_nobody(instance: Instance) -> None:
    ask(instance, parent="")
    ask(instance, assignment_group="")
    assert states(instance) == {}


@fact("Where anybody of a group may approve, the others are no longer required", tag="D approvals")
def test_one_member_is_enough(instance: Instance) -> None:
    group = ask(instance, wait_for="any")
    answer(instance, ABEL, "approved")
    expected = {ABEL: "approved", BETH: "not_required", CHARLIE: "not_required"}
    assert states(instance) == expected
    assert (instance.row("sysapproval_group", group) or {})["approval"] == "approved"
    assert task_approval(instance) == "approved"


@fact("Where everybody of a group has to approve, the last one decides", tag="D approvals")
def test_everybody_has_to_approve(instance: Instance) -> None:
    ask(instance, wait_for="all")
    for person in (ABEL, BETH):
        answer(instance, person, "approved")
        assert task_approval(instance) == "requested"
    answer(instance, CHARLIE, "approved")
    assert task_approval(instance) == "approved"


def test_a_rejection_by_one_member_rejects(instance: Instance) -> None:
    ask(instance, wait_for="all")
    answer(instance, ABEL, "rejected")
    assert task_approval(instance) == "rejected"
    assert states(instance)[BETH] == "not_required"


def test_two_groups_have_to_approve_both(instance: Instance) -> None:
    ask(instance)
    office = instance.insert("sysapproval_group", {"parent": FIRST}, run_rules=True)
    asked = {"sysapproval": FIRST, "group": office, "approver": "d" * 32, "state": "requested"}
    other = instance.insert(APPROVALS, asked, run_rules=True)
    answer(instance, ABEL, "approved")
    assert task_approval(instance) == "requested"
    instance.update(APPROVALS, other, {"state": "approved"}, run_rules=True)
    assert task_approval(instance) == "approved"


@fact("Somebody asked twice for one group's approval answers once", tag="R")
def test_a_second_request_of_the_same_group_is_a_duplicate(instance: Instance) -> None:
    group = ask(instance)
    again = {"sysapproval": FIRST, "group": group, "approver": ABEL, "state": "requested"}
    made = instance.insert(APPROVALS, again, run_rules=True)
    assert (instance.row(APPROVALS, made) or {})["state"] == "duplicate"


def test_an_approval_may_name_a_group_that_is_gone(instance: Instance) -> None:
    alone = {"sysapproval": FIRST, "group": "9" * 32, "approver": ABEL, "state": "requested"}
    instance.insert(APPROVALS, alone, run_rules=True)
    assert task_approval(instance) == "not requested"


@fact("A group approves once the given share of those asked has approved", tag="R")
@pytest.mark.parametrize(
    ("wait_for", "percentage", "reject_handling", "states", "expected"),
    [
        ("any", "", "reject", ["requested", "requested"], "requested"),
        ("any", "", "reject", ["rejected", "requested"], "rejected"),
        ("any", "", "wait", ["rejected", "requested"], "requested"),
        ("any", "", "wait", ["rejected", "approved"], "approved"),
        ("any", "", "wait", ["rejected", "rejected"], "rejected"),
        ("all", "", "wait", ["rejected", "approved"], "rejected"),
        ("first", "", "wait", ["rejected", "requested"], "rejected"),
        ("percentage", "50", "reject", ["approved", "requested", "requested"], "requested"),
        ("percentage", "50", "reject", ["approved", "approved", "requested"], "approved"),
        ("percentage", "", "reject", ["approved", "requested"], "requested"),
        ("percentage", "1", "reject", ["approved", "requested"], "approved"),
        ("all", "", "reject", ["not_required"], "old"),
        ("all", "", "reject", ["not requested"], "old"),
    ],
)
def test_how_many_are_enough(
    wait_for: str, percentage: str, reject_handling: str, states: list[str], expected: str
) -> None:
    group = {"wait_for": wait_for, "percentage": percentage, "reject_handling": reject_handling}
    assert decision({**group, "approval": "old"}, states) == expected
