"""Delegations: everybody keeps their own."""

import pytest

from simulator.instance import Instance
from simulator.seed import ids
from simulator.seed.planting import seeded
from tests.simulator.facts import fact
from tests.simulator.small_instance import ABEL, BETH, CHARLIE, DANA, NOW, Api

PATH = "/table/sys_user_delegate"
ABELS = {"user": ABEL, "delegate": CHARLIE, "ends": "2026-12-01 00:00:00"}


@pytest.fixture
def api() -> Api:
    """The Table API of a fresh small instance."""
    return Api()


async def made(api: Api, *, by: str = ABEL) -> str:
    """Abel's delegation to Charlie."""
    response = await api.post(PATH, ABELS, by=by)
    assert response.status_code == 201, response.text
    sys_id: str = response.json()["result"]["sys_id"]
    return sys_id


@fact(
    "People delegate what is theirs by a row of sys_user_delegate", tag="D t_DelegateApprovalsTasks"
)
async def test_everybody_may_name_a_delegate(api: Api) -> None:
    sys_id = await made(api)
    row = api.instance.row("sys_user_delegate", sys_id) or {}
    assert row["starts"] == "2026-11-20 09:00:00"
    flags = ("approvals", "assignments", "notifications", "invitations")
    assert [row[name] for name in flags] == ["true"] * 4


async def test_nobody_delegates_for_another_one(api: Api) -> None:
    assert (await api.post(PATH, ABELS, by=CHARLIE)).status_code == 403
    assert (await api.post(PATH, {"delegate": CHARLIE}, by=ABEL)).status_code == 403
    sys_id = await made(api)
    handed_over = await api.patch(f"{PATH}/{sys_id}", {"user": BETH, "delegate": ABEL}, by=ABEL)
    assert handed_over.status_code == 403
    assert "'Delegate for oneself^" in handed_over.json()["error"]["detail"]


async def test_an_administrator_delegates_for_anybody(api: Api) -> None:
    await made(api, by=DANA)


async def test_others_do_not_see_whom_somebody_delegates_to(api: Api) -> None:
    sys_id = await made(api)
    assert (await api.get(f"{PATH}/{sys_id}", by=CHARLIE)).status_code == 200
    assert (await api.get(f"{PATH}/{sys_id}", by=BETH)).status_code == 404
    assert (await api.patch(f"{PATH}/{sys_id}", {"ends": ""}, by=CHARLIE)).status_code == 403
    assert (await api.call("DELETE", f"{PATH}/{sys_id}", by=ABEL)).status_code == 204


@fact("A delegation that ends before it starts is refused", tag="R")
async def test_a_delegation_ends_after_it_starts(api: Api) -> None:
    values = {**ABELS, "ends": "2026-11-01 00:00:00"}
    response = await api.post(PATH, values)
    assert response.status_code == 403
    assert "'Validate delegation^" in response.json()["error"]["detail"]


def test_the_demo_has_delegations_of_every_kind() -> None:
    instance = Instance(clock=lambda: NOW, snapshot=seeded(NOW))
    fred, beth = ids.person_id("fred.luddy"), instance.person(ids.person_id("beth.anglin"))
    assert beth is not None
    assert beth.approves_for == {fred}
    now = instance.now()
    rows = instance.query("sys_user_delegate")
    kinds = {
        ("past" if row["ends"] < now else "coming" if row["starts"] > now else "active")
        + ("" if row["approvals"] == "true" else " without approvals")
        for row in rows
    }
    assert kinds == {"active", "past", "coming", "active without approvals"}
