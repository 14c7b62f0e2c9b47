"""Work from its beginning to its end, as people with a client of the REST APIs go through it."""

import pytest

from tests.simulator.facts import fact
from tests.simulator.somebody import People, people

__all__ = ["people"]

SHOP = "sn_sc/servicecatalog"
CHANGES = "sn_chg_rest/change"


@fact("A caller without a role sets no state: reopening by them is ignored, and 200", tag="R")
async def test_an_incident_is_worked_on_resolved_and_opened_again(people: People) -> None:
    abel, charlie = people.abel, people.charlie
    made = await abel.post(
        "now/table/incident",
        {"short_description": "VPN", "caller_id": await charlie.me(), "impact": 2, "urgency": "2"},
    )
    assert (made["number"], made["state"], made["priority"]) == ("INC0010241", "1", "3")
    path = f"now/table/incident/{made['sys_id']}"
    await abel.patch(path, {"state": "2", "assigned_to": await abel.me(), "work_notes": "Looking"})
    hold = {"state": "3", "hold_reason": "1"}
    assert (await abel.refused("PATCH", path, hold))[0] == 403
    await abel.patch(path, hold | {"comments": "Which network?"})
    answered = await charlie.patch(path, {"comments": "The one at home"})
    assert (answered["state"], answered["hold_reason"]) == ("2", "")
    done = {"close_code": "Solution provided", "close_notes": "New profile"}
    resolved = await abel.patch(path, {"state": "6", **done})
    assert resolved["resolved_by"]["value"] == await abel.me()
    again = await charlie.patch(path, {"state": "2", "comments": "It is back"})
    assert again["state"] == "6"
    reopened = await abel.patch(path, {"state": "2"})
    assert (reopened["state"], reopened["reopen_count"]) == ("2", "1")
    assert (reopened["resolved_at"], reopened["active"]) == ("", "true")
    thread = await abel.get(path, sysparm_display_value="true", sysparm_fields="comments")
    assert [line for line in thread["comments"].splitlines() if line and "(" not in line] == [
        "It is back",
        "The one at home",
        "Which network?",
    ]


async def test_an_incident_that_was_closed_stays_closed(people: People) -> None:
    done = {"close_code": "User error", "close_notes": "Explained"}
    made = await people.abel.post("now/table/incident", {"short_description": "Mouse"})
    path = f"now/table/incident/{made['sys_id']}"
    await people.abel.patch(path, {"state": "6", **done})
    status, detail = await people.abel.refused("PATCH", path, {"state": "7"})
    assert (status, "aborted by Business Rule 'Close an incident^" in detail) == (403, True)
    closed = await people.admin.patch(path, {"state": "7"})
    assert (closed["active"], closed["closed_by"]["value"]) == ("false", await people.admin.me())
    assert (await people.admin.refused("PATCH", path, {"state": "2"}))[0] == 403


async def laptop(people: People) -> str:
    """The sys_id of the laptop in the shop."""
    found = await people.charlie.get(f"{SHOP}/items", sysparm_text="Standard Laptop")
    sys_id: str = found[0]["sys_id"]
    return sys_id


@pytest.mark.parametrize("way", ["order_now", "cart"])
async def test_a_laptop_is_ordered_approved_and_handed_over(people: People, way: str) -> None:
    charlie, item = people.charlie, await laptop(people)
    wanted = {"sysparm_quantity": "1", "variables": {"acrobat": "true", "room": "B12"}}
    if way == "order_now":
        made = await charlie.post(f"{SHOP}/items/{item}/order_now", wanted)
    else:
        cart = await charlie.post(f"{SHOP}/items/{item}/add_to_cart", wanted)
        assert cart["items"][0]["item_name"] == "Standard Laptop"
        made = await charlie.post(f"{SHOP}/cart/submit_order")
    assert made["request_number"] == "REQ0010001"
    request = await charlie.row("sc_request", f"sys_id={made['request_id']}")
    assert (request["request_state"], request["approval"]) == ("requested", "requested")
    ordered = await charlie.row(
        "sc_req_item", f"request={request['sys_id']}", sysparm_fields="sys_id,stage,variables.room"
    )
    assert (ordered["stage"], ordered["variables.room"]) == ("waiting_for_approval", "B12")
    await approved_for_fred(people, ordered["sys_id"])
    await tasks_closed(people, ordered["sys_id"])
    ended = await charlie.row("sc_req_item", f"sys_id={ordered['sys_id']}")
    assert (ended["state"], ended["stage"], ended["active"]) == ("3", "complete", "false")
    request = await charlie.row("sc_request", f"sys_id={made['request_id']}")
    assert (request["request_state"], request["approval"]) == ("closed_complete", "approved")
    assert (request["state"], request["active"]) == ("3", "false")


async def approved_for_fred(people: People, ordered: str) -> None:
    """Beth decides in the place of Fred, who delegated his approvals to her; Abel may not."""
    asked = await people.beth.row("sysapproval_approver", f"sysapproval={ordered}")
    assert (asked["approver"], asked["state"]) == (await people.fred.me(), "requested")
    path = f"now/table/sysapproval_approver/{asked['sys_id']}"
    assert (await people.abel.refused("PATCH", path, {"state": "approved"}))[0] == 403
    decided = await people.beth.patch(path, {"state": "approved", "comments": "For Fred"})
    assert decided["state"] == "approved"


async def tasks_closed(people: People, ordered: str) -> None:
    """The tasks of an item come one after the other."""
    for number in ("SCTASK0010001", "SCTASK0010002", "SCTASK0010003"):
        task = await people.abel.row("sc_task", f"request_item={ordered}^active=true")
        assert (task["number"], task["state"]) == (number, "1")
        await people.abel.patch(f"now/table/sc_task/{task['sys_id']}", {"state": "3"})
    assert await people.abel.rows("sc_task", f"request_item={ordered}^active=true") == []


async def state_of(people: People, change: str) -> str:
    """The state of a change as the Table API shows it to people."""
    row = await people.beth.get(
        f"now/table/change_request/{change}", sysparm_display_value="true", sysparm_fields="state"
    )
    state: str = row["state"]
    return state


async def test_a_normal_change_goes_through_all_its_states(people: People) -> None:
    beth, fred = people.beth, people.fred
    network = await beth.row("sys_user_group", "name=Network")
    server = (await beth.rows("cmdb_ci_server", "ORDERBYname", sysparm_limit="1"))[0]
    made = await beth.post(
        f"{CHANGES}/normal",
        {
            "assignment_group": network["sys_id"],
            "cmdb_ci": server["sys_id"],
            "start_date": "2026-12-02 20:00:00",
            "end_date": "2026-12-02 21:00:00",
        },
        short_description="New switch",
    )
    change, path = made["sys_id"]["value"], f"{CHANGES}/{made['sys_id']['value']}"
    assert made["number"]["value"] == "CHG0010032"
    assert made["short_description"] == {"display_value": "New switch", "value": "New switch"}
    assert (await beth.get(f"{path}/nextstates"))["available_states"] == ["-4", "4", "-5"]
    assert (await beth.refused("PATCH", path, {"state": "implement"}))[0] == 400
    await beth.patch(path, {"state": "assess"})
    await beth.post(f"{path}/conflict")
    assert (await beth.get(f"{path}/conflict"))["conflicts"] == []
    assert (await beth.refused("PATCH", f"{path}/approvals", {"state": "rejected"}))[0] == 400
    for person, state in ((beth, "Authorize"), (fred, "Scheduled")):
        await person.patch(f"{path}/approvals", {"state": "approved"})
        assert await state_of(people, change) == state
    await beth.patch(path, {"state": "implement"})
    tasks = await beth.get(f"{path}/task")
    assert len(tasks) == 2
    for task in tasks:
        done = {"state": "3", "close_code": "successful", "close_notes": "Done"}
        await beth.patch(f"{path}/task/{task['sys_id']['value']}", done)
    assert await state_of(people, change) == "Review"
    status, detail = await beth.refused("PATCH", path, {"state": "closed"})
    assert (status, detail.endswith("Close code, Close notes")) == (400, True)
    ended = await beth.patch(path, {"state": "3", "close_code": "successful", "close_notes": "Ok"})
    assert ended["state"] == {"display_value": "Closed", "value": 3.0}
    assert ended["active"] == {"display_value": "false", "value": False}


async def test_a_standard_change_comes_from_a_template_and_asks_nobody(people: People) -> None:
    beth = people.beth
    template = (await beth.get(f"{CHANGES}/standard/template"))[0]
    made = await beth.post(f"{CHANGES}/standard/{template['sys_id']['value']}")
    assert (made["type"]["value"], made["state"]["value"]) == ("standard", -5)
    assert made["short_description"]["value"]
    path = f"{CHANGES}/standard/{made['sys_id']['value']}"
    moved = await beth.patch(path, {"state": "scheduled"})
    assert (moved["state"]["display_value"], moved["approval"]["value"]) == (
        "Scheduled",
        "approved",
    )
    asked = await beth.rows("sysapproval_approver", f"sysapproval={made['sys_id']['value']}")
    assert asked == []
    assert (await beth.refused("DELETE", path))[0] == 403
    deleted = await people.fred.ask("DELETE", path)
    assert deleted.status_code == 200
    assert (await beth.refused("GET", path))[0] == 404


async def test_a_problem_goes_from_new_to_closed_with_a_task(people: People) -> None:
    abel = people.abel
    me = await abel.me()
    made = await abel.post("now/table/problem", {"short_description": "VPN drops"})
    assert (made["number"], made["state"]) == ("PRB0010016", "101")
    path = f"now/table/problem/{made['sys_id']}"
    assert (await abel.refused("PATCH", path, {"state": "102"}))[1].endswith("Assigned to")
    await abel.patch(path, {"state": "102", "assigned_to": me})
    assert (await abel.refused("PATCH", path, {"state": "106"}))[0] == 403
    await abel.patch(path, {"state": "103"})
    task = await abel.post("now/table/problem_task", {"problem": made["sys_id"]})
    assert (task["number"][:5], task["state"]) == ("PTASK", "151")
    of_task = f"now/table/problem_task/{task['sys_id']}"
    await abel.patch(of_task, {"state": "152", "assigned_to": me})
    await abel.patch(of_task, {"state": "154"})
    await abel.patch(of_task, {"state": "157", "close_code": "completed", "close_notes": "Found"})
    notes = {"cause_notes": "An old profile", "fix_notes": "A new one"}
    assert (await abel.refused("PATCH", path, {"state": "104"}))[1].endswith(
        "Cause notes, Fix notes"
    )
    await abel.patch(path, {"state": "104", **notes})
    resolved = await abel.patch(path, {"state": "106", "resolution_code": "fix_applied"})
    assert (resolved["resolved_by"]["value"], resolved["active"]) == (me, "true")
    closed = await abel.patch(path, {"state": "107", "resolution_code": "fix_applied"})
    assert (closed["state"], closed["problem_state"], closed["active"]) == ("107", "107", "false")
