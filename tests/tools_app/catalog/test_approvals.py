"""Approvals: what waits for me, what it is about, and deciding it."""

from datetime import timedelta

import pytest

from servicenow import exceptions as sn
from simulator.control.faults import FaultKind
from simulator.moments import as_moment
from simulator.seed.ids import person_id
from tests.tools_app.desk import Desk
from tools_app.exceptions import AmbiguousMatch, InvalidArguments, NotYours, StateForbids

APPROVALS = "sysapproval_approver"
CHARLIE, FRED = person_id("charlie.whitherspoon"), person_id("fred.luddy")


def a_task(desk: Desk) -> dict[str, str]:
    """An open incident that nobody has to approve yet."""
    return desk.one("incident", "active=true^state=2")


def ask(desk: Desk, approver: str, *, of: dict[str, str], **more: str) -> str:
    """Ask somebody to approve a task; the instance's own rules follow."""
    row = {"sysapproval": of["sys_id"], "approver": approver, "state": "requested", **more}
    return desk.instance.insert(APPROVALS, row, run_rules=True)


def ask_group(desk: Desk, *, of: dict[str, str], **more: str) -> str:
    """Ask every member of a new group, Abel and Beth, to approve a task."""
    group = desk.instance.insert("sys_user_group", {"name": "Deciders"})
    for person in ("abel.tuter", "beth.anglin"):
        row = {"user": person_id(person), "group": group}
        desk.instance.insert("sys_user_grmember", row)
    row = {"parent": of["sys_id"], "assignment_group": group, "approval": "requested", **more}
    return desk.instance.insert("sysapproval_group", row, run_rules=True)


async def test_what_waits_for_me_says_what_is_to_be_approved(abel: Desk) -> None:
    task = a_task(abel)
    mine = ask(abel, abel.caller.sys_id, of=task)
    ask(abel, CHARLIE, of=task)
    found = await abel.call("get_my_approvals")
    [row] = [one for one in found["records"] if one["sys_id"] == mine]
    assert row["record"] == {"sys_id": task["sys_id"], "name": task["number"]}
    assert row["short_description"] == task["short_description"]
    assert (row["state"], row["kind"], row["delegated"]) == ("Requested", "Incident", False)
    assert {one["approver"]["sys_id"] for one in found["records"]} == {abel.caller.sys_id}
    assert "hidden_fields" not in found


async def test_what_was_delegated_to_me_is_marked_and_can_be_left_out(beth: Desk) -> None:
    everything = await beth.call("get_my_approvals", state="any", limit=100)
    assert {one["approver"]["name"] for one in everything["records"] if one["delegated"]} == {
        "Fred Luddy"
    }
    own = await beth.call("get_my_approvals", state="any", include_delegated=False, limit=100)
    assert 0 < own["count"] < everything["count"]
    assert not any(one["delegated"] for one in own["records"])


async def test_approvals_are_found_by_the_label_of_their_state(beth: Desk) -> None:
    decided = await beth.call("get_my_approvals", state="Approved")
    assert {one["state"] for one in decided["records"]} == {"Approved"}
    with pytest.raises(InvalidArguments, match="No Longer Required"):
        await beth.call("get_my_approvals", state="Wanted")


async def test_pages_of_approvals_do_not_overlap(beth: Desk) -> None:
    first = await beth.call("get_my_approvals", state="any", limit=2)
    second = await beth.call("get_my_approvals", state="any", limit=2, offset=first["next_offset"])
    assert not {one["sys_id"] for one in first["records"]} & {
        one["sys_id"] for one in second["records"]
    }


async def test_an_approval_shows_the_record_behind_it_and_who_else_decides(abel: Desk) -> None:
    task = a_task(abel)
    mine = ask(abel, abel.caller.sys_id, of=task)
    ask(abel, CHARLIE, of=task)
    shown = await abel.call("get_approval", approval=mine)
    assert shown["can_decide"] is True
    assert shown["task"]["number"] == task["number"]
    assert shown["task"]["approval"] == "Requested"
    assert shown["task_url"].endswith(f"/incident.do?sys_id={task['sys_id']}")
    assert [(one["approver"]["name"], one["state"]) for one in shown["others"]] == [
        ("Charlie Whitherspoon", "Requested")
    ]
    by_number = await abel.call("get_approval", approval=task["number"])
    assert by_number == shown
    link = f"{abel.caller.instance_url}/{APPROVALS}.do?sys_id={mine}"
    assert await abel.call("get_approval", approval=link) == shown


async def test_somebody_elses_approval_is_read_but_not_mine_to_decide(abel: Desk) -> None:
    theirs = ask(abel, CHARLIE, of=a_task(abel))
    shown = await abel.call("get_approval", approval=theirs)
    assert (shown["can_decide"], shown["approver"]["name"]) == (False, "Charlie Whitherspoon")


async def test_a_record_that_nobody_approves_has_no_approval(abel: Desk) -> None:
    number = a_task(abel)["number"]
    with pytest.raises(sn.RecordNotFound):
        await abel.call("get_approval", approval=number)
    with pytest.raises(StateForbids, match="No approval of INC"):
        await abel.call("approve_or_reject", approval=number, decision="approved")


async def test_approving_says_what_was_approved_and_what_comes_next(abel: Desk) -> None:
    task = a_task(abel)
    mine = ask(abel, abel.caller.sys_id, of=task)
    answer = await abel.call("approve_or_reject", approval=mine, decision="approved")
    assert (answer["state"], answer["record_approval"]) == ("Approved", "Approved")
    assert answer["record"]["name"] == task["number"]
    assert answer["what_next"] == (
        f"{task['number']} is approved, and nobody else has to decide. "
        "Its state is now In Progress."
    )
    assert "decided_for" not in answer
    assert "not_applied" not in answer
    assert "hidden_fields" not in answer
    assert abel.row(APPROVALS, mine)["state"] == "approved"


async def test_an_approval_names_those_who_still_have_to_decide(abel: Desk) -> None:
    task = a_task(abel)
    ask(abel, abel.caller.sys_id, of=task)
    ask(abel, CHARLIE, of=task)
    answer = await abel.call("approve_or_reject", approval=task["number"], decision="approved")
    assert answer["waiting_for"] == ["Charlie Whitherspoon"]
    assert answer["what_next"].startswith(f"{task['number']} still waits for Charlie Whitherspoon.")
    assert answer["record_approval"] == "Requested"


async def test_ones_own_approval_is_found_among_those_of_very_many(abel: Desk) -> None:
    task = a_task(abel)
    for number in range(120):
        row = {"sysapproval": task["sys_id"], "approver": CHARLIE, "state": "requested"}
        abel.instance.insert(APPROVALS, {**row, "sys_id": f"{number:032x}"})
    with pytest.raises(NotYours):
        await abel.call("approve_or_reject", approval=task["number"], decision="approved")
    mine = abel.instance.insert(
        APPROVALS, {**row, "approver": abel.caller.sys_id, "sys_id": "f" * 32}
    )
    assert (await abel.call("get_approval", approval=task["number"]))["sys_id"] == mine
    answer = await abel.call("approve_or_reject", approval=task["number"], decision="approved")
    assert (answer["sys_id"], answer["waiting_for"]) == (mine, ["Charlie Whitherspoon"])
    assert "still waits for Charlie Whitherspoon and others." in answer["what_next"]


async def test_a_decision_stands_where_the_other_approvals_cannot_be_read(abel: Desk) -> None:
    mine = ask(abel, abel.caller.sys_id, of=a_task(abel))
    abel.fault(FaultKind.NOT_AUTHORIZED, method="GET", path=f"/api/now/table/{APPROVALS}")
    answer = await abel.call("approve_or_reject", approval=mine, decision="approved")
    assert answer["state"] == "Approved"
    assert "waiting_for" not in answer


async def test_a_rejection_says_why_and_ends_the_other_approvals(abel: Desk) -> None:
    task = a_task(abel)
    mine = ask(abel, abel.caller.sys_id, of=task)
    other = ask(abel, CHARLIE, of=task)
    for comments in ({}, {"comments": " \u200b "}):
        with pytest.raises(InvalidArguments, match=r"`comments` is (missing|blank)"):
            await abel.call("approve_or_reject", approval=mine, decision="rejected", **comments)
    assert abel.requests() == []
    answer = await abel.call(
        "approve_or_reject", approval=mine, decision="rejected", comments="Too risky."
    )
    assert (answer["state"], answer["record_approval"]) == ("Rejected", "Rejected")
    assert "not_applied" not in answer
    assert answer["what_next"].startswith(f"{task['number']} is rejected; nobody else")
    assert abel.row(APPROVALS, other)["state"] == "not_required"
    history = abel.instance.query("sys_journal_field", f"element_id={task['sys_id']}")
    assert "Abel Tuter has rejected\nToo risky." in {row["value"] for row in history}


async def test_a_delegate_decides_for_the_approver_and_is_told_so(beth: Desk) -> None:
    asked = ask(beth, FRED, of=a_task(beth))
    answer = await beth.call("approve_or_reject", approval=asked, decision="approved")
    assert answer["decided_for"] == {"sys_id": FRED, "name": "Fred Luddy"}
    assert beth.row(APPROVALS, asked)["state"] == "approved"


@pytest.mark.parametrize(("first", "last"), [(-9, -1), (1, 9)])
async def test_a_delegation_that_is_over_or_not_begun_lets_nobody_decide(
    abel: Desk, first: int, last: int
) -> None:
    now = abel.instance.clock()
    starts, ends = (as_moment(now + timedelta(days=days)) for days in (first, last))
    row = {"user": CHARLIE, "delegate": abel.caller.sys_id, "starts": starts, "ends": ends}
    abel.instance.insert("sys_user_delegate", {**row, "approvals": "true"})
    asked = ask(abel, CHARLIE, of=a_task(abel))
    with pytest.raises(NotYours, match="has not delegated approvals") as refused:
        await abel.call("approve_or_reject", approval=asked, decision="approved")
    assert "get_my_approvals" in refused.value.next_step
    assert abel.requests("PATCH") == []


@pytest.mark.parametrize(
    ("state", "sentence"),
    [
        ("approved", "is approved already"),
        ("rejected", "is rejected already"),
        ("cancelled", "was cancelled"),
        ("not_required", "is no longer required"),
        ("not requested", "is not requested yet"),
        ("duplicate", "is a duplicate"),
        ("odd", "is in the state odd"),
    ],
)
async def test_an_approval_that_does_not_wait_is_a_conflict_in_words(
    abel: Desk, state: str, sentence: str
) -> None:
    task = a_task(abel)
    mine = ask(abel, abel.caller.sys_id, of=task)
    abel.instance.update(APPROVALS, mine, {"state": state})
    for approval in (mine, task["number"]):
        with pytest.raises(StateForbids, match=sentence):
            await abel.call("approve_or_reject", approval=approval, decision="approved")
    assert abel.requests("PATCH") == []


async def test_of_a_group_that_needs_anybody_one_decision_is_enough(abel: Desk) -> None:
    task = a_task(abel)
    ask_group(abel, of=task, wait_for="any")
    shown = await abel.call("get_approval", approval=task["number"])
    assert (shown["group"]["name"], shown["group_needs"]) == ("Deciders", "Anyone to approve")
    answer = await abel.call("approve_or_reject", approval=task["number"], decision="approved")
    assert answer["waiting_for"] == []
    assert answer["record_approval"] == "Approved"


async def test_who_approves_before_a_group_is_told_that_anybody_of_it_is_enough(
    abel: Desk,
) -> None:
    task = a_task(abel)
    mine = ask(abel, abel.caller.sys_id, of=task)
    ask_group(abel, of=task, wait_for="any")
    answer = await abel.call("approve_or_reject", approval=mine, decision="approved")
    assert "(of Deciders anybody is enough)." in answer["what_next"]


async def test_of_a_group_that_needs_everybody_the_others_are_named(abel: Desk, beth: Desk) -> None:
    task = a_task(abel)
    ask_group(abel, of=task, wait_for="all")
    answer = await abel.call("approve_or_reject", approval=task["number"], decision="approved")
    assert answer["waiting_for"] == ["Beth Anglin"]
    last = await beth.call("approve_or_reject", approval=task["number"], decision="approved")
    assert (last["waiting_for"], last["record_approval"]) == ([], "Approved")
    with pytest.raises(StateForbids, match="approved already"):
        await abel.call("approve_or_reject", approval=task["number"], decision="approved")


async def test_a_number_with_two_approvals_of_mine_asks_which(abel: Desk) -> None:
    task = a_task(abel)
    mine = {ask(abel, abel.caller.sys_id, of=task), ask(abel, abel.caller.sys_id, of=task)}
    with pytest.raises(AmbiguousMatch) as failed:
        await abel.call("approve_or_reject", approval=task["number"], decision="approved")
    assert {one.sys_id for one in failed.value.candidates} == mine
    assert abel.requests("PATCH") == []


@pytest.mark.parametrize("silent", [False, True])
async def test_a_decision_that_servicenow_refuses_or_drops_is_no_success(
    beth: Desk,
    silent: bool,  # noqa: FBT001  # a parameter of the test
) -> None:
    asked = ask(beth, CHARLIE, of=a_task(beth))
    starts, ends = (as_moment(beth.instance.clock() + timedelta(minutes=m)) for m in (-9, 9))
    row = {"user": CHARLIE, "delegate": beth.caller.sys_id, "starts": starts, "ends": ends}
    beth.instance.insert("sys_user_delegate", {**row, "approvals": "true"})
    beth.instance.switches.refused_decisions_are_silent = silent
    # By the clock of the instance the delegation is over, by ours it is not.
    beth.world.clock.advance(10 * 60)
    with pytest.raises(sn.NotAuthorized):
        await beth.call("approve_or_reject", approval=asked, decision="approved")
    assert beth.row(APPROVALS, asked)["state"] == "requested"


async def test_an_approval_of_no_task_names_the_document(abel: Desk) -> None:
    article = abel.one("kb_knowledge", "workflow_state=published")
    mine = abel.instance.insert(
        APPROVALS,
        {
            "approver": abel.caller.sys_id,
            "state": "requested",
            "source_table": "kb_knowledge",
            "document_id": article["sys_id"],
        },
    )
    found = await abel.call("get_my_approvals")
    [row] = [one for one in found["records"] if one["sys_id"] == mine]
    assert article["number"] in row["about"]
    assert "record" not in row
    shown = await abel.call("get_approval", approval=mine)
    assert "task" not in shown
    assert "hidden_fields" not in shown
    answer = await abel.call("approve_or_reject", approval=mine, decision="approved")
    assert answer["state"] == "Approved"
    assert article["number"] in answer["what_next"]


async def test_a_lost_decision_is_sent_once_and_settled_where_the_record_proves_it(
    abel: Desk,
) -> None:
    mine = ask(abel, abel.caller.sys_id, of=a_task(abel))
    abel.fault(FaultKind.SERVER_FAULT, method="PATCH")
    with pytest.raises(sn.OutcomeUnknown):
        await abel.call("approve_or_reject", approval=mine, decision="approved")
    assert len(abel.requests("PATCH")) == 1
    abel.fault(FaultKind.SERVER_FAULT_AFTER_COMMIT, method="PATCH")
    answer = await abel.call("approve_or_reject", approval=mine, decision="approved")
    assert answer["state"] == "Approved"


async def test_deciding_takes_five_requests_at_most(abel: Desk) -> None:
    mine = ask(abel, abel.caller.sys_id, of=a_task(abel))
    await abel.call("get_approval", approval=mine)
    abel.world.journal.clear()
    await abel.call("approve_or_reject", approval=mine, decision="approved")
    asked = [entry.path for entry in abel.requests("*", "/api/now/table/sys")]
    about_approvals = [path for path in asked if APPROVALS in path]
    assert len(about_approvals) == 4  # read, write, read back, who else
