"""Parent and child incidents."""

import pytest

from tests.simulator.facts import fact
from tests.simulator.small_instance import (
    ABEL,
    BETH,
    DANA,
    FIFTH,
    FIRST,
    FOURTH,
    SECOND,
    THIRD,
    Api,
)

SOLVED = {"close_code": "Solution provided", "close_notes": "Done"}


@pytest.fixture
def api() -> Api:
    """A small instance in which the second and third incident are children of the first."""
    api = Api()
    for child in (SECOND, THIRD):
        api.instance.update("incident", child, {"parent_incident": FIRST}, run_rules=True)
    return api


def row(api: Api, sys_id: str) -> dict[str, str]:
    found = api.instance.row("incident", sys_id)
    assert found is not None
    return found


async def patch(api: Api, sys_id: str, **values: str) -> None:
    response = await api.patch(f"/table/incident/{sys_id}", values, by=ABEL)
    assert response.status_code == 200, response.text


def notes(api: Api, sys_id: str) -> list[str]:
    return [
        entry["value"] for entry in api.instance.query("sys_journal_field", f"element_id={sys_id}")
    ]


@fact("child_incidents of an incident counts the incidents whose parent it is", tag="R")
async def test_a_parent_counts_its_children(api: Api) -> None:
    assert row(api, FIRST)["child_incidents"] == "2"
    await patch(api, SECOND, parent_incident=THIRD)
    assert row(api, FIRST)["child_incidents"] == "1"
    assert row(api, THIRD)["child_incidents"] == "1"
    await api.post("/table/incident", {"parent_incident": FIRST})
    assert row(api, FIRST)["child_incidents"] == "2"
    await api.call("DELETE", f"/table/incident/{THIRD}", by=DANA)
    assert row(api, FIRST)["child_incidents"] == "1"


async def test_a_parent_that_is_none_counts_nothing(api: Api) -> None:
    await patch(api, SECOND, parent_incident="nobody^NQactive=true")
    assert row(api, FIRST)["child_incidents"] == "1"


@fact(
    "Resolving a parent incident resolves its open children with the same code and notes",
    tag="D c_IncidentManagement",
)
async def test_resolving_a_parent_resolves_its_children(api: Api) -> None:
    api.instance.update("incident", FIFTH, {"parent_incident": FIRST})
    await patch(api, FIRST, state="6", **SOLVED)
    for child in (SECOND, THIRD):
        found = row(api, child)
        assert (found["state"], found["close_code"]) == ("6", "Solution provided")
        assert (found["resolved_by"], found["hold_reason"]) == (ABEL, "")
        assert any("parent incident INC0000001" in text for text in notes(api, child))
    assert row(api, FIFTH)["state"] == "7"
    assert row(api, FIFTH)["close_code"] == "User error"


async def test_a_grandchild_is_resolved_too(api: Api) -> None:
    await patch(api, SECOND, parent_incident=THIRD)
    await patch(api, FIRST, state="6", **SOLVED)
    assert row(api, SECOND)["state"] == "6"


async def test_a_family_may_be_deep(api: Api) -> None:
    line = [f"{number:032x}" for number in range(0xABC0, 0xABC0 + 150)]
    for parent, child in zip([FIRST, *line], line, strict=False):
        api.instance.insert("incident", {"sys_id": child, "parent_incident": parent})
    await patch(api, FIRST, comments="Hold on")
    await patch(api, FIRST, state="6", **SOLVED)
    assert row(api, line[-1])["state"] == "6"
    assert "Copied from Parent Incident: Hold on" in notes(api, line[-1])
    for sys_id in (line[-1], SECOND):
        assert len([text for text in notes(api, sys_id) if "Resolved with" in text]) == 1


@fact("Comments and work notes of a parent incident are copied to its open children", tag="R")
async def test_children_get_the_parents_notes(api: Api) -> None:
    api.instance.update("incident", FOURTH, {"parent_incident": FIRST})
    await patch(api, FIRST, comments="We are on it", work_notes="Broken switch")
    expected = {
        "Copied from Parent Incident: We are on it",
        "Copied from Parent Incident: Broken switch",
    }
    for child in (SECOND, THIRD):
        assert set(notes(api, child)) == expected
    assert notes(api, FOURTH) == []


@fact("An incident cannot be the parent of itself or of one it descends from", tag="R")
@pytest.mark.parametrize("parent", [FIRST, SECOND])
async def test_families_have_no_circles(api: Api, parent: str) -> None:
    response = await api.patch(f"/table/incident/{FIRST}", {"parent_incident": parent})
    assert response.status_code == 403
    assert "'Parent incident is no descendant^" in response.json()["error"]["detail"]


def test_a_circle_that_is_there_already_does_no_harm(api: Api) -> None:
    for child, parent in ((SECOND, THIRD), (THIRD, SECOND)):
        api.instance.update("incident", child, {"parent_incident": parent})
    api.instance.update("incident", FIRST, {"parent_incident": SECOND}, run_rules=True)
    values = {"state": "6", **SOLVED}
    api.instance.update("incident", SECOND, values, as_user=BETH, run_rules=True)
    assert {row(api, sys_id)["state"] for sys_id in (FIRST, SECOND, THIRD)} == {"6"}
    told = {"comments": "Round and round"}
    api.instance.update("incident", SECOND, told, as_user=BETH, run_rules=True)
    assert notes(api, SECOND) == ["Round and round"]
