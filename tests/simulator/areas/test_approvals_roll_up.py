"""What single approvals make of the task they are about."""

import pytest

from simulator.areas.approvals.roll_up import verdict
from simulator.instance import Instance
from simulator.records.rules import ON_UPDATE, Change, rule
from tests.simulator.facts import fact
from tests.simulator.small_instance import ABEL, BETH, CHARLIE, FIRST, SECOND, Api

APPROVALS = "sysapproval_approver"


@pytest.fixture
def api() -> Api:
    """The Table API of a fresh small instance."""
    return Api()


def ask(instance: Instance, approver: str, *, state: str = "requested") -> str:
    """An approval of the first incident."""
    values = {"sysapproval": FIRST, "approver": approver, "state": state}
    return instance.insert(APPROVALS, values, run_rules=True)


def decide(instance: Instance, sys_id: str, state: str) -> None:
    """As the system: no rights, but all rules."""
    instance.update(APPROVALS, sys_id, {"state": state}, run_rules=True)


def task(instance: Instance) -> dict[str, str]:
    row = instance.row("incident", FIRST)
    assert row is not None
    return row


@fact(
    "Any rejection rejects the task, all approvals together approve it, none asked for leaves it"
    " not requested, anything else is requested",
    tag="D c_ApprovalStatus",
)
@pytest.mark.parametrize(
    ("states", "whole"),
    [
        ([], "not requested"),
        (["not requested"], "not requested"),
        (["requested"], "requested"),
        (["approved", "requested"], "requested"),
        (["approved", "not requested"], "requested"),
        (["approved", "approved"], "approved"),
        (["approved", "rejected", "requested"], "rejected"),
        (["approved", "not_required", "cancelled", "duplicate"], "approved"),
        (["cancelled", "not_required"], "not requested"),
    ],
)
def test_approvals_come_to_one(states: list[str], whole: str) -> None:
    assert verdict(states) == whole


def test_a_tasks_approval_follows_its_approvals(api: Api) -> None:
    instance = api.instance
    first, second = ask(instance, ABEL), ask(instance, CHARLIE)
    assert task(instance)["approval"] == "requested"
    assert task(instance)["approval_set"] == ""
    decide(instance, first, "approved")
    assert task(instance)["approval"] == "requested"
    decide(instance, second, "approved")
    assert task(instance)["approval"] == "approved"
    assert task(instance)["approval_set"] == "2026-11-20 09:00:00"


@fact("Once one approval is rejected the others are no longer required", tag="R")
def test_a_rejection_settles_the_others(api: Api) -> None:
    instance = api.instance
    first, second = ask(instance, ABEL), ask(instance, CHARLIE)
    decide(instance, first, "rejected")
    assert task(instance)["approval"] == "rejected"
    assert (instance.row(APPROVALS, second) or {})["state"] == "not_required"


async def test_rules_on_the_tasks_approval_run_as_the_approver(api: Api) -> None:
    seen: list[tuple[str, str]] = []

    def note(change: Change) -> None:
        if change.changes("approval") and change.person:
            seen.append((change.get("approval"), change.person.user_name))

    api.instance.rules.add(rule("Note", "incident", note, order=10, on=ON_UPDATE, after=True))
    mine = ask(api.instance, CHARLIE)
    response = await api.patch(f"/table/{APPROVALS}/{mine}", {"state": "approved"}, by=CHARLIE)
    assert response.status_code == 200
    assert seen == [("approved", "charlie.whitherspoon")]


@fact("An approval made for a task names it in document_id and source_table too", tag="R")
def test_an_approval_names_its_document_both_ways(api: Api) -> None:
    instance = api.instance
    row = instance.row(APPROVALS, ask(instance, ABEL)) or {}
    assert (row["document_id"], row["source_table"]) == (FIRST, "incident")
    values = {"document_id": SECOND, "source_table": "incident", "approver": ABEL}
    other = instance.row(APPROVALS, instance.insert(APPROVALS, values, run_rules=True)) or {}
    assert other["sysapproval"] == SECOND


def test_an_approval_of_what_is_no_task_changes_no_task(api: Api) -> None:
    instance = api.instance
    for values in (
        {"document_id": BETH, "source_table": "sys_user"},
        {"document_id": "9" * 32, "source_table": "incident"},
        {"document_id": BETH, "source_table": "u_nowhere"},
        {},
    ):
        made = instance.insert(
            APPROVALS, {**values, "approver": ABEL, "state": "requested"}, run_rules=True
        )
        decide(instance, made, "approved")
        assert (instance.row(APPROVALS, made) or {})["sysapproval"] == ""


@fact("Ending a task cancels the approvals that still wait", tag="R")
async def test_ending_a_task_cancels_its_open_approvals(api: Api) -> None:
    instance = api.instance
    done, waiting = ask(instance, ABEL, state="approved"), ask(instance, CHARLIE)
    response = await api.patch(f"/table/incident/{FIRST}", {"state": "8"})
    assert response.status_code == 200
    assert (instance.row(APPROVALS, done) or {})["state"] == "approved"
    assert (instance.row(APPROVALS, waiting) or {})["state"] == "cancelled"
    assert task(instance)["approval"] == "approved"


def test_when_all_are_cancelled_an_ended_tasks_approval_stays(api: Api) -> None:
    instance = api.instance
    ask(instance, ABEL)
    instance.update("incident", FIRST, {"state": "8"}, run_rules=True)
    assert task(instance)["approval"] == "requested"


def test_approvals_of_a_deleted_task_go_with_it(api: Api) -> None:
    instance = api.instance
    mine = ask(instance, ABEL)
    other = instance.insert(APPROVALS, {"sysapproval": SECOND, "approver": ABEL}, run_rules=True)
    person = instance.person("d" * 32)
    assert person is not None
    instance.writer.remove("incident", FIRST, person=person)
    assert instance.row(APPROVALS, mine) is None
    assert instance.row(APPROVALS, other) is not None


@fact("A deleted approval does not count any more", tag="R")
async def test_a_deleted_approval_does_not_count(api: Api) -> None:
    instance = api.instance
    first, second = ask(instance, ABEL), ask(instance, CHARLIE)
    decide(instance, first, "approved")
    response = await api.call("DELETE", f"/table/{APPROVALS}/{second}", by="d" * 32)
    assert response.status_code == 204
    assert task(instance)["approval"] == "approved"


@fact("Who approved or rejected, and why, is told in the task's approval history", tag="R")
async def test_the_approval_history_tells_who_decided(api: Api) -> None:
    mine = ask(api.instance, CHARLIE)
    values = {"state": "rejected", "comments": "Too dear"}
    await api.patch(f"/table/{APPROVALS}/{mine}", values, by=CHARLIE)
    shown = await api.result(f"/table/incident/{FIRST}", sysparm_display_value="true")
    assert shown["approval_history"] == (
        "2026-11-20 09:00:00 - Charlie Whitherspoon (Approval history)\n"
        "Charlie Whitherspoon has rejected\nToo dear\n\n"
        "2026-11-20 09:00:00 - system (Approval history)\n"
        "Approval requested from Charlie Whitherspoon\n\n"
    )
    assert "Too dear" not in shown["comments_and_work_notes"]


@fact("The approval history of a task cannot be written by hand", tag="R")
async def test_the_approval_history_is_not_written_by_hand(api: Api) -> None:
    path = f"/table/incident/{FIRST}"
    assert (await api.patch(path, {"approval_history": "All fine"})).status_code == 200
    shown = await api.result(path, sysparm_display_value="true")
    assert shown["approval_history"] == ""


def test_an_approval_of_nobody_known_is_told_of_too(api: Api) -> None:
    instance = api.instance
    decide(instance, ask(instance, "8" * 32), "approved")
    told = instance.query("sys_journal_field", f"element_id={FIRST}^element=approval_history")
    assert "Somebody has approved" in [row["value"] for row in told]
