"""Reading and writing at the simulated instance, in this process."""

from datetime import timedelta

import pytest

from servicenow.client import ServiceNowClient
from servicenow.exceptions import (
    AclRefused,
    BadRequest,
    DataPolicyViolation,
    InvalidTable,
    RecordNotFound,
    RejectedByInstance,
    ScopeNotAllowed,
    ServiceNowFailure,
    UnknownField,
)
from servicenow.query import Query
from servicenow.records import servicenow_time
from tests.servicenow.simulated import FIELDS, NOW, Simulated


async def test_every_record_is_met_once_by_paging(abel: ServiceNowClient) -> None:
    query = Query().equals("active", value=True).order_by("number")
    numbers: list[str] = []
    offset: int | None = 0
    while offset is not None:
        page = await abel.tables.list(
            "incident", query=query, fields=FIELDS, limit=37, offset=offset
        )
        numbers += [record.value("number") for record in page.records]
        offset = page.next_offset
    assert numbers == sorted(set(numbers))
    assert len(numbers) == page.total > 37


async def test_rows_that_charlie_may_not_see_are_missing_and_counted(
    charlie: ServiceNowClient,
) -> None:
    seen: set[str] = set()
    offset: int | None = 0
    removed = 0
    while offset is not None:
        page = await charlie.tables.list(
            "incident", query=Query(), fields=FIELDS, limit=50, offset=offset
        )
        seen |= {record.display("caller_id") for record in page.records}
        removed += page.removed_rows
        offset = page.next_offset
    assert "Charlie Whitherspoon" in seen
    assert page.total is not None
    assert page.total >= 200
    assert removed > 100


async def test_a_record_has_values_names_and_references(abel: ServiceNowClient) -> None:
    query = Query().equals("number", "INC0010001")
    record = await abel.tables.find_one("incident", query=query, fields=(*FIELDS, "opened_at"))
    assert record.display("state") == "In Progress"
    assert record.value("state") == "2"
    caller = record.reference("caller_id")
    assert caller is not None
    assert caller.name == "Abel Tuter"
    assert len(caller.sys_id) == 32
    opened = servicenow_time(record.value("opened_at"))
    assert opened is not None
    assert NOW - timedelta(days=2) < opened < NOW
    same = await abel.tables.get("incident", sys_id=record.sys_id, fields=["caller_id.email"])
    assert same.value("caller_id.email") == "abel.tuter@example.com"


async def test_a_hidden_field_is_named(charlie: ServiceNowClient) -> None:
    page = await charlie.tables.list(
        "sys_user",
        query=Query().equals("user_name", "beth.anglin"),
        fields=["name", "email", "home_phone", "locked_out"],
    )
    assert page.records[0].display("name") == "Beth Anglin"
    assert page.hidden_fields == ["home_phone", "locked_out"]


async def test_a_record_that_does_not_exist_or_is_not_for_charlie_is_not_found(
    abel: ServiceNowClient, charlie: ServiceNowClient
) -> None:
    query = Query().equals("number", "INC0010001")
    record = await abel.tables.find_one("incident", query=query, fields=FIELDS)
    for sys_id in (record.sys_id, "0" * 32):
        with pytest.raises(RecordNotFound):
            await charlie.tables.get("incident", sys_id=sys_id, fields=FIELDS)


async def test_the_query_language_means_there_what_it_means_here(abel: ServiceNowClient) -> None:
    query = (
        Query()
        .any_of(Query().equals("state", 2), Query().equals("state", 3))
        .is_not_empty("assigned_to")
        .contains("caller_id.name", "abel")
        .is_in("priority", [1, 2, 3, 4, 5])
        .less("opened_at", NOW)
        .order_by("opened_at", descending=True)
        .checked_by(abel.dictionary)
    )
    page = await abel.tables.list("incident", query=query, fields=(*FIELDS, "opened_at"), limit=100)
    assert page.records
    opened = [record.value("opened_at") for record in page.records]
    assert opened == sorted(opened, reverse=True)
    assert {record.value("state") for record in page.records} <= {"2", "3"}
    assert {record.display("caller_id") for record in page.records} == {"Abel Tuter"}


# Each is looked for before one that contains it is there.
TYPED = (
    "^ORactive=true",
    "a^b",
    "^^",
    "^NQactive=true",
    "x\\^ORactive=true",
    "50% & more + #1?",
    "ä😀",
)


async def test_what_a_person_types_is_found_again_and_nothing_else(abel: ServiceNowClient) -> None:
    for text in TYPED:
        marked = f"marked {text} here"
        await abel.tables.create("incident", {"short_description": marked}, fields=FIELDS)
        query = Query().contains("short_description", text)
        page = await abel.tables.list("incident", query=query, fields=FIELDS)
        assert [record.value("short_description") for record in page.records] == [marked]
        exact = Query().equals("short_description", marked)
        assert len((await abel.tables.list("incident", query=exact, fields=FIELDS)).records) == 1


async def test_an_unknown_field_returns_everything_there_and_is_refused_here(
    abel: ServiceNowClient,
) -> None:
    query = Query().equals("no_such_field", "x")
    assert (await abel.tables.list("incident", query=query, fields=FIELDS)).total >= 200  # type: ignore[operator]  # a total is there
    with pytest.raises(UnknownField):
        await abel.tables.list("incident", query=query.checked_by(abel.dictionary), fields=FIELDS)


async def test_an_instance_that_ignores_conditions_does_not_make_one_record_another(
    simulated: Simulated, abel: ServiceNowClient
) -> None:
    simulated.world.instance.switches.ignore_query_conditions = True
    query = Query().equals("number", "INC0010001")
    with pytest.raises(ServiceNowFailure):
        await abel.tables.find_one("incident", query=query, fields=FIELDS)


# Dictionary and choices


async def test_fields_are_inherited_and_walked(abel: ServiceNowClient) -> None:
    fields = await abel.dictionary.fields_of("incident")
    assert fields["caller_id"].reference == "sys_user"
    assert fields["short_description"].table == "task"
    await abel.dictionary.check(
        "incident", ["number", "caller_id.department.name", "assignment_group.manager.email"]
    )


@pytest.mark.parametrize("readable", [True, False])
async def test_people_who_may_not_read_the_dictionary_can_still_work(
    simulated: Simulated, abel: ServiceNowClient, *, readable: bool
) -> None:
    simulated.world.instance.switches.dictionary_readable = readable
    await abel.dictionary.check(
        "incident", ["number", "caller_id.department.name", "work_notes", "close_code"]
    )
    for unknown in ("no_such_field", "caller_id.no_such_field"):
        with pytest.raises(UnknownField):
            await abel.dictionary.check("incident", [unknown])
    labels = {item.value: item.label for item in await abel.dictionary.choices("incident", "state")}
    assert labels["2"] == "In Progress"
    assert labels["6"] == "Resolved"
    priorities = await abel.dictionary.choices("incident", "priority")
    assert [choice.value for choice in priorities] == ["1", "2", "3", "4", "5"]


# Writing


async def test_a_new_record_comes_back_with_what_the_instance_made_of_it(
    abel: ServiceNowClient,
) -> None:
    values = {
        "short_description": "Printer on fire",
        "impact": "1",
        "urgency": "2",
        "correlation_id": "0123456789abcdef",
    }
    made = await abel.tables.create("incident", values, fields=(*FIELDS, "correlation_id"))
    assert made.value("number").startswith("INC")
    assert made.display("priority") == "2 - High"
    assert made.value("correlation_id") == "0123456789abcdef"
    read = await abel.tables.get("incident", sys_id=made.sys_id, fields=FIELDS)
    assert read.value("short_description") == "Printer on fire"


async def test_a_work_note_is_in_the_journal(abel: ServiceNowClient) -> None:
    made = await abel.tables.create("incident", {"short_description": "x"}, fields=FIELDS)
    for text in ("first ^ note", "second note"):
        await abel.tables.update(
            "incident", sys_id=made.sys_id, values={"work_notes": text}, fields=["number"]
        )
    read = await abel.tables.get("incident", sys_id=made.sys_id, fields=["work_notes"])
    assert read.value("work_notes") == ""
    journal = read.display("work_notes")
    assert journal.index("second note") < journal.index("first ^ note")
    assert "Abel Tuter" in journal


async def test_a_field_that_may_not_be_written_is_silently_left_out(
    charlie: ServiceNowClient,
) -> None:
    made = await charlie.tables.create(
        "incident", {"short_description": "Mine", "impact": "1", "priority": "1"}, fields=FIELDS
    )
    assert made.value("priority") != "1"


async def test_resolving_without_a_code_names_the_fields(abel: ServiceNowClient) -> None:
    made = await abel.tables.create("incident", {"short_description": "x"}, fields=FIELDS)
    with pytest.raises(DataPolicyViolation) as caught:
        await abel.tables.update(
            "incident", sys_id=made.sys_id, values={"state": "6"}, fields=FIELDS
        )
    assert caught.value.fields
    done = {"state": "6", "close_code": "Solution provided", "close_notes": "Done"}
    resolved = await abel.tables.update("incident", sys_id=made.sys_id, values=done, fields=FIELDS)
    assert resolved.display("state") == "Resolved"


async def test_a_rule_of_the_instance_says_why(abel: ServiceNowClient) -> None:
    made = await abel.tables.create("incident", {"short_description": "x"}, fields=FIELDS)
    done = {"state": "7", "close_code": "Solution provided", "close_notes": "Done"}
    with pytest.raises(RejectedByInstance) as caught:
        await abel.tables.update("incident", sys_id=made.sys_id, values=done, fields=FIELDS)
    assert caught.value.sentence


async def test_charlie_cannot_change_what_is_not_his(
    abel: ServiceNowClient, charlie: ServiceNowClient
) -> None:
    made = await abel.tables.create("incident", {"short_description": "x"}, fields=FIELDS)
    with pytest.raises((RecordNotFound, AclRefused)):
        await charlie.tables.update(
            "incident", sys_id=made.sys_id, values={"short_description": "y"}, fields=FIELDS
        )
    with pytest.raises(AclRefused):
        await charlie.tables.create("sys_user", {"user_name": "x"}, fields=["user_name"])


async def test_an_unknown_table_is_told(simulated: Simulated, abel: ServiceNowClient) -> None:
    for detailed in (False, True):
        simulated.world.instance.switches.invalid_table_detail = detailed
        with pytest.raises(InvalidTable) as caught:
            await abel.tables.list("u_nope", query=Query(), fields=FIELDS)
        assert caught.value.table == "u_nope"


async def test_an_unknown_path_is_a_bad_request(abel: ServiceNowClient) -> None:
    with pytest.raises(BadRequest):
        await abel.get_json("/api/now/nonsense", query={})


async def test_an_oauth_client_without_scope_is_refused_as_such(
    simulated: Simulated, abel: ServiceNowClient
) -> None:
    simulated.world.switches.scope_gate = True
    with pytest.raises(ScopeNotAllowed):
        await abel.tables.list("incident", query=Query(), fields=FIELDS)


async def test_the_cookie_of_one_person_never_wins_over_the_token_of_another(
    simulated: Simulated, abel: ServiceNowClient, charlie: ServiceNowClient
) -> None:
    assert simulated.world.switches.api_cookies
    for client, user_name in ((abel, "abel.tuter"), (charlie, "charlie.whitherspoon")) * 3:
        answer = await client.get_json("/api/now/ui/user/current_user", query={})
        assert isinstance(answer, dict)
        assert answer["result"]["user_name"] == user_name
