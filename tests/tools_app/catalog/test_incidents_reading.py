"""Searching and reading incidents, through the real client on the simulated instance."""

import pytest

from servicenow.exceptions import NotAuthorized, RecordNotFound
from simulator.access.acls import Acl, Operation
from simulator.control.faults import FaultKind
from tests.tools_app.desk import Desk
from tools_app.exceptions import AmbiguousMatch, InvalidArguments


async def numbers(desk: Desk, **filters: object) -> list[str]:
    """The numbers of the first hundred incidents that a search finds."""
    found = await desk.call("search_incidents", limit=100, **filters)
    return [row["number"] for row in found["records"]]


async def test_a_search_without_filters_returns_ten_incidents_last_changed_first(
    abel: Desk,
) -> None:
    found = await abel.call("search_incidents")
    assert found["count"] == len(found["records"]) == 10
    assert found["total"] == abel.instance.count("incident")
    assert found["next_offset"] == 10
    changed = [row["updated_at"] for row in found["records"]]
    assert changed == sorted(changed, reverse=True)
    assert all(moment.endswith("Z") for moment in changed)


async def test_pages_follow_one_another_without_overlap_until_there_is_no_next_offset(
    abel: Desk,
) -> None:
    seen: list[str] = []
    offset: int | None = 0
    while offset is not None:
        page = await abel.call("search_incidents", active=False, limit=50, offset=offset)
        seen += [row["number"] for row in page["records"]]
        offset = page.get("next_offset")
    assert len(seen) == len(set(seen)) == abel.instance.count("incident", "active=false")


@pytest.mark.parametrize("state", ["On Hold", "on hold", "3"])
async def test_a_state_is_given_by_its_label_in_any_case_or_by_its_value(
    abel: Desk, state: str
) -> None:
    found = await abel.call("search_incidents", state=state, limit=100)
    assert found["total"] == abel.instance.count("incident", "state=3") > 0
    assert {row["state"] for row in found["records"]} == {"On Hold"}


async def test_a_wrong_label_is_answered_with_the_right_ones(abel: Desk) -> None:
    with pytest.raises(InvalidArguments) as refused:
        await abel.call("search_incidents", state="Paused")
    [problem] = refused.value.arguments
    assert problem.argument == "state"
    assert problem.accepted == "one of New, In Progress, On Hold, Resolved, Closed, Canceled"
    assert abel.requests("GET", "/api/now/table/incident") == []


@pytest.mark.parametrize("priority", ["1 - Critical", "critical", "1"])
async def test_a_label_is_also_known_without_its_rank(abel: Desk, priority: str) -> None:
    found = await abel.call("search_incidents", priority=priority)
    assert {row["priority"] for row in found["records"]} == {"1 - Critical"}


@pytest.mark.parametrize(
    "person",
    ["abel.tuter", "Abel Tuter", "ABEL.TUTER@example.com", "62826bf03710200044e0bfc8bcbe5df1"],
)
async def test_a_person_is_given_by_user_name_full_name_e_mail_or_sys_id(
    beth: Desk, person: str
) -> None:
    found = await beth.call("search_incidents", assigned_to=person)
    assert found["total"] == beth.instance.count(
        "incident", "assigned_to=62826bf03710200044e0bfc8bcbe5df1"
    )
    assert {row["assigned_to"]["name"] for row in found["records"]} == {"Abel Tuter"}


async def test_all_filters_hold_together(abel: Desk) -> None:
    found = await abel.call(
        "search_incidents",
        assignment_group="Email Administration",
        caller_is="charlie.whitherspoon",
        urgency="3",
        impact="Medium",
        category="Inquiry / Help",
        active=True,
    )
    stored = (
        "assignment_group.name=Email Administration^caller_id.user_name=charlie.whitherspoon"
        "^urgency=3^impact=2^category=inquiry^active=true"
    )
    assert found["total"] == abel.instance.count("incident", stored)


async def test_what_is_assigned_to_me_is_mine(abel: Desk, beth: Desk) -> None:
    for desk, name in ((abel, "Abel Tuter"), (beth, "Beth Anglin")):
        found = await desk.call("search_incidents", assigned_to_me=True)
        assert {row["assigned_to"]["name"] for row in found["records"]} == {name}


async def test_text_is_found_in_number_short_description_and_description(abel: Desk) -> None:
    row = abel.one("incident", "ORDERBYnumber")
    assert row["number"] in await numbers(abel, text=row["number"])
    assert row["number"] in await numbers(abel, text=row["short_description"][5:25])


async def test_times_bound_a_search_and_the_end_is_not_included(abel: Desk) -> None:
    row = abel.one("incident", "ORDERBYopened_at")
    opened = row["opened_at"].replace(" ", "T") + "Z"
    assert row["number"] in await numbers(abel, opened_after=opened, order_by="opened")
    assert row["number"] not in await numbers(abel, opened_before=opened)
    assert row["number"] not in await numbers(abel, updated_after="2999-01-01")
    assert row["number"] in await numbers(abel, updated_before="2999-01-01", order_by="opened")


async def test_the_order_is_named_shortly_or_by_any_field(abel: Desk) -> None:
    for order, field in (("opened", "opened_at"), ("number", "number")):
        rows = (await abel.call("search_incidents", order_by=order))["records"]
        assert [row[field] for row in rows] == sorted(row[field] for row in rows)
    latest = await abel.call("search_incidents", order_by="-sys_created_on", limit=1)
    assert latest["count"] == 1


async def test_an_order_by_a_field_that_does_not_exist_is_refused_before_anything_is_listed(
    abel: Desk,
) -> None:
    with pytest.raises(InvalidArguments, match="shoe_size"):
        await abel.call("search_incidents", order_by="-shoe_size")
    listed = [one.query_string for one in abel.requests("GET", "/api/now/table/incident")]
    assert [query for query in listed if "ORDERBY" in query] == []


async def test_a_name_that_several_have_comes_back_as_candidates(abel: Desk) -> None:
    for number in range(7):
        abel.instance.insert("cmdb_ci", {"name": "Printer 4", "asset_tag": f"P{number}"})
    with pytest.raises(AmbiguousMatch) as refused:
        await abel.call("search_incidents", configuration_item="printer 4")
    assert len(refused.value.candidates) == 5
    assert {one.name for one in refused.value.candidates} == {"Printer 4"}
    assert "P" in refused.value.candidates[0].detail


async def test_a_name_that_nobody_has_says_which_tool_finds_it(abel: Desk) -> None:
    for argument, tool in (("assigned_to", "lookup_user"), ("assignment_group", "lookup_group")):
        with pytest.raises(InvalidArguments) as refused:
            await abel.call("search_incidents", **{argument: "Nobody At All"})
        assert refused.value.arguments[0].argument == argument
        assert tool in refused.value.next_step


async def test_a_name_that_the_instance_ignores_in_the_query_is_nobody_elses(abel: Desk) -> None:
    abel.instance.switches.ignore_query_conditions = True
    with pytest.raises(InvalidArguments):
        await abel.call("search_incidents", assigned_to="Nobody At All")
    with pytest.raises(InvalidArguments):
        await abel.call("list_group_members", group="No Such Group")


async def test_charlie_finds_only_incidents_of_his_own(charlie: Desk) -> None:
    found = await charlie.call("search_incidents", limit=100)
    assert {row["caller"]["name"] for row in found["records"]} <= {"Charlie Whitherspoon"}
    assert found["count"] < found["total"]


@pytest.mark.parametrize("form", ["number", "lower", "sys_id", "upper_sys_id", "link", "workspace"])
async def test_an_incident_is_given_by_number_sys_id_or_link(abel: Desk, form: str) -> None:
    row = abel.one("incident", "active=true")
    sys_id = row["sys_id"]
    text = {
        "number": row["number"],
        "lower": f" {row['number'].lower()} ",
        "sys_id": sys_id,
        "upper_sys_id": sys_id.upper(),
        "link": f"http://localhost:8090/nav_to.do?uri=incident.do%3Fsys_id%3D{sys_id}",
        "workspace": f"http://localhost:8090/now/sow/record/incident/{sys_id}",
    }[form]
    found = await abel.call("get_incident", incident=text)
    assert (found["number"], found["sys_id"]) == (row["number"], sys_id)
    assert found["url"] == f"http://localhost:8090/incident.do?sys_id={sys_id}"


async def test_an_incident_shows_labels_names_and_times_not_values(abel: Desk) -> None:
    row = abel.one("incident", "state=2^assigned_toISNOTEMPTY^cmdb_ciISNOTEMPTY")
    found = await abel.call("get_incident", incident=row["number"])
    assert found["state"] == "In Progress"
    assert found["priority"].startswith(row["priority"] + " - ")
    assert found["assigned_to"]["sys_id"] == row["assigned_to"]
    assert found["assigned_to"]["name"] == abel.row("sys_user", row["assigned_to"])["name"]
    assert found["configuration_item"]["sys_id"] == row["cmdb_ci"]
    assert found["opened_at"] == row["opened_at"].replace(" ", "T") + "Z"
    assert found["active"] is True


async def test_a_link_to_another_table_or_another_host_is_refused(abel: Desk) -> None:
    sys_id = "0" * 32
    with pytest.raises(InvalidArguments, match="links to a record of problem"):
        await abel.call(
            "get_incident", incident=f"http://localhost:8090/problem.do?sys_id={sys_id}"
        )
    with pytest.raises(InvalidArguments, match="another host"):
        await abel.call(
            "get_incident", incident=f"https://evil.example/incident.do?sys_id={sys_id}"
        )


async def test_charlie_cannot_tell_abels_incident_from_none(charlie: Desk) -> None:
    row = charlie.one(
        "incident",
        f"caller_id!={charlie.caller.sys_id}^opened_by!={charlie.caller.sys_id}^watch_listISEMPTY",
    )
    for text in (row["number"], row["sys_id"], "INC9999999"):
        with pytest.raises(RecordNotFound):
            await charlie.call("get_incident", incident=text)


async def test_fields_that_an_acl_hides_are_named_as_the_answer_names_them(abel: Desk) -> None:
    for field in ("caller_id", "close_notes"):
        abel.instance.access.add(
            Acl(table="incident", operation=Operation.READ, field=field, roles=frozenset({"admin"}))
        )
    row = abel.one("incident", "active=true")
    found = await abel.call("get_incident", incident=row["number"])
    assert "caller" not in found
    assert found["hidden_fields"] == ["caller", "close_notes"]
    listed = await abel.call("search_incidents", limit=2)
    assert listed["hidden_fields"] == ["caller"]


async def test_a_number_that_the_instance_ignores_in_the_query_finds_nothing_else(
    abel: Desk,
) -> None:
    abel.instance.switches.ignore_query_conditions = True
    with pytest.raises(RecordNotFound):
        await abel.call("get_incident", incident="INC0000001")


async def test_a_page_that_would_be_too_large_is_made_smaller_and_goes_on_where_it_ends(
    abel: Desk,
) -> None:
    abel.instance.insert_many(
        "incident",
        [
            {"number": f"INC08{n:05}", "short_description": '"' * 160, "active": "true"}
            for n in range(100)
        ],
    )
    first = await abel.call("search_incidents", text='"""', order_by="number", limit=100)
    assert 0 < first["count"] < 100
    assert first["next_offset"] == first["count"]
    rest = await abel.call(
        "search_incidents", text='"""', order_by="number", limit=100, offset=first["next_offset"]
    )
    assert rest["records"][0]["number"] == f"INC08{first['count']:05}"


async def test_a_person_without_access_to_the_table_is_told_so(charlie: Desk) -> None:
    charlie.fault(FaultKind.NOT_AUTHORIZED, path="/api/now/table/incident")
    with pytest.raises(NotAuthorized):
        await charlie.call("search_incidents")


async def test_a_label_that_stands_for_two_values_comes_back_as_candidates(abel: Desk) -> None:
    for value in ("91", "92"):
        abel.instance.insert(
            "sys_choice",
            {
                "name": "incident",
                "element": "state",
                "label": "Parked",
                "value": value,
                "language": "en",
            },
        )
    with pytest.raises(AmbiguousMatch) as refused:
        await abel.call("search_incidents", state="parked")
    assert {one.sys_id for one in refused.value.candidates} == {"91", "92"}


async def test_a_name_of_nothing_but_spaces_is_nobody(abel: Desk) -> None:
    with pytest.raises(InvalidArguments):
        await abel.call("search_incidents", assigned_to="  ")
