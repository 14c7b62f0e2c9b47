"""Ordering from the catalog: what is checked before, what is sent, and what comes of it."""

import json
from collections.abc import Mapping

import pytest

from servicenow.exceptions import OutcomeUnknown, RecordNotFound, RejectedByInstance
from simulator.control.faults import FaultKind
from tests.tools_app.desk import Desk
from tools_app.exceptions import AmbiguousMatch, InvalidArguments

ORDER = "submit_catalog_request"


async def order(desk: Desk, item: str, **variables: str) -> dict[str, object]:
    """What became of an order of one `item`."""
    return await desk.call(ORDER, item=item, variables=variables)


def sent(desk: Desk) -> Mapping[str, str]:
    """The variables of the only order that was sent."""
    [post] = desk.requests("POST")
    variables: Mapping[str, str] = json.loads(post.body)["variables"]
    return variables


async def refused(desk: Desk, item: str, **variables: str) -> str:
    """Why an order was refused; nothing of it was sent."""
    with pytest.raises(InvalidArguments) as wrong:
        await order(desk, item, **variables)
    assert desk.requests("POST") == []
    return str(wrong.value)


async def test_an_order_answers_what_was_ordered_and_where_it_stands(charlie: Desk) -> None:
    made = await charlie.call(ORDER, item="Standard Laptop", variables={"acrobat": "yes"})
    assert made["outcome"] == "requested"
    assert str(made["number"]).startswith("REQ")
    assert made["requested_for"]["sys_id"] == charlie.caller.sys_id
    [item] = made["items"]
    assert item["item"]["name"] == "Standard Laptop"
    assert item["approval"] == "Requested"
    assert "waits for approval" in str(made["what_next"])
    assert sent(charlie) == {"acrobat": "true"}
    row = charlie.row("sc_request", str(made["sys_id"]))
    assert row["requested_for"] == row["opened_by"] == charlie.caller.sys_id


async def test_a_quantity_is_ordered(abel: Desk) -> None:
    made = await abel.call(ORDER, item="Headset", quantity=3)
    assert (made["items"][0]["quantity"], made["price"]) == ("3", "$225.00")
    assert "No approval is awaited" in made["what_next"]
    with pytest.raises(InvalidArguments, match="not asked for"):
        await abel.call(ORDER, item="Desk Set Up", quantity=2)


async def test_answers_take_labels_and_names_of_variables_and_choices(abel: Desk) -> None:
    await abel.call(
        ORDER,
        item="Developer Laptop",
        variables={
            "Memory": "32 gb",
            "operating_system": "Linux",
            "urgency": "2",
            "deliver_to": abel.one("cmn_location", "nameISNOTEMPTY")["sys_id"],
        },
    )
    assert {"memory": "32", "operating_system": "linux", "urgency": "2"}.items() <= sent(
        abel
    ).items()


async def test_every_problem_is_named_at_once_and_nothing_is_ordered(abel: Desk) -> None:
    why = await refused(abel, "Developer Laptop", memory="1 TB", operating_sistem="linux", room="x")
    assert "`variables.memory` is '1 TB'. Accepted: one of 16 GB, 32 GB, 64 GB." in why
    assert "operating_sistem` is no variable of this item" in why
    assert "room" not in why.split("Accepted: one of memory")[0]


async def test_a_mandatory_variable_without_an_answer_says_what_it_takes(abel: Desk) -> None:
    why = await refused(abel, "Developer Laptop")
    assert "`variables.memory` is mandatory and has no answer" in why
    assert "16 GB, 32 GB, 64 GB" in why
    assert "operating_system" not in why
    assert "mandatory" in await refused(abel, "Developer Laptop", memory="  ")


@pytest.mark.parametrize(
    ("item", "variables", "problem"),
    [
        ("Software Installation", {"software": "x", "needed_by": "soon"}, "a date"),
        ("Software Installation", {"software": "x", "website": "ftp://x"}, "https://"),
        ("New Email Account", {"new_email": "nobody"}, "one e-mail address"),
        (
            "Firewall Rule",
            {"source": "1.2.3", "destination": "10.0.0.1", "port": "1"},
            "IP address",
        ),
        ("Corporate VPN Access", {"from_when": "2026-05-01T09:00:00"}, "with zone"),
        ("Standard Laptop", {"acrobat": "perhaps"}, "true or false"),
        ("Developer Laptop", {"memory": "16", "urgency": "99"}, "one of 1, 2, 3, 4, 5"),
        ("Virtual Server", {"server_name": "a", "size": "small", "lifetime": "long"}, "days and"),
        ("Business Phone", {"replacement": "maybe", "data_plan": "5gb"}, "one of Yes, No"),
        ("Building Badge", {"building": "San"}, "record of cmn_location, such as San Diego"),
        ("Building Badge", {"building": "Atlantis"}, "such as "),
        ("Building Badge", {}, "the exact name or the sys_id of a record of cmn_location"),
        ("Distribution List", {"list_name": "x", "members": "Anglin"}, "such as Beth Anglin"),
        ("Distribution List", {"list_name": "x", "members": "Nobody"}, "Use lookup_user"),
        ("Database Instance", {"database_name": "x", "new_users": "[]"}, "multi-row"),
        ("Report an Incident", {"what_happened": "x", "screenshot": "y"}, "takes a file"),
        ("Ask a Question", {"description": "javascript:gs.getUserID()"}, "never sent"),
        ("Desk Set Up", {"memory": "16 GB"}, "one of ergonomic_office"),
        ("Headset", {"colour": "red"}, "none: it asks nothing"),
    ],
)
async def test_an_answer_of_the_wrong_type_is_refused_with_what_is_accepted(
    abel: Desk, item: str, variables: dict[str, str], problem: str
) -> None:
    assert problem in await refused(abel, item, **variables)


async def test_a_secret_never_goes_through_a_conversation(abel: Desk) -> None:
    assert "order this in the browser" in await refused(abel, "Corporate VPN Access")
    why = await refused(abel, "Corporate VPN Access", pass_phrase="hunter2")
    assert "holds a secret" in why
    assert "hunter2" not in why


async def test_answers_of_every_type_are_sent_as_servicenow_stores_them(abel: Desk) -> None:
    await order(abel, "Software Installation", software="Blender", needed_by="2026-12-24")
    assert sent(abel)["needed_by"] == "2026-12-24"
    abel.world.journal.clear()
    await order(abel, "Virtual Server", server_name="a", size="Small", lifetime="3 08:00:00")
    assert (sent(abel)["size"], sent(abel)["lifetime"]) == ("small", "3 08:00:00")
    abel.world.journal.clear()
    await order(abel, "Business Phone", replacement="false", data_plan="5 GB")
    assert sent(abel) == {"replacement": "No", "data_plan": "5gb"}


async def test_references_are_found_by_name_several_by_a_list(abel: Desk) -> None:
    members = "abel.tuter, Beth Anglin"
    await order(abel, "Distribution List", list_name="Printers", members=members)
    beth = abel.one("sys_user", "user_name=beth.anglin")["sys_id"]
    assert sent(abel)["members"] == f"{abel.caller.sys_id},{beth}"


async def test_a_person_who_left_and_a_name_of_several_are_no_answers(abel: Desk) -> None:
    for name in ("gone.one", "gone.two"):
        abel.instance.insert(
            "sys_user", {"user_name": name, "name": "Gone Away", "active": "false"}
        )
    why = await refused(abel, "Distribution List", list_name="x", members="gone.one")
    assert "not active" in why
    with pytest.raises(AmbiguousMatch):
        await order(abel, "Distribution List", list_name="x", members="Gone Away")


async def test_what_a_rule_of_the_form_makes_mandatory_is_asked_for(abel: Desk) -> None:
    why = await refused(abel, "Business Phone", replacement="Yes", data_plan="5gb")
    assert "original_number` is mandatory" in why
    await order(abel, "Business Phone", replacement="Yes", data_plan="5gb", original_number="555")
    assert sent(abel)["original_number"] == "555"


async def test_what_a_rule_of_the_form_hides_is_no_answer(abel: Desk) -> None:
    why = await refused(
        abel, "Business Phone", replacement="No", data_plan="5gb", original_number="555"
    )
    assert "is not asked after the other answers" in why


async def test_a_requester_whom_the_form_hides_does_not_stand_in_the_way(abel: Desk) -> None:
    item = abel.instance.insert("sc_cat_item", {"name": "Key"})
    asked = {"cat_item": item, "question_text": "For", "type": "31", "name": "for_whom"}
    whom = abel.instance.insert("item_option_new", asked)
    policy = abel.instance.insert(
        "catalog_ui_policy", {"catalog_item": item, "catalog_conditions": f"IO:{whom}ISNOTEMPTY^EQ"}
    )
    hides = {"ui_policy": policy, "catalog_variable": f"IO:{whom}", "visible": "false"}
    abel.instance.insert("catalog_ui_policy_action", {**hides, "catalog_item": item})
    assert (await order(abel, "Key"))["outcome"] == "requested"


async def test_a_form_becomes_a_record_of_the_signed_in_person(charlie: Desk) -> None:
    made = await order(charlie, "Report an Incident", what_happened="Smoke", urgency="High")
    assert (made["outcome"], made["table"]) == ("record_created", "incident")
    row = charlie.row("incident", str(made["sys_id"]))
    assert (row["number"], row["short_description"]) == (made["number"], "Smoke")
    assert "get_incident" in str(made["what_next"])
    assert row["urgency"] == "1"
    assert row["caller_id"] == row["opened_by"] == charlie.caller.sys_id
    with pytest.raises(InvalidArguments, match="not asked for"):
        await charlie.call(
            ORDER, item="Report an Incident", variables={"what_happened": "x"}, quantity=2
        )


async def test_a_guide_is_not_ordered_by_itself(abel: Desk) -> None:
    guide = abel.one("sc_cat_item", "sys_class_name=sc_cat_item_guide")["sys_id"]
    with pytest.raises(InvalidArguments, match="order_guide"):
        await abel.call(ORDER, item=guide)


async def test_where_the_cart_is_looked_at_first_nothing_is_said_to_be_ordered(abel: Desk) -> None:
    values = {"name": "glide.sc.checkout.twostep", "value": "true"}
    rows = abel.instance.query("sys_properties", "name=glide.sc.checkout.twostep")
    if rows:
        abel.instance.update("sys_properties", rows[0]["sys_id"], values)
    else:
        abel.instance.insert("sys_properties", values)
    before = abel.instance.count("sc_request")
    made = await abel.call(ORDER, item="Headset")
    assert made["outcome"] == "in_cart"
    assert "Not ordered yet" in made["what_next"]
    assert "number" not in made
    assert abel.instance.count("sc_request") == before


async def test_an_item_that_is_not_for_this_person_cannot_be_ordered(charlie: Desk) -> None:
    hidden = charlie.one("sc_cat_item", "name=Executive Car Service")["sys_id"]
    with pytest.raises(RecordNotFound):
        await charlie.call(ORDER, item=hidden)
    assert charlie.requests("POST") == []


async def test_servicenows_own_sentence_is_passed_on(abel: Desk) -> None:
    item = abel.one("sc_cat_item", "name=Developer Laptop")["sys_id"]
    asked = abel.one("item_option_new", f"cat_item={item}^name=urgency")
    read_roles = {"read_roles": "catalog_admin", "mandatory": "true"}
    abel.instance.update("item_option_new", asked["sys_id"], read_roles)
    with pytest.raises(RejectedByInstance, match="Mandatory Variables are required"):
        await order(abel, "Developer Laptop", memory="16")


async def test_a_form_whose_reply_is_lost_is_unknown_and_never_sent_again(abel: Desk) -> None:
    lost = (FaultKind.RESET_AFTER, FaultKind.SERVER_FAULT_AFTER_COMMIT, FaultKind.TRUNCATED)
    for kind in (FaultKind.RESET_BEFORE, *lost):
        abel.world.journal.clear()
        abel.fault(kind, method="POST")
        with pytest.raises(OutcomeUnknown):
            await order(abel, "Ask a Question", description="Why?")
        assert len(abel.requests("POST")) == 1


async def test_an_order_that_cannot_be_read_back_is_no_failure(abel: Desk) -> None:
    abel.fault(FaultKind.NOT_AUTHORIZED, method="GET", path="/api/now/table/sc_re*", count=5)
    made = await abel.call(ORDER, item="Headset")
    assert made["outcome"] == "requested"
    assert "could not be read back" in made["what_next"]
    assert abel.row("sc_request", made["sys_id"])["number"] == made["number"]
