"""Who may decide an approval, and what deciding takes."""

from datetime import datetime, timedelta

import pytest

from simulator.instance import Instance
from simulator.switches import Switches
from tests.simulator.facts import fact
from tests.simulator.small_instance import (
    ABEL,
    BETH,
    CHARLIE,
    DANA,
    FIRST,
    NOW,
    Api,
    small_instance,
)

ONE = "e" * 32
APPROVALS = "/table/sysapproval_approver"


def asked(instance: Instance, approver: str = CHARLIE, *, sys_id: str = ONE) -> str:
    """An approval of the first incident that somebody was asked for."""
    values = {"sys_id": sys_id, "sysapproval": FIRST, "approver": approver, "state": "requested"}
    return instance.insert("sysapproval_approver", values, run_rules=True)


def delegated(
    instance: Instance, *, starts: str = "2026-11-01 00:00:00", ends: str, approvals: str = "true"
) -> None:
    """Charlie's approvals delegated to Beth."""
    values = {"user": CHARLIE, "delegate": BETH, "starts": starts, "ends": ends}
    instance.insert("sys_user_delegate", {**values, "approvals": approvals})


@pytest.fixture
def api() -> Api:
    """A fresh small instance with one approval that Charlie was asked for."""
    api = Api()
    asked(api.instance)
    return api


async def state(api: Api, sys_id: str = ONE) -> str:
    row = api.instance.row("sysapproval_approver", sys_id)
    assert row is not None
    return row["state"]


@fact("An approver approves by changing the state of the approval", tag="D self-service")
async def test_the_approver_approves(api: Api) -> None:
    response = await api.patch(f"{APPROVALS}/{ONE}", {"state": "approved"}, by=CHARLIE)
    assert response.status_code == 200
    assert response.json()["result"]["state"] == "approved"


@fact("Nobody but the approver decides an approval, not even with the role itil", tag="R")
@pytest.mark.parametrize("person", [ABEL, BETH])
async def test_others_are_refused(api: Api, person: str) -> None:
    response = await api.patch(f"{APPROVALS}/{ONE}", {"state": "approved"}, by=person)
    assert response.status_code == 403
    assert response.json()["error"]["detail"] == (
        "ACL Exception Update Failed due to security constraints"
    )
    assert await state(api) == "requested"


async def test_an_instance_may_leave_the_state_as_it_is_without_a_word() -> None:
    api = Api(small_instance(switches=Switches(refused_decisions_are_silent=True)))
    asked(api.instance)
    response = await api.patch(f"{APPROVALS}/{ONE}", {"state": "approved"}, by=BETH)
    assert response.status_code == 200
    assert response.json()["result"]["state"] == "requested"
    response = await api.patch(f"{APPROVALS}/{ONE}", {"state": "approved"}, by=CHARLIE)
    assert response.json()["result"]["state"] == "approved"


@fact("Administrators and people with approval_admin decide for anybody", tag="D self-service")
async def test_administrators_decide(api: Api) -> None:
    api.instance.insert("sys_user_role", {"sys_id": "role-aa", "name": "approval_admin"})
    api.instance.insert("sys_user_has_role", {"user": ABEL, "role": "role-aa"})
    two = asked(api.instance, sys_id="f" * 32)
    for sys_id, person in ((ONE, DANA), (two, ABEL)):
        response = await api.patch(f"{APPROVALS}/{sys_id}", {"state": "approved"}, by=person)
        assert response.status_code == 200
        assert await state(api, sys_id) == "approved"


@fact(
    "Within its time a delegation of approvals lets the delegate decide",
    tag="D t_DelegateApprovalsTasks",
)
async def test_an_active_delegate_decides(api: Api) -> None:
    delegated(api.instance, ends="2026-12-01 00:00:00")
    response = await api.patch(f"{APPROVALS}/{ONE}", {"state": "approved"}, by=BETH)
    assert response.status_code == 200
    thread = await api.result(f"/table/incident/{FIRST}", sysparm_display_value="true")
    assert "Charlie Whitherspoon has approved (Beth Anglin for them)" in thread["approval_history"]


@pytest.mark.parametrize(
    ("starts", "ends", "approvals"),
    [
        ("2026-11-01 00:00:00", "2026-11-19 00:00:00", "true"),
        ("2026-11-21 00:00:00", "2026-12-01 00:00:00", "true"),
        ("2026-11-01 00:00:00", "2026-12-01 00:00:00", "false"),
        ("2026-11-01 00:00:00", "", "true"),
    ],
)
async def test_a_delegate_of_another_time_or_of_other_things_decides_nothing(
    api: Api, starts: str, ends: str, approvals: str
) -> None:
    delegated(api.instance, starts=starts, ends=ends, approvals=approvals)
    response = await api.patch(f"{APPROVALS}/{ONE}", {"state": "approved"}, by=BETH)
    assert response.status_code == 403


async def test_a_delegation_ends_with_the_clock() -> None:
    moments: list[datetime] = [NOW]
    api = Api(small_instance(clock=lambda: moments[-1]))
    asked(api.instance)
    delegated(api.instance, ends="2026-11-20 10:00:00")
    path = f"{APPROVALS}/{ONE}"
    assert (await api.patch(path, {"comments": "Hm"}, by=BETH)).status_code == 200
    moments.append(NOW + timedelta(hours=2))
    assert (await api.patch(path, {"state": "approved"}, by=BETH)).status_code == 403


@fact("Delegation does not cascade to the delegate's own delegate", tag="D c_ServiceDelegation")
async def test_delegation_does_not_cascade(api: Api) -> None:
    delegated(api.instance, ends="2026-12-01 00:00:00")
    further = {"user": BETH, "delegate": ABEL, "starts": "2026-11-01 00:00:00"}
    api.instance.insert("sys_user_delegate", {**further, "ends": "2026-12-01 00:00:00"})
    response = await api.patch(f"{APPROVALS}/{ONE}", {"state": "approved"}, by=ABEL)
    assert response.status_code == 403


@fact("getMyApprovals() names the person and those who delegated approvals to them", tag="R")
async def test_my_approvals_are_those_delegated_to_me_too(api: Api) -> None:
    delegated(api.instance, ends="2026-12-01 00:00:00")
    query = "approverINjavascript:getMyApprovals()"
    for person, count in ((BETH, 1), (CHARLIE, 1), (ABEL, 0)):
        found = await api.result(APPROVALS, by=person, sysparm_query=query)
        assert len(found) == count


@fact("A rejection needs comments", tag="D Change Management API")
async def test_a_rejection_needs_comments(api: Api) -> None:
    path = f"{APPROVALS}/{ONE}"
    refused = await api.patch(path, {"state": "rejected"}, by=CHARLIE)
    assert refused.status_code == 403
    assert refused.json()["error"]["detail"] == (
        "Data Policy Exception: The following fields are mandatory: Comments"
    )
    values = {"state": "rejected", "comments": "Too dear"}
    assert (await api.patch(path, values, by=CHARLIE)).status_code == 200
    read = await api.result(path, by=CHARLIE, sysparm_display_value="true")
    assert "Too dear" in read["comments"]


async def test_an_instance_may_do_without_comments() -> None:
    api = Api(small_instance(switches=Switches(rejections_need_comments=False)))
    asked(api.instance)
    response = await api.patch(f"{APPROVALS}/{ONE}", {"state": "rejected"}, by=CHARLIE)
    assert response.status_code == 200


@fact("An approval that was decided or cancelled is not decided again", tag="R")
@pytest.mark.parametrize("final", ["approved", "rejected", "cancelled", "not_required"])
async def test_a_decision_stands(api: Api, final: str) -> None:
    api.instance.update("sysapproval_approver", ONE, {"state": final})
    response = await api.patch(f"{APPROVALS}/{ONE}", {"state": "approved"}, by=CHARLIE)
    assert response.status_code == 403
    assert await state(api) == final


async def test_an_instance_may_let_people_change_their_minds() -> None:
    api = Api(small_instance(switches=Switches(decisions_stand=False)))
    asked(api.instance)
    path = f"{APPROVALS}/{ONE}"
    await api.patch(path, {"state": "approved"}, by=CHARLIE)
    await api.patch(path, {"state": "rejected", "comments": "No"}, by=CHARLIE)
    assert await state(api) == "rejected"


@fact("An approver changes the state and the comments of an approval and nothing else", tag="R")
async def test_an_approver_cannot_pass_an_approval_on(api: Api) -> None:
    response = await api.patch(
        f"{APPROVALS}/{ONE}", {"approver": BETH, "sysapproval": ""}, by=CHARLIE
    )
    assert response.status_code == 200
    row = api.instance.row("sysapproval_approver", ONE)
    assert row is not None
    assert (row["approver"], row["sysapproval"]) == (CHARLIE, FIRST)


@fact("Only administrators make approvals over the Table API", tag="R")
@pytest.mark.parametrize(("person", "status"), [(ABEL, 403), (CHARLIE, 403), (DANA, 201)])
async def test_only_administrators_ask_for_approvals(api: Api, person: str, status: int) -> None:
    values = {"sysapproval": FIRST, "approver": person, "state": "requested"}
    assert (await api.post(APPROVALS, values, by=person)).status_code == status


@fact("An approval is read by its approver, their delegate, the task's people and itil", tag="R")
async def test_strangers_do_not_see_an_approval(api: Api) -> None:
    two = asked(api.instance, ABEL, sys_id="f" * 32)
    assert (await api.get(f"{APPROVALS}/{two}", by=CHARLIE)).status_code == 404
    assert [row["sys_id"] for row in await api.result(APPROVALS, by=CHARLIE)] == [ONE]
    assert len(await api.result(APPROVALS, by=ABEL)) == 2
    api.instance.update("incident", FIRST, {"opened_by": CHARLIE})
    assert (await api.get(f"{APPROVALS}/{two}", by=CHARLIE)).status_code == 200
    assert len(await api.result(APPROVALS, by=CHARLIE)) == 2
    refused = await api.patch(f"{APPROVALS}/{two}", {"state": "approved"}, by=CHARLIE)
    assert refused.status_code == 403
