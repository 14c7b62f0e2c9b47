"""Incidents over time: priority as data, closing by the clock, interactions."""

from datetime import datetime, timedelta

import pytest

from simulator.instance import Instance
from tests.simulator.facts import fact
from tests.simulator.small_instance import (
    ABEL,
    BETH,
    CHARLIE,
    DANA,
    FIRST,
    FOURTH,
    NOW,
    SECOND,
    THIRD,
    Api,
    small_instance,
)

SOLVED = {"close_code": "Solution provided", "close_notes": "Done"}


@pytest.fixture
def api() -> Api:
    """The Table API of a fresh small instance."""
    return Api()


async def changed(api: Api, sys_id: str, values: object, *, by: str = ABEL) -> dict[str, str]:
    """An incident after a change that must succeed."""
    response = await api.patch(f"/table/incident/{sys_id}", values, by=by)
    assert response.status_code == 200, response.text
    record: dict[str, str] = response.json()["result"]
    return record


@fact("Priority is looked up in dl_u_priority by impact and urgency", tag="D def-prio-lookup-rules")
async def test_the_priority_lookup_is_data(api: Api) -> None:
    lookup = {"impact": "1", "urgency": "3", "priority": "1"}
    created = await api.post("/table/dl_u_priority", lookup, by=DANA)
    assert created.status_code == 201
    assert (await changed(api, FIRST, {"urgency": "3"}))["priority"] == "1"
    await api.patch(
        f"/table/dl_u_priority/{created.json()['result']['sys_id']}", {"active": "false"}, by=DANA
    )
    assert (await changed(api, FIRST, {"priority": "4"}))["priority"] == "1"
    assert (await changed(api, FIRST, {"urgency": "1"}))["priority"] == "1"
    made = await api.post("/table/incident", {"impact": "1", "urgency": "3"})
    assert made.json()["result"]["priority"] == "5"


async def test_the_first_active_row_of_the_lookup_counts(api: Api) -> None:
    for order, priority in (("200", "2"), ("100", "3")):
        row = {"impact": "1", "urgency": "1", "priority": priority, "order": order}
        api.instance.insert("dl_u_priority", row)
    assert (await changed(api, FIRST, {"priority": "4"}))["priority"] == "3"


@fact(
    "A caller's answer takes an incident that awaits them back to In Progress",
    tag="D c_IncidentManagementStateModel",
)
async def test_the_callers_answer_takes_the_incident_up_again(api: Api) -> None:
    api.instance.update("incident", THIRD, {"caller_id": CHARLIE})
    record = await changed(api, THIRD, {"comments": "The red one"}, by=CHARLIE)
    assert record["number"] == "INC0000003"
    row = api.instance.row("incident", THIRD)
    assert row is not None
    assert (row["state"], row["incident_state"], row["hold_reason"]) == ("2", "2", "")


@fact("A caller comments on their incident and does not see its work notes", tag="R")
async def test_a_caller_comments_and_sees_no_work_notes(api: Api) -> None:
    path = f"/table/incident/{SECOND}"
    await changed(api, SECOND, {"work_notes": "He forgot it again"})
    note = {"comments": "It dropped again", "work_notes": "Mine"}
    assert (await api.patch(path, note, by=CHARLIE)).status_code == 200
    shown = await api.result(path, by=CHARLIE, sysparm_display_value="true")
    assert "It dropped again" in shown["comments"]
    assert "work_notes" not in shown
    assert "forgot" not in shown["comments_and_work_notes"]
    assert api.instance.count("sys_journal_field", "valueLIKEMine") == 0


class Waiting:
    """A small instance with a clock to move, and a time after which incidents are closed."""

    def __init__(self, days: str) -> None:
        self.now = NOW
        self.instance: Instance = small_instance(clock=self.clock)
        self.api = Api(self.instance)
        if days:
            self.instance.insert(
                "sys_properties", {"name": "glide.ui.autoclose.time", "value": days}
            )

    def clock(self) -> datetime:
        return self.now

    async def incident_after(self, hours: float) -> dict[str, str]:
        self.now += timedelta(hours=hours)
        found: dict[str, str] = await self.api.result(
            f"/table/incident/{FOURTH}", sysparm_exclude_reference_link="true"
        )
        return found


@fact(
    "Resolved incidents are closed after the days that glide.ui.autoclose.time says",
    tag="D t_ConfigureIncidentAutoClose",
)
async def test_resolved_incidents_are_closed_by_the_clock() -> None:
    scene = Waiting("30")
    assert (await scene.incident_after(0))["state"] == "6"
    assert (await scene.incident_after(24 * 10))["state"] == "6"
    record = await scene.incident_after(24 * 2)
    assert (record["state"], record["active"], record["closed_by"]) == ("7", "false", "")
    assert record["closed_at"] == "2026-12-02 09:00:00"
    assert record["sys_updated_by"] == "system"
    entry = scene.instance.query("sys_journal_field", f"element_id={FOURTH}")[0]
    assert "automatically closed after 30 days" in entry["value"]
    assert (scene.instance.row("incident", FIRST) or {})["state"] == "1"


async def test_what_cannot_be_closed_keeps_nothing_else_open() -> None:
    scene = Waiting("30")
    stuck = {"state": "6", "resolved_at": "2026-01-01 00:00:00", "close_code": ""}
    scene.instance.update("incident", FIRST, stuck)
    assert (await scene.incident_after(24 * 12))["state"] == "7"
    assert (scene.instance.row("incident", FIRST) or {})["state"] == "6"


@pytest.mark.parametrize("days", ["", "0", "never", "99999999999"])
async def test_without_such_a_time_they_stay(days: str) -> None:
    assert (await Waiting(days).incident_after(24 * 365))["state"] == "6"


@fact("An interaction has a number of its own and closes with its state", tag="R")
async def test_interactions_open_and_close(api: Api) -> None:
    made = await api.post(
        "/table/interaction",
        {"type": "chat", "opened_for": CHARLIE, "work_notes": "Angry"},
        sysparm_exclude_reference_link="true",
    )
    record = made.json()["result"]
    assert (record["number"], record["state"], record["opened_by"]) == ("IMS0010001", "new", ABEL)
    path = f"/table/interaction/{record['sys_id']}"
    closed = await api.patch(path, {"state": "closed_complete"})
    assert closed.json()["result"]["closed_at"] == "2026-11-20 09:00:00"
    shown = await api.result(path, by=CHARLIE, sysparm_display_value="true")
    assert shown["state"] == "Closed Complete"
    assert "work_notes" not in shown
    assert (await api.get(path, by=BETH)).status_code == 200
    assert (await api.patch(path, {"state": "new"}, by=CHARLIE)).status_code == 403
    stranger = await api.post("/table/interaction", {"opened_for": ABEL})
    hidden = f"/table/interaction/{stranger.json()['result']['sys_id']}"
    assert (await api.get(hidden, by=CHARLIE)).status_code == 404


def test_an_interaction_of_the_system_was_opened_by_nobody(api: Api) -> None:
    made = api.instance.insert("interaction", {}, run_rules=True)
    assert (api.instance.row("interaction", made) or {})["opened_by"] == ""
