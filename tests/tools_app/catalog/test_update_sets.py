"""The current update set: reading it, choosing another, making one."""

import pytest

from servicenow.exceptions import NotAuthorized
from simulator.control.faults import FaultKind
from tests.tools_app.desk import Desk
from tools_app.exceptions import AmbiguousMatch, InvalidArguments, StateForbids

WINS = "open browser session"


@pytest.fixture
def admin(abel: Desk) -> Desk:
    """Abel as an administrator."""
    role = abel.one("sys_user_role", "name=admin")["sys_id"]
    abel.instance.insert("sys_user_has_role", {"user": abel.caller.sys_id, "role": role})
    return abel


async def test_without_a_choice_the_default_takes_changes(admin: Desk) -> None:
    answer = await admin.call("get_current_update_set")
    assert (answer.get("update_set"), answer["is_in_use"]) == (None, False)
    assert "default set" in answer["note"]


async def test_a_set_is_chosen_by_name_or_sys_id_and_then_current(admin: Desk) -> None:
    chosen = await admin.call("change_update_set", update_set="incident form")
    assert chosen["is_current"] is True
    assert WINS in chosen["note"]
    again = await admin.call("change_update_set", update_set=chosen["update_set"]["sys_id"])
    assert again == chosen
    current = await admin.call("get_current_update_set")
    assert (current["update_set"]["name"], current["is_in_use"]) == ("Incident form", True)
    assert WINS in current["note"]
    rows = admin.instance.query(
        "sys_user_preference", f"user={admin.caller.sys_id}^name=sys_update_set"
    )
    assert len(rows) == 1


async def test_a_choice_that_is_closed_or_gone_says_so(admin: Desk) -> None:
    chosen = await admin.call("change_update_set", update_set="Incident form")
    sys_id = chosen["update_set"]["sys_id"]
    admin.instance.update("sys_update_set", sys_id, {"state": "complete"})
    closed = await admin.call("get_current_update_set")
    assert (closed["is_in_use"], closed["update_set"]["state"]) == (False, "Complete")
    admin.instance.delete("sys_update_set", sys_id)
    assert "gone" in (await admin.call("get_current_update_set"))["note"]


async def test_of_several_sets_of_a_name_the_only_one_in_progress_is_meant(admin: Desk) -> None:
    for state in ("complete", "in progress", "ignore"):
        admin.instance.insert("sys_update_set", {"name": "Sprint 12", "state": state})
    chosen = await admin.call("change_update_set", update_set="Sprint 12")
    assert chosen["update_set"]["state"] == "In progress"
    for _ in range(7):
        # More than there can be candidates: none of these hides the two that can be chosen.
        admin.instance.insert("sys_update_set", {"name": "Sprint 12", "state": "complete"})
    again = await admin.call("change_update_set", update_set="Sprint 12")
    assert again["update_set"] == chosen["update_set"]
    other = admin.instance.insert("sys_update_set", {"name": "Sprint 12", "state": "in progress"})
    with pytest.raises(AmbiguousMatch) as failed:
        await admin.call("change_update_set", update_set="Sprint 12")
    offered = {one.sys_id for one in failed.value.candidates}
    assert offered == {other, chosen["update_set"]["sys_id"]}


async def test_of_several_defaults_none_is_chosen_and_what_can_be_is_named(admin: Desk) -> None:
    for _ in range(2):
        admin.instance.insert("sys_update_set", {"name": "Default", "is_default": "true"})
    with pytest.raises(StateForbids, match="each is a default") as refused:
        await admin.call("change_update_set", update_set="Default")
    assert "Incident form" in refused.value.next_step


async def test_a_set_of_an_application_says_whose_changes_it_takes(admin: Desk) -> None:
    scope = admin.one("sys_scope", "nameISNOTEMPTY^scope!=global")
    sys_id = admin.instance.insert(
        "sys_update_set", {"name": "Ours", "application": scope["sys_id"]}
    )
    chosen = await admin.call("change_update_set", update_set=sys_id)
    assert f"only changes of the application {scope['name']}." in chosen["note"]


async def test_a_set_that_nobody_knows_is_refused(admin: Desk) -> None:
    for named in ("Sprint 99", "f" * 32):
        with pytest.raises(InvalidArguments, match="no update set") as refused:
            await admin.call("change_update_set", update_set=named)
        assert "Sets in progress: Incident form." in refused.value.next_step


async def test_a_refused_set_names_those_that_can_be_chosen(admin: Desk) -> None:
    with pytest.raises(StateForbids) as refused:
        await admin.call("change_update_set", update_set="Mail notifications")
    assert refused.value.next_step.endswith("Sets in progress: Incident form.")
    for row in admin.instance.query("sys_update_set", "state=in progress"):
        admin.instance.update("sys_update_set", row["sys_id"], {"state": "complete"})
    with pytest.raises(StateForbids) as refused:
        await admin.call("change_update_set", update_set="Mail notifications")
    assert refused.value.next_step.endswith("create_update_set.")


async def test_a_new_set_becomes_the_current_one(admin: Desk) -> None:
    made = await admin.call("create_update_set", name=" Sprint 13 ", description="Forms")
    assert made["is_current"] is True
    row = admin.row("sys_update_set", made["update_set"]["sys_id"])
    assert (row["name"], row["state"], row["is_default"]) == ("Sprint 13", "in progress", "false")
    current = await admin.call("get_current_update_set")
    assert current["update_set"]["name"] == "Sprint 13"
    assert current["update_set"]["description"] == "Forms"


async def test_a_new_set_may_stay_aside(admin: Desk) -> None:
    made = await admin.call("create_update_set", name="Aside", set_as_current=False)
    assert made["is_current"] is False
    assert "update_set" not in await admin.call("get_current_update_set")
    with pytest.raises(InvalidArguments):
        await admin.call("create_update_set", name="  ")


async def test_a_set_that_was_made_but_not_chosen_is_no_failure(admin: Desk) -> None:
    admin.fault(FaultKind.NOT_AUTHORIZED, method="POST", path="/api/now/table/sys_user_preference")
    made = await admin.call("create_update_set", name="Half")
    assert made["is_current"] is False
    assert "could not be made the current one" in made["note"]
    assert admin.row("sys_update_set", made["update_set"]["sys_id"])["name"] == "Half"


async def test_people_without_the_role_choose_and_make_nothing(charlie: Desk) -> None:
    with pytest.raises((InvalidArguments, NotAuthorized)):
        await charlie.call("change_update_set", update_set="Incident form")
    with pytest.raises(NotAuthorized):
        await charlie.call("create_update_set", name="Mine")
    assert charlie.instance.count("sys_update_set", "name=Mine") == 0
