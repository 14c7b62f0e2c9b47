"""Finding and reading problems."""

import pytest

from servicenow.exceptions import NotAuthorized, RecordNotFound
from simulator.access.acls import Acl, Operation
from simulator.control.faults import FaultKind
from tests.tools_app.desk import Desk
from tools_app.exceptions import InvalidArguments


async def numbers(desk: Desk, **filters: object) -> list[str]:
    """The numbers of the problems that a search finds."""
    found = await desk.call("search_problems", limit=100, **filters)
    return [row["number"] for row in found["records"]]


def stored(desk: Desk, encoded: str) -> list[str]:
    """The same, without anybody's rights."""
    return [row["number"] for row in desk.instance.query("problem", encoded)]


async def test_a_search_without_filters_shows_the_last_changed_first_and_pages(abel: Desk) -> None:
    seen: list[str] = []
    changed: list[str] = []
    offset: int | None = 0
    while offset is not None:
        page = await abel.call("search_problems", limit=6, offset=offset)
        assert page["total"] == abel.instance.count("problem")
        seen += [row["number"] for row in page["records"]]
        changed += [row["updated_at"] for row in page["records"]]
        offset = page.get("next_offset")
    assert len(seen) == len(set(seen)) == abel.instance.count("problem")
    assert changed == sorted(changed, reverse=True)


@pytest.mark.parametrize(
    ("filters", "encoded"),
    [
        ({"text": "vpn"}, "short_descriptionLIKEvpn^ORdescriptionLIKEvpn"),
        ({"state": "Root Cause Analysis"}, "state=103"),
        ({"state": "fix in progress"}, "state=104"),
        ({"priority": "high"}, "priority=2"),
        ({"known_error": True}, "known_error=true"),
        ({"known_error": False, "active": True}, "known_error=false^active=true"),
        ({"assignment_group": "Network"}, "assignment_group.name=Network"),
        ({"configuration_item": "vpn-gw-01"}, "cmdb_ci.name=vpn-gw-01"),
        ({"active": False}, "active=false"),
    ],
    ids=str,
)
async def test_each_filter_holds(abel: Desk, filters: dict[str, object], encoded: str) -> None:
    assert sorted(await numbers(abel, **filters)) == sorted(stored(abel, encoded)) != []


async def test_a_wrong_state_lists_the_right_ones_and_searches_nothing(abel: Desk) -> None:
    with pytest.raises(InvalidArguments, match="New, Assess, Root Cause Analysis"):
        await abel.call("search_problems", state="Pending")
    with pytest.raises(InvalidArguments, match="order_by"):
        await abel.call("search_problems", order_by="nonsense")
    assert abel.requests("GET", "/api/now/table/problem") == []


async def test_text_is_a_literal(abel: Desk) -> None:
    assert await numbers(abel, text="zzz^ORactive=true") == []
    assert await numbers(abel, text="zzz^NQactive=true") == []


async def test_a_problem_shows_workaround_cause_fix_and_its_incidents(abel: Desk) -> None:
    row = abel.one("problem", "short_descriptionLIKEMailbox server")
    found = await abel.call("get_problem", problem=row["number"].lower())
    assert found["workaround"] == "Restart the search service at night."
    assert found["cause"] == "The search index is loaded as a whole."
    assert found["fix"].startswith("Install the vendor's update")
    assert found["state"] == "Fix in Progress"
    assert found["configuration_item"]["name"] == "mail-02"
    assert found["url"].endswith(f"/problem.do?sys_id={row['sys_id']}")
    incidents = abel.instance.query("incident", f"problem_id={row['sys_id']}")
    assert {one["number"] for one in found["related_incidents"]} == {
        one["number"] for one in incidents
    }
    assert found["related_incidents_total"] == len(incidents) > 0
    assert "hidden_fields" not in found


async def test_a_problem_is_named_by_number_sys_id_and_link(abel: Desk) -> None:
    row = abel.one("problem", "ORDERBYnumber")
    link = f"http://localhost:8090/nav_to.do?uri=problem.do%3Fsys_id%3D{row['sys_id']}"
    for named in (row["number"], row["sys_id"], link):
        assert (await abel.call("get_problem", problem=named))["number"] == row["number"]


async def test_a_link_to_another_table_and_an_unknown_number_are_refused(abel: Desk) -> None:
    with pytest.raises(InvalidArguments, match="links to a record of incident"):
        await abel.call(
            "get_problem", problem=f"http://localhost:8090/incident.do?sys_id={'a' * 32}"
        )
    with pytest.raises(RecordNotFound):
        await abel.call("get_problem", problem="PRB9999999")


async def test_the_number_of_something_else_says_of_what(abel: Desk) -> None:
    for tool, argument, number, table in (
        ("get_problem", "problem", "INC0000055", "incident"),
        ("get_incident", "incident", "CHG0000001", "change_request"),
        ("get_change_request_details", "change", "PRB0000050", "problem"),
        ("get_request_status", "request", "INC0000055", "incident"),
    ):
        with pytest.raises(InvalidArguments, match=f"is the number of a record of {table}"):
            await abel.call(tool, **{argument: number})
    with pytest.raises(RecordNotFound):
        await abel.call("get_problem", problem="PRB9999999")


async def test_an_instance_that_drops_conditions_shows_no_other_problem(abel: Desk) -> None:
    abel.instance.switches.ignore_query_conditions = True
    with pytest.raises(RecordNotFound):
        await abel.call("get_problem", problem="PRB9999999")


async def test_people_without_a_role_are_refused(charlie: Desk) -> None:
    row = charlie.one("problem", "ORDERBYnumber")
    with pytest.raises(NotAuthorized):
        await charlie.call("search_problems")
    with pytest.raises((NotAuthorized, RecordNotFound)):
        await charlie.call("get_problem", problem=row["number"])
    with pytest.raises((NotAuthorized, RecordNotFound)):
        await charlie.call("get_problem", problem=row["sys_id"])


async def test_rows_hidden_by_access_control_neither_end_nor_distort_the_pages(
    charlie: Desk,
) -> None:
    charlie.instance.access.add(
        Acl(
            table="problem",
            operation=Operation.READ,
            condition=lambda _, row: row["known_error"] == "true",
            needs=("known_error",),
        )
    )
    seen: list[str] = []
    offset: int | None = 0
    while offset is not None:
        page = await charlie.call("search_problems", limit=3, offset=offset)
        seen += [row["number"] for row in page["records"]]
        offset = page.get("next_offset")
    assert sorted(seen) == sorted(stored(charlie, "known_error=true"))
    assert page["total"] == charlie.instance.count("problem")


async def test_hidden_fields_are_named_as_the_answer_names_them(abel: Desk) -> None:
    for field in ("cause_notes", "workaround"):
        abel.instance.access.add(
            Acl(table="problem", operation=Operation.READ, field=field, roles=frozenset({"admin"}))
        )
    number = abel.one("problem", "known_error=true")["number"]
    found = await abel.call("get_problem", problem=number)
    assert found["hidden_fields"] == ["workaround", "cause"]


async def test_who_may_not_read_incidents_still_reads_the_problem(abel: Desk) -> None:
    number = abel.one("problem", "known_error=true")["number"]
    abel.fault(FaultKind.NOT_AUTHORIZED, path="/api/now/table/incident")
    found = await abel.call("get_problem", problem=number)
    assert found["number"] == number
    assert found["related_incidents"] == []
    assert "related_incidents_total" not in found
