"""Finding changes and reading one in full."""

import pytest

from servicenow.exceptions import RecordNotFound
from simulator.access.acls import Acl, Operation
from tests.tools_app.catalog.changes_at_work import PLANNED, planned, submitted
from tests.tools_app.desk import Desk
from tools_app.exceptions import InvalidArguments

NOBODY = frozenset({"admin"})


async def listed(desk: Desk, **filters: object) -> list[str]:
    """The numbers that a list with these filters has."""
    found = await desk.call("list_change_requests", limit=100, **filters)
    return [one["number"] for one in found["records"]]


def stored(desk: Desk, encoded: str) -> list[str]:
    """The numbers of the changes that match, without anybody's rights."""
    return sorted(row["number"] for row in desk.instance.query("change_request", encoded))


async def test_a_list_of_changes_is_compact_and_the_last_changed_come_first(abel: Desk) -> None:
    new = await planned(abel, **PLANNED, risk="High")
    found = await abel.call("list_change_requests", limit=5)
    assert (found["count"], found["next_offset"]) == (5, 5)
    assert found["total"] == abel.instance.count("change_request", "")
    [mine] = [one for one in found["records"] if one["number"] == new["number"]]
    assert (mine["type"], mine["state"], mine["risk"]) == ("Normal", "New", "High")
    assert (mine["planned_start"], mine["assignment_group"]["name"]) == (
        "2099-03-01T20:00:00Z",
        "Network",
    )
    assert not {"hidden_fields", "description"} & (found.keys() | mine.keys())


@pytest.mark.parametrize(
    ("filters", "encoded"),
    [
        ({"state": "Assess"}, "state=-4"),
        ({"state": "-4"}, "state=-4"),
        ({"type": "Emergency"}, "type=emergency"),
        ({"category": "Network"}, "category=Network"),
        ({"risk": "high"}, "risk=2"),
        ({"priority": "4 - Low"}, "priority=4"),
        ({"text": "gateway replace"}, "short_descriptionLIKEgateway^short_descriptionLIKEReplace"),
        ({"assignment_group": "Network"}, "assignment_group.name=Network"),
        ({"configuration_item": "vpn-gw-01"}, "cmdb_ci.name=vpn-gw-01"),
        ({"query": "stateINassess,-3^type=Normal"}, "stateIN-4,-3^type=normal"),
        (
            {"query": "assignment_group.name=Network^risk!=4"},
            "assignment_group.name=Network^risk!=4",
        ),
        ({"query": "start_dateISEMPTY", "type": "Normal"}, "start_dateISEMPTY^type=normal"),
    ],
)
async def test_every_filter_finds_what_it_says(
    abel: Desk, filters: dict[str, str], encoded: str
) -> None:
    await planned(abel, short_description="Replace a VPN gateway")
    expected = stored(abel, encoded)
    assert expected
    assert sorted(await listed(abel, **filters)) == expected


async def test_what_is_assigned_to_me_and_the_planned_start_are_filters_too(abel: Desk) -> None:
    mine = await planned(abel, **PLANNED, other_fields={"assigned_to": "abel.tuter"})
    assert mine["number"] in await listed(abel, assigned_to_me=True)
    assert await listed(abel, start_after="2099-03-01", start_before="2099-03-02") == [
        mine["number"]
    ]
    assert await listed(abel, start_after="2099-03-01T20:00:01Z") == []


async def test_a_timeframe_goes_by_planned_dates(abel: Desk) -> None:
    times = {
        "upcoming": ("2099-01-01T00:00:00Z", "2099-01-02T00:00:00Z"),
        "in-progress": ("2001-01-01T00:00:00Z", "2099-01-02T00:00:00Z"),
        "completed": ("2001-01-01T00:00:00Z", "2001-01-02T00:00:00Z"),
    }
    made = {
        frame: (await planned(abel, planned_start=start, planned_end=end))["number"]
        for frame, (start, end) in times.items()
    }
    unplanned = await planned(abel)
    for frame, number in made.items():
        found = await listed(abel, timeframe=frame, order_by="-number")
        assert number in found
        assert not ({unplanned["number"], *made.values()} - {number}) & set(found)
    await abel.call("update_change_request", change=made["upcoming"], state="Canceled")
    assert made["upcoming"] not in await listed(abel, timeframe="upcoming")


NOT_UNDERSTOOD = [
    ("shoe_size=42", "does not have"),
    ("assigned_to.shoe_size=42", "does not have"),
    ("start_dat>2026-01-01", "start_date"),
    ("active~true", "cannot be read"),
    ("Active=true", "cannot be read"),
    ("active=true^NQstate=3", "NQ"),
    ("active=true^GROUPBYstate", "GROUPBY"),
    ("assigned_to=javascript:gs.getUserID()", "javascript"),
    ("numberIN1, javascript:gs.log(1)", "javascript"),
    ("stateCHANGESTO3", "CHANGESTO"),
    ("assigned_toDYNAMIC90d1921e5f510100a9ad2572f2b477fe", "DYNAMIC"),
    ("RLQUERYchange_task.change_request,>0^ENDRLQUERY", "RLQUERY"),
    ("start_dateSAMEASshoe_size", "does not have"),
    ("active==true", "single ="),
    ("state=Doing", "Assess"),
    ("assigned_to=Abel Tuter", "assigned_to.name=Abel Tuter"),
    ("parent!=the other", "parent.number"),
]


async def test_a_query_that_is_not_wholly_understood_is_refused_and_not_sent(abel: Desk) -> None:
    for query, words in NOT_UNDERSTOOD:
        with pytest.raises(InvalidArguments) as refused:
            await abel.call("list_change_requests", query=query)
        [problem] = refused.value.arguments
        assert problem.argument.partition(".")[0] == "query"
        assert words in f"{problem}"
    sent = [one.query for one in abel.requests("GET", "/api/now/table/change_request")]
    assert not [one for one in sent for query, _ in NOT_UNDERSTOOD if query[:9] in str(one)]


async def test_an_order_within_the_query_comes_before_order_by(abel: Desk) -> None:
    found = await listed(abel, query="type=normal^ORDERBYDESCnumber", order_by="risk")
    assert found == sorted(found, reverse=True)


async def test_a_list_is_ordered_by_the_names_that_its_answers_have(abel: Desk) -> None:
    found = await abel.call("list_change_requests", order_by="planned_start", timeframe="completed")
    starts = [one["planned_start"] for one in found["records"]]
    assert starts == sorted(starts) != []
    await abel.call("list_change_requests", order_by="-updated_at", limit=1)
    with pytest.raises(InvalidArguments) as refused:
        await abel.call("list_change_requests", order_by="start")
    [problem] = refused.value.arguments
    assert "planned_start" in problem.accepted
    assert "start_date" in problem.accepted
    assert "caller" not in problem.accepted


async def test_paging_goes_on_where_access_control_removed_rows(charlie: Desk) -> None:
    found = await charlie.call("list_change_requests", limit=5)
    assert found["records"] == []
    assert found["next_offset"] == 5


async def test_a_change_comes_with_tasks_approvals_items_and_next_states(abel: Desk) -> None:
    new = await submitted(abel)
    await abel.call("add_change_task", change=new["number"], short_description="Tell the floor")
    ci = abel.one("cmdb_ci", "name=switch-ber-2f")
    abel.instance.insert("task_ci", {"task": new["sys_id"], "ci_item": ci["sys_id"]})
    got = await abel.call("get_change_request_details", change=new["number"])
    assert (got["state"], got["approval"]) == ("Assess", "Requested")
    assert got["url"].endswith(f"/change_request.do?sys_id={new['sys_id']}")
    assert [task["short_description"] for task in got["tasks"]] == ["Tell the floor"]
    assert {one["state"] for one in got["approvals"]} == {"Requested"}
    assert got["affected_items"] == [{"sys_id": ci["sys_id"], "name": "switch-ber-2f"}]
    ways = {way["state"]: way for way in got["next_states"]}
    assert ways["Authorize"] == {
        "state": "Authorize",
        "available": False,
        "waits_for": ["Approved"],
        "automatic": True,
    }
    assert ways["Canceled"]["available"]
    assert "Assess" not in ways
    assert not {"more_of", "hidden_fields"} & got.keys()


async def test_a_change_is_found_by_number_sys_id_and_link(abel: Desk) -> None:
    row = abel.one("change_request", "state=-1")
    for text in (
        row["number"].lower(),
        row["sys_id"],
        f"{abel.caller.instance_url}/nav_to.do?uri=change_request.do?sys_id={row['sys_id']}",
    ):
        got = await abel.call("get_change_request_details", change=text)
        assert got["number"] == row["number"]
    with pytest.raises(RecordNotFound):
        await abel.call("get_change_request_details", change="CHG9999999")
    with pytest.raises(InvalidArguments, match="incident"):
        await abel.call(
            "get_change_request_details",
            change=f"{abel.caller.instance_url}/incident.do?sys_id={row['sys_id']}",
        )


async def test_what_a_person_may_not_read_beside_a_change_is_named(abel: Desk) -> None:
    new = await planned(abel)
    abel.instance.access.add(
        Acl(table="change_request", operation=Operation.READ, field="backout_plan", roles=NOBODY)
    )
    got = await abel.call("get_change_request_details", change=new["number"])
    assert "backout_plan" in got["hidden_fields"]


async def test_the_person_who_asked_for_a_change_reads_it_without_its_next_states(
    charlie: Desk,
) -> None:
    row = charlie.one("change_request", "state=-5")
    charlie.instance.update(
        "change_request", row["sys_id"], {"requested_by": charlie.caller.sys_id}
    )
    got = await charlie.call("get_change_request_details", change=row["number"])
    assert got["requested_by"]["sys_id"] == charlie.caller.sys_id
    assert "next_states" not in got


async def test_an_instance_without_the_change_api_tells_no_next_states(abel: Desk) -> None:
    abel.instance.switches.absent_plugins = ("com.snc.change_management.rest",)
    row = abel.one("change_request", "state=-1")
    got = await abel.call("get_change_request_details", change=row["number"])
    assert "next_states" not in got
    assert "tasks" in got


async def test_a_change_with_long_plans_and_many_tasks_fits_into_an_answer(abel: Desk) -> None:
    texts = ("description", "implementation_plan", "backout_plan", "test_plan")
    long = dict.fromkeys(texts, '"' * 3_990)
    new = await planned(abel, **long)
    for place in range(40):
        abel.instance.insert(
            "change_task",
            {"change_request": new["sys_id"], "short_description": f"{place} {'x' * 150}"},
        )
    got = await abel.call("get_change_request_details", change=new["sys_id"])
    assert got["more_of"] == ["tasks"]
    assert 0 < len(got["tasks"]) <= 30
