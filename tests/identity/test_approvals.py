"""Nobody decides an approval that is not theirs to decide (P7, P9)."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import product
from random import Random

import pytest
from starlette.applications import Starlette

from servicenow.exceptions import RecordNotFound
from simulator.moments import as_moment
from simulator.seed.ids import person_id
from tests.identity.requirements import protects
from tests.tools_app.callers import ABEL
from tests.tools_app.desk import Desk, seated
from tools_app.exceptions import InvalidArguments, NotYours, StateForbids

APPROVALS, DELEGATIONS = "sysapproval_approver", "sys_user_delegate"
# ServiceNow itself lets an administrator decide for anybody, so what is refused, we refuse.
ADMIN = replace(ABEL, sys_id="", user_name="admin", name="System Administrator")
STATES = (
    *("requested", "approved", "rejected", "cancelled", "not_required", "not requested"),
    "duplicate",
)
# Who is asked, by what they have to do with the person who calls.
ASKED = {
    "foreign": person_id("charlie.whitherspoon"),
    "delegates now": person_id("fred.luddy"),
    "delegated once": person_id("david.loo"),
    "will delegate": person_id("don.goodliffe"),
    "delegates tasks only": person_id("jamie.morgan"),
    "delegates to somebody else": person_id("beth.anglin"),
    "delegates to the delegator": person_id("abel.tuter"),
    "nobody": "",
}


@dataclass(frozen=True)
class Asked:
    """One made-up approval, and what is tried with it."""

    whose: str
    state: str
    of_group: bool
    conditions_dropped: bool
    decision: str
    comments: str | None

    @property
    def expected(self) -> type[Exception] | None:
        """How it must end; None if it is to be decided."""
        if self.decision == "rejected" and not self.comments:
            return InvalidArguments
        if self.whose not in {"me", "delegates now"}:
            return NotYours
        return None if self.state == "requested" else StateForbids


def delegate(desk: Desk, user: str, to: str, *, first: int, last: int, approvals: bool) -> None:
    """A delegation from `first` days from now until `last` days from now."""
    now = desk.instance.clock()
    row = {
        "user": user,
        "delegate": to,
        "starts": as_moment(now + timedelta(days=first)),
        "ends": as_moment(now + timedelta(days=last)),
        "approvals": "true" if approvals else "false",
    }
    desk.instance.insert(DELEGATIONS, row)


def make_delegations(desk: Desk) -> None:
    me = desk.caller.sys_id
    other = ASKED["foreign"]
    for whose, to, first, last, approvals in (
        ("delegates now", me, -1, 1, True),
        ("delegated once", me, -9, -1, True),
        ("will delegate", me, 1, 9, True),
        ("delegates tasks only", me, -1, 1, False),
        ("delegates to somebody else", other, -1, 1, True),
        ("delegates to the delegator", ASKED["delegates now"], -1, 1, True),
    ):
        delegate(desk, ASKED[whose], to, first=first, last=last, approvals=approvals)


def made_up(count: int) -> Iterator[Asked]:
    """Every combination of whose and state, then more by chance, the same each time."""
    chance = Random(7)
    everybody = ("me", *ASKED)
    combinations = list(product(everybody, STATES))
    # Half of the others wait, so that more than a few are there to be decided.
    likely = STATES[:1] * len(STATES) + STATES[1:]
    while len(combinations) < count:
        combinations.append((chance.choice(everybody), chance.choice(likely)))
    for whose, state in combinations:
        yield Asked(
            whose=whose,
            state=state,
            of_group=chance.random() < 0.3,
            conditions_dropped=chance.random() < 0.5,
            decision=chance.choice(("approved", "rejected")),
            comments=chance.choice((None, "So it is.", "So it is.")),
        )


def plant(desk: Desk, asked: Asked, *, number: int) -> str:
    """Make an approval of a document of its own, so that none decides another one."""
    row = {
        "approver": desk.caller.sys_id if asked.whose == "me" else ASKED[asked.whose],
        "state": asked.state,
        "source_table": "incident",
        "document_id": f"{number:032x}",
    }
    if asked.of_group:
        row["group"] = desk.instance.insert("sysapproval_group", {"approval": "requested"})
    return desk.instance.insert(APPROVALS, row)


@protects("P7")
@pytest.mark.parametrize("quarter", range(4))
async def test_of_a_thousand_approvals_those_are_decided_that_should_be_and_no_others(
    simulator: Starlette, quarter: int
) -> None:
    async with seated(simulator, ADMIN) as desk:
        make_delegations(desk)
        decided = 0
        for number, asked in enumerate(list(made_up(1_000))[quarter::4]):
            sys_id = plant(desk, asked, number=number)
            # Rules of the instance query too: with conditions dropped nothing is to be written.
            dropped = asked.conditions_dropped and asked.expected is not None
            desk.instance.switches.ignore_query_conditions = dropped
            arguments = {"decision": asked.decision} | (
                {"comments": asked.comments} if asked.comments else {}
            )
            if asked.expected is None:
                answer = await desk.call("approve_or_reject", approval=sys_id, **arguments)
                assert answer["sys_id"] == sys_id
                assert ("decided_for" in answer) == (asked.whose == "delegates now"), asked
                decided += 1
            else:
                with pytest.raises(asked.expected):
                    await desk.call("approve_or_reject", approval=sys_id, **arguments)
            state = desk.row(APPROVALS, sys_id)["state"]
            assert state == (asked.state if asked.expected else asked.decision), asked
            # Emptied, because looking through it for every one would take the longest of all.
            assert len(desk.requests("PATCH")) == (asked.expected is None)
            desk.world.journal.clear()
        assert decided > 20


@protects("P7")
@pytest.mark.parametrize("dropped", [False, True])
async def test_of_a_task_only_ones_own_approval_is_decided(abel: Desk, dropped: bool) -> None:  # noqa: FBT001  # a parameter of the test
    task = abel.one("incident", "active=true")
    theirs = abel.instance.insert(
        APPROVALS,
        {"sysapproval": task["sys_id"], "approver": ASKED["foreign"], "state": "requested"},
    )
    abel.instance.switches.ignore_query_conditions = dropped
    with pytest.raises((NotYours, RecordNotFound, StateForbids, InvalidArguments)):
        await abel.call("approve_or_reject", approval=theirs, decision="approved")
    with pytest.raises(Exception) as failed:  # noqa: PT011  # what it is depends on the switch
        await abel.call("approve_or_reject", approval=task["number"], decision="approved")
    assert abel.requests("PATCH") == []
    assert dropped or failed.type is NotYours
    assert abel.row(APPROVALS, theirs)["state"] == "requested"


@protects("P7")
@pytest.mark.parametrize("dropped", [False, True])
@pytest.mark.parametrize("tool", ["approve_change", "reject_change"])
async def test_of_a_change_nobody_decides_what_waits_for_others(
    simulator: Starlette,
    tool: str,
    dropped: bool,  # noqa: FBT001  # a parameter of the test
) -> None:
    async with seated(simulator, ADMIN) as desk:
        waiting = desk.one(APPROVALS, "state=requested^source_table=change_request")
        change = desk.row("change_request", waiting["sysapproval"])
        make_delegations(desk)
        delegating = ASKED["delegates now"]
        theirs = f"sysapproval={change['sys_id']}^approver={delegating}"
        assert desk.instance.query(APPROVALS, theirs) == []
        desk.instance.switches.ignore_query_conditions = dropped
        with pytest.raises((NotYours, StateForbids)) as failed:
            await desk.call(tool, change=change["sys_id"], comments="So it is.")
        assert dropped or failed.type is NotYours
        assert desk.requests("PATCH") == []
        assert desk.row(APPROVALS, waiting["sys_id"])["state"] == "requested"


@protects("P9")
async def test_my_tasks_and_approvals_are_mine_even_where_conditions_are_dropped(
    abel: Desk,
) -> None:
    abel.instance.switches.ignore_query_conditions = True
    tasks = await abel.call("get_my_tasks", include_my_groups=True, limit=100)
    assert {one["assigned_to"]["sys_id"] for one in tasks["records"] if "assigned_to" in one} <= {
        abel.caller.sys_id
    }
    approvals = await abel.call("get_my_approvals", limit=100)
    assert [one for one in approvals["records"] if one["approver"]["name"] != "Abel Tuter"] == []
