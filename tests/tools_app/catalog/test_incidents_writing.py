"""Creating, changing and resolving incidents as oneself, and nobody else."""

import json

import pytest

from servicenow.exceptions import (
    AclRefused,
    NotAuthorized,
    RecordNotFound,
    RejectedByInstance,
)
from simulator.access.acls import Acl, Operation
from tests.tools_app.desk import CORRELATION_ID, Desk
from tools_app.exceptions import InvalidArguments, NothingToWrite, StateForbids, ToolNotAllowed


async def reported(desk: Desk, **more: object) -> dict[str, object]:
    """A new incident of this person's."""
    return await desk.call("create_incident", short_description="Printer 4 is on fire", **more)


async def test_an_incident_is_created_as_oneself_with_names_and_labels(abel: Desk) -> None:
    ci = abel.one("cmdb_ci", "nameISNOTEMPTY^ORDERBYname")
    answer = await abel.call(
        "create_incident",
        short_description="Printer 4 is on fire",
        description="Smoke comes out of it.\nIt is loud.",
        impact="Medium",
        urgency="1 - High",
        category="Hardware",
        assignment_group="Hardware",
        configuration_item=ci["sys_id"],
        contact_type="Phone",
        other_fields={"due_date": "2026-12-01T10:00:00+01:00", "watch_list": ""},
    )
    row = abel.row("incident", answer["sys_id"])
    assert answer["caller"] == {"sys_id": abel.caller.sys_id, "name": "Abel Tuter"}
    assert answer["priority"] == "2 - High"
    assert (row["impact"], row["urgency"], row["category"]) == ("2", "1", "hardware")
    assert (row["contact_type"], row["due_date"]) == ("phone", "2026-12-01 09:00:00")
    assert row["description"] == "Smoke comes out of it.\nIt is loud."
    assert row["opened_by"] == row["caller_id"] == abel.caller.sys_id
    assert row["correlation_id"] == CORRELATION_ID
    assert not {"ignored", "not_applied", "hidden_fields"} & answer.keys()


async def test_anybody_may_report_something(charlie: Desk) -> None:
    answer = await reported(charlie)
    assert answer["caller"] == {"sys_id": charlie.caller.sys_id, "name": "Charlie Whitherspoon"}


async def test_what_an_acl_keeps_out_of_a_new_incident_is_named_as_not_applied(abel: Desk) -> None:
    abel.instance.access.add(
        Acl(
            table="incident",
            operation=Operation.CREATE,
            field="cmdb_ci",
            roles=frozenset({"admin"}),
        )
    )
    ci = abel.one("cmdb_ci", "nameISNOTEMPTY")
    answer = await reported(abel, configuration_item=ci["sys_id"])
    assert answer["not_applied"] == ["configuration_item"]


async def test_fields_that_the_table_does_not_have_are_refused_before_anything_is_sent(
    abel: Desk,
) -> None:
    for name in ("shoe_size", "assigned_to.name", "Short Description", "due_dat"):
        with pytest.raises(InvalidArguments) as refused:
            await reported(abel, other_fields={name: "42"})
        assert refused.value.arguments[0].argument == f"other_fields.{name}"
    assert "due_date" in refused.value.arguments[0].accepted
    assert abel.requests("POST") == []


async def test_a_field_given_twice_is_refused(abel: Desk) -> None:
    with pytest.raises(InvalidArguments, match="also given as an argument"):
        await reported(abel, other_fields={"short_description": "Another one"})


@pytest.mark.parametrize(
    ("name", "wrong", "accepted"),
    [
        ("knowledge", "yes", "true or false"),
        ("due_date", "tomorrow", "ISO 8601"),
        ("due_date", "2026-12-01 25:00:00", "ISO 8601"),
        ("company", "ACME", "the sys_id in core_company"),
        ("problem_id", "PRB9999999", "number, sys_id or link of a record of problem"),
        ("parent", "INC9999999", "number, sys_id or link of a record of task"),
        ("assigned_to", "Nobody At All", "exact user name"),
        ("contact_type", "Pigeon", "Phone"),
    ],
)
async def test_values_of_other_fields_are_checked_by_their_type(
    abel: Desk, name: str, wrong: str, accepted: str
) -> None:
    with pytest.raises(InvalidArguments) as refused:
        await reported(abel, other_fields={name: wrong})
    assert accepted in refused.value.arguments[0].accepted


async def test_other_fields_point_to_tasks_by_number(abel: Desk, beth: Desk) -> None:
    parent = abel.one("incident", "active=true")
    problem = beth.one("problem", "active=true")
    pointing = {"parent_incident": parent["number"], "problem_id": problem["number"]}
    changed = await beth.call(
        "update_incident", incident="INC0010003", other_fields={**pointing, "parent": "INC0010001"}
    )
    row = beth.row("incident", changed["sys_id"])
    assert (row["parent_incident"], row["problem_id"]) == (parent["sys_id"], problem["sys_id"])
    assert row["parent"] == beth.one("incident", "number=INC0010001")["sys_id"]


async def test_names_labels_and_times_work_in_other_fields_too(abel: Desk) -> None:
    answer = await reported(
        abel,
        other_fields={
            "assigned_to": "Beth Anglin",
            "contact_type": "Walk-in",
            "due_date": "2026-12-01 09:30:00",
            "knowledge": "true",
        },
    )
    row = abel.row("incident", answer["sys_id"])
    assert answer["assigned_to"]["name"] == "Beth Anglin"
    assert (row["contact_type"], row["knowledge"]) == ("walk-in", "true")
    assert row["due_date"] == "2026-12-01 09:30:00"


async def test_people_to_be_told_are_a_list_of_names_and_addresses(abel: Desk) -> None:
    answer = await reported(
        abel, other_fields={"watch_list": "Beth Anglin, someone@example.org , abel.tuter"}
    )
    row = abel.row("incident", str(answer["sys_id"]))
    assert row["watch_list"].split(",") == [
        "46d44a23a9fe19810012d100cca80666",
        "someone@example.org",
        abel.caller.sys_id,
    ]
    with pytest.raises(InvalidArguments, match="Nobody At All"):
        await reported(abel, other_fields={"watch_list": "Beth Anglin, Nobody At All"})


async def test_a_list_of_what_the_persons_dictionary_does_not_tell_is_sent_as_it_is(
    charlie: Desk,
) -> None:
    answer = await reported(charlie, other_fields={"watch_list": "a@example.org, b@example.org"})
    row = charlie.row("incident", str(answer["sys_id"]))
    assert row["watch_list"] == "a@example.org,b@example.org"


async def test_every_write_is_read_back(abel: Desk) -> None:
    new = await reported(abel)
    await abel.call("update_incident", incident=new["sys_id"], urgency="1")
    record = f"/api/now/table/incident/{new['sys_id']}"
    after = [(one.method, one.path) for one in abel.requests(path="/api/now/table/incident")]
    assert after[:2] == [("POST", "/api/now/table/incident"), ("GET", record)]
    assert after[-2:] == [("PATCH", record), ("GET", record)]


async def test_a_subcategory_is_looked_for_under_its_category(abel: Desk) -> None:
    for row in abel.instance.query("sys_choice", "name=incident^element=subcategory"):
        category = "hardware" if row["label"] in {"Monitor", "CPU"} else "network"
        abel.instance.update("sys_choice", row["sys_id"], {"dependent_value": category})
    answer = await reported(abel, category="Network", subcategory="VPN")
    assert answer["subcategory"] == "VPN"
    with pytest.raises(InvalidArguments) as refused:
        await abel.call("update_incident", incident=answer["number"], subcategory="Monitor")
    assert "VPN" in refused.value.arguments[0].accepted
    assert "CPU" not in refused.value.arguments[0].accepted


async def test_only_what_is_given_is_changed_and_the_incident_comes_back_as_it_stands(
    abel: Desk,
) -> None:
    new = await reported(abel)
    answer = await abel.call(
        "update_incident",
        incident=new["number"],
        state="In progress",
        assigned_to="beth.anglin@example.com",
        urgency="1",
    )
    assert (answer["state"], answer["urgency"]) == ("In Progress", "1 - High")
    assert answer["assigned_to"]["name"] == "Beth Anglin"
    [update] = abel.requests("PATCH")
    assert json.loads(update.body) == {
        "state": "2",
        "urgency": "1",
        "assigned_to": "46d44a23a9fe19810012d100cca80666",
    }


async def test_an_update_never_touches_the_correlation_id(abel: Desk) -> None:
    new = await reported(abel)
    await abel.call("update_incident", incident=new["number"], urgency="1")
    assert "correlation" not in abel.requests("PATCH")[0].body


async def test_a_field_is_emptied_by_empty_text_in_other_fields(abel: Desk) -> None:
    new = await reported(abel, assignment_group="Hardware")
    answer = await abel.call(
        "update_incident", incident=new["number"], other_fields={"assignment_group": " "}
    )
    assert "assignment_group" not in answer


async def test_an_update_of_nothing_is_refused(abel: Desk) -> None:
    new = await reported(abel)
    with pytest.raises(InvalidArguments, match="nothing to change"):
        await abel.call("update_incident", incident=new["number"])


async def test_an_update_of_protected_fields_alone_is_refused_and_names_them(abel: Desk) -> None:
    new = await reported(abel)
    with pytest.raises(NothingToWrite) as refused:
        await abel.call(
            "update_incident",
            incident=new["number"],
            other_fields={"caller_id": "x", "Opened-By": "y"},
        )
    assert refused.value.dropped == ("caller_id", "Opened-By")
    assert abel.requests("PATCH") == []


async def test_on_hold_needs_a_reason_and_lists_those_there_are(abel: Desk) -> None:
    new = await reported(abel)
    with pytest.raises(InvalidArguments) as refused:
        await abel.call("update_incident", incident=new["number"], state="On Hold")
    [missing] = refused.value.arguments
    assert missing.argument == "hold_reason"
    assert {"Awaiting Caller", "Awaiting Vendor"} <= set(
        missing.accepted.removeprefix("one of ").split(", ")
    )
    answer = await abel.call(
        "update_incident", incident=new["number"], state="On Hold", hold_reason="Awaiting Vendor"
    )
    assert (answer["state"], answer["hold_reason"]) == ("On Hold", "Awaiting Vendor")


async def test_awaiting_the_caller_needs_a_comment_for_them(abel: Desk) -> None:
    new = await reported(abel)
    on_hold = {"incident": new["number"], "state": "On Hold", "hold_reason": "Awaiting Caller"}
    with pytest.raises(InvalidArguments, match="awaits the caller"):
        await abel.call("update_incident", **on_hold)
    answer = await abel.call(
        "update_incident", **on_hold, other_fields={"comments": "Which floor are you on?"}
    )
    assert answer["hold_reason"] == "Awaiting Caller"
    assert "not_applied" not in answer
    again = await abel.call("update_incident", incident=new["number"], urgency="2")
    assert again["state"] == "On Hold"


async def test_a_hold_reason_goes_only_with_the_state_on_hold(abel: Desk) -> None:
    new = await reported(abel)
    with pytest.raises(InvalidArguments, match="only with the state On Hold"):
        await abel.call("update_incident", incident=new["number"], hold_reason="Awaiting Vendor")


async def test_resolving_by_state_alone_points_to_the_tool_for_it(abel: Desk) -> None:
    new = await reported(abel)
    with pytest.raises(InvalidArguments) as refused:
        await abel.call("update_incident", incident=new["number"], state="Resolved")
    assert "resolve_incident" in refused.value.next_step
    answer = await abel.call(
        "update_incident",
        incident=new["number"],
        state="Resolved",
        other_fields={"close_code": "User error", "close_notes": "It was a toaster."},
    )
    assert (answer["state"], answer["close_code"]) == ("Resolved", "User error")


async def test_an_incident_is_resolved_with_a_close_code_by_its_label(abel: Desk) -> None:
    new = await reported(abel)
    answer = await abel.call(
        "resolve_incident",
        incident=new["number"],
        close_code="solution Provided",
        close_notes="Put it out.",
    )
    assert (answer["state"], answer["close_code"]) == ("Resolved", "Solution provided")
    assert answer["resolved_by"]["name"] == "Abel Tuter"
    assert answer["close_notes"] == "Put it out."


async def test_a_wrong_close_code_is_answered_with_those_of_the_instance(abel: Desk) -> None:
    new = await reported(abel)
    with pytest.raises(InvalidArguments) as refused:
        await abel.call(
            "resolve_incident", incident=new["number"], close_code="Solved", close_notes="Put out."
        )
    assert "Solution provided" in refused.value.arguments[0].accepted
    assert abel.requests("PATCH") == []


async def test_what_is_resolved_already_is_not_resolved_again(abel: Desk) -> None:
    for state, word in (("6", "resolved"), ("7", "closed"), ("8", "canceled")):
        row = abel.one("incident", f"state={state}")
        with pytest.raises(StateForbids, match=word) as refused:
            await abel.call(
                "resolve_incident",
                incident=row["number"],
                close_code="Duplicate",
                close_notes="Again.",
            )
        assert refused.value.code == "CONFLICT"
    assert abel.requests("PATCH") == []


async def test_a_closed_incident_is_not_reopened(abel: Desk) -> None:
    row = abel.one("incident", "state=7")
    with pytest.raises(StateForbids, match="cannot change any more"):
        await abel.call("update_incident", incident=row["number"], state="New")


async def test_a_resolved_incident_may_be_reopened(abel: Desk) -> None:
    new = await reported(abel)
    await abel.call(
        "resolve_incident", incident=new["number"], close_code="Duplicate", close_notes="Again."
    )
    answer = await abel.call("update_incident", incident=new["number"], state="In Progress")
    assert answer["state"] == "In Progress"


async def test_what_a_rule_of_the_instance_refuses_rises_as_it_is(abel: Desk) -> None:
    new = await reported(abel)
    with pytest.raises(RejectedByInstance):
        await abel.call("update_incident", incident=new["number"], state="Closed")


async def test_charlie_cannot_change_or_resolve_abels_incident(abel: Desk, charlie: Desk) -> None:
    new = await reported(abel)
    before = abel.row("incident", str(new["sys_id"]))
    with pytest.raises(RecordNotFound):
        await charlie.call("update_incident", incident=new["number"], urgency="1")
    with pytest.raises(RecordNotFound):
        await charlie.call(
            "resolve_incident", incident=new["sys_id"], close_code="Duplicate", close_notes="No."
        )
    with pytest.raises(RecordNotFound):
        await charlie.call("add_work_note", record=new["number"], note="Hello")
    assert abel.row("incident", str(new["sys_id"])) == before


async def test_what_charlie_may_not_set_on_his_own_incident_is_named_as_not_applied(
    charlie: Desk,
) -> None:
    new = await reported(charlie)
    answer = await charlie.call(
        "update_incident", incident=new["number"], urgency="1", assignment_group="Hardware"
    )
    assert answer["not_applied"] == ["assignment_group"]
    assert answer["urgency"] == "1 - High"


async def test_an_acl_that_refuses_a_write_rises_as_it_is(abel: Desk) -> None:
    abel.instance.access.add(
        Acl(
            table="incident",
            operation=Operation.CREATE,
            roles=frozenset({"admin"}),
            deny_unless=True,
        )
    )
    with pytest.raises((AclRefused, NotAuthorized)):
        await reported(abel)


async def test_a_tool_that_reads_gets_no_tables_that_write(abel: Desk) -> None:
    call = abel.tool_call("get_incident")
    with pytest.raises(ToolNotAllowed):
        await call.tables.create("incident", {"short_description": "x"}, fields=["number"])
    assert abel.requests("POST") == []
