"""The Aggregate API: counts, averages and the rest, over all records and over groups."""

from typing import Any

import pytest

from simulator.access.acls import READ, Acl
from tests.simulator.facts import fact
from tests.simulator.small_instance import ABEL, CHARLIE, DANA, NETWORK, OFFICE, Api

DOCUMENTED = "D Aggregate API"


@pytest.fixture
def api() -> Api:
    return Api()


async def stats(api: Api, table: str = "incident", *, by: str = ABEL, **asked: str) -> Any:
    """The `result` of a request; parameters without their `sysparm_`."""
    parameters = {f"sysparm_{name}": value for name, value in asked.items()}
    return await api.result(f"/stats/{table}", by=by, **parameters)


def groups(result: Any) -> list[tuple[str, ...]]:
    return [tuple(field["value"] for field in group["groupby_fields"]) for group in result]


@fact("A count over all records is a text inside `stats`, without a list around it", tag=DOCUMENTED)
async def test_a_count_is_a_text(api: Api) -> None:
    assert await stats(api, count="true") == {"stats": {"count": "5"}}
    counted = await stats(api, count="true", query="stateIN1,2")
    assert counted == {"stats": {"count": "2"}}


@fact("The Aggregate API takes `field=value` pairs in the place of a query", tag=DOCUMENTED)
async def test_pairs_stand_in_the_place_of_a_query(api: Api) -> None:
    found = await api.result("/stats/incident", sysparm_count="true", state="New")
    assert found == {"stats": {"count": "1"}}


@fact("An average is a text with four decimals", tag="D Aggregate API, the sample answer")
async def test_an_average_has_four_decimals(api: Api) -> None:
    found = await stats(api, avg_fields="priority,reassignment_count")
    assert found == {"stats": {"avg": {"priority": "3.2500", "reassignment_count": "0.4000"}}}


@fact("Sums, minima and maxima of numbers are texts of plain numbers", tag="R")
async def test_sums_minima_and_maxima_are_texts(api: Api) -> None:
    found = await stats(
        api, sum_fields="reopen_count", min_fields="priority", max_fields="reopen_count"
    )
    assert found["stats"] == {
        "min": {"priority": "1"},
        "max": {"reopen_count": "10"},
        "sum": {"reopen_count": "10"},
    }


@fact("Moments have a minimum and a maximum, and no average or sum", tag="R")
async def test_moments_have_a_minimum_and_a_maximum_only(api: Api) -> None:
    found = await stats(api, min_fields="opened_at", max_fields="opened_at", avg_fields="opened_at")
    assert found == {
        "stats": {
            "min": {"opened_at": "2026-01-05 13:00:00"},
            "max": {"opened_at": "2026-11-20 08:30:00"},
        }
    }


@fact("The average and the sum of durations are durations, counted from 1970", tag="R")
async def test_durations_are_summed_as_durations(api: Api) -> None:
    api.instance.update("incident", "0" * 31 + "5", {"business_duration": "1970-01-01 01:59:00"})
    found = await stats(api, sum_fields="business_duration", avg_fields="business_duration")
    assert found["stats"]["sum"] == {"business_duration": "1970-01-02 04:00:00"}
    assert found["stats"]["avg"] == {"business_duration": "1970-01-01 14:00:00"}


@fact("Aggregates over no records are empty texts, and the count is 0", tag="R")
async def test_over_no_records_there_is_nothing(api: Api) -> None:
    found = await stats(api, count="true", avg_fields="priority", query="number=INC1")
    assert found == {"stats": {"count": "0", "avg": {"priority": ""}}}
    assert await stats(api, count="true", group_by="state", query="number=INC1") == []


@fact("Where no aggregate is asked for, none is computed", tag=DOCUMENTED)
async def test_nothing_asked_is_nothing_computed(api: Api) -> None:
    assert await stats(api) == {"stats": {}}
    assert (await stats(api, group_by="active"))[0]["stats"] == {}


@fact("Groups come as a list, each naming the fields that make it", tag=DOCUMENTED)
async def test_groups_are_a_list(api: Api) -> None:
    assert await stats(api, count="true", group_by="active") == [
        {"stats": {"count": "1"}, "groupby_fields": [{"field": "active", "value": "false"}]},
        {"stats": {"count": "4"}, "groupby_fields": [{"field": "active", "value": "true"}]},
    ]


@fact(
    "Groups by a reference are ordered by the names of what it points to, the empty one first",
    tag="D Aggregate API, the sample answer",
)
async def test_groups_by_a_reference_are_ordered_by_name(api: Api) -> None:
    found = await stats(api, count="true", group_by="assignment_group")
    assert groups(found) == [("",), (NETWORK,), (OFFICE,)]


@fact("Records may be grouped by several fields", tag=DOCUMENTED)
async def test_groups_of_several_fields(api: Api) -> None:
    found = await stats(api, count="true", group_by="active,assignment_group")
    assert groups(found) == [
        ("false", ""),
        ("true", ""),
        ("true", NETWORK),
        ("true", OFFICE),
    ]
    assert [group["stats"]["count"] for group in found] == ["1", "1", "2", "1"]


@fact("Records may be grouped by a field of the record that they refer to", tag="R")
async def test_groups_by_a_dot_walk(api: Api) -> None:
    found = await stats(api, count="true", group_by="assignment_group.parent")
    assert groups(found) == [("",), (OFFICE,)]
    assert found[1]["groupby_fields"][0]["field"] == "assignment_group.parent"


async def test_aggregates_of_a_dot_walk(api: Api) -> None:
    found = await stats(api, count="true", max_fields="assignment_group.name", query="active=true")
    assert found["stats"]["max"] == {"assignment_group.name": "Office"}


@fact("With display values the value of a group is what people see", tag="C operators' dashboards")
async def test_groups_named_as_people_see_them(api: Api) -> None:
    found = await stats(api, count="true", group_by="state,assignment_group", display_value="true")
    assert ("New", "Network") in groups(found)


@fact("With display_value=all a group has both value and display value", tag=DOCUMENTED)
async def test_groups_with_both_values(api: Api) -> None:
    found = await stats(api, count="true", group_by="assignment_group", display_value="all")
    assert found[1]["groupby_fields"] == [
        {"field": "assignment_group", "value": NETWORK, "display_value": "Network"}
    ]


@fact("Groups are ordered by a field or an aggregate, upwards unless told `^DESC`", tag=DOCUMENTED)
@pytest.mark.parametrize(
    ("order", "first"),
    [
        ("COUNT^DESC", NETWORK),
        ("assignment_group^DESC", OFFICE),
        ("AVG^priority", NETWORK),
        ("AVG^priority^DESC", OFFICE),
        ("AVG^priority^ASC", NETWORK),
        ("COUNT,assignment_group^DESC", OFFICE),
    ],
)
async def test_groups_in_the_order_asked_for(api: Api, order: str, first: str) -> None:
    query = "assignment_groupISNOTEMPTY"
    found = await stats(api, count="true", group_by="assignment_group", order_by=order, query=query)
    assert groups(found)[0] == (first,)


@fact("`sysparm_having` keeps the groups whose aggregate compares so", tag=DOCUMENTED)
@pytest.mark.parametrize(
    ("having", "left"),
    [
        ("count^state^>^1", {"", NETWORK}),
        ("COUNT^^=^1", {OFFICE}),
        ("avg^priority^>^3", {"", OFFICE}),
        ("count^state^>^1,avg^priority^>^3", {""}),
        ("max^opened_at^>^2026-11-01 00:00:00", {NETWORK}),
        ("min^priority^!=^5", {"", NETWORK}),
    ],
)
async def test_groups_that_meet_a_condition(api: Api, having: str, left: set[str]) -> None:
    found = await stats(api, count="true", group_by="assignment_group", having=having)
    assert {value for (value,) in groups(found)} == left


async def test_a_condition_without_groups_keeps_everything_or_nothing(api: Api) -> None:
    assert await stats(api, count="true", having="count^^>^4") == {"stats": {"count": "5"}}
    assert await stats(api, count="true", having="count^^>^5") == {"stats": {}}


@fact("What names an unknown field, function or operator is ignored", tag="R")
@pytest.mark.parametrize(
    "asked",
    [
        {"avg_fields": "nonsense,comments,short_description"},
        {"group_by": "nonsense,work_notes"},
        {"having": "count^nonsense^>^9,median^priority^>^9,avg^priority^LIKE^9,x,avg^priority^>^y"},
        {"order_by": "nonsense,AVG^nonsense,^,DESC"},
    ],
)
async def test_what_is_not_known_is_ignored(api: Api, asked: dict[str, str]) -> None:
    assert await stats(api, count="true", **asked) == {"stats": {"count": "5"}}


@fact(
    "People who may read some records of a table only get no aggregates of it: 403",
    tag="D Aggregate API, Washington DC to Zurich: read access to all records is needed",
)
async def test_who_may_not_read_every_record_gets_no_aggregates(api: Api) -> None:
    refused = await api.get("/stats/incident", by=CHARLIE, sysparm_count="true")
    assert refused.status_code == 403
    assert refused.json()["error"]["message"] == "Insufficient rights to query records"


async def test_a_switch_lets_only_readable_records_count(api: Api) -> None:
    switch = type(api.instance.switches.aggregates_of_hidden_rows)
    api.instance.switches.aggregates_of_hidden_rows = switch.LEFT_OUT
    assert await stats(api, by=CHARLIE, count="true") == {"stats": {"count": "2"}}
    found = await stats(api, by=CHARLIE, count="true", query="active=true", group_by="state")
    assert groups(found) == [("2",)]


async def test_a_switch_lets_all_records_count(api: Api) -> None:
    switch = type(api.instance.switches.aggregates_of_hidden_rows)
    api.instance.switches.aggregates_of_hidden_rows = switch.COUNTED
    assert await stats(api, by=CHARLIE, count="true") == {"stats": {"count": "5"}}


@pytest.mark.parametrize("switch", ["refused", "left_out", "counted"])
async def test_a_table_nobody_may_read_has_no_aggregates_for_anybody(api: Api, switch: str) -> None:
    hidden = type(api.instance.switches.aggregates_of_hidden_rows)
    api.instance.switches.aggregates_of_hidden_rows = hidden(switch)
    api.instance.access.add(Acl(table="cmdb_ci", operation=READ, roles=frozenset({"admin"})))
    refused = await api.get("/stats/cmdb_ci", sysparm_count="true")
    assert refused.status_code == 403
    assert await stats(api, "cmdb_ci", by=DANA, count="true") == {"stats": {"count": "1"}}


@fact("A field that a person may not read can be neither aggregated nor grouped by", tag="R")
@pytest.mark.parametrize(
    "asked",
    [
        {"max_fields": "failed_attempts"},
        {"group_by": "home_phone"},
        {"group_by": "manager.home_phone"},
        {"having": "max^failed_attempts^>^1"},
        {"group_by": "active", "order_by": "MAX^failed_attempts"},
        {"query": "failed_attempts>1"},
    ],
)
async def test_a_field_that_may_not_be_read_is_refused(api: Api, asked: dict[str, str]) -> None:
    parameters = {f"sysparm_{name}": value for name, value in asked.items()}
    refused = await api.get("/stats/sys_user", by=CHARLIE, sysparm_count="true", **parameters)
    assert refused.status_code == 403
    assert (await api.get("/stats/sys_user", by=DANA, **parameters)).status_code == 200


async def test_a_class_is_counted_without_the_other_classes_of_its_table(api: Api) -> None:
    assert await stats(api, "problem", count="true") == {"stats": {"count": "0"}}
    by_class = await stats(api, "task", by=DANA, count="true", group_by="sys_class_name")
    assert groups(by_class) == [("incident",)]


@pytest.mark.parametrize("version", ["", "/v1", "/v2"])
async def test_every_version_answers_and_an_empty_one_is_no_404(api: Api, version: str) -> None:
    path = f"/api/now{version}/stats/incident"
    found = await api.get(path, sysparm_count="true", sysparm_query="number=1")
    assert found.json() == {"result": {"stats": {"count": "0"}}}


async def test_an_unknown_table_is_400(api: Api) -> None:
    answer = await api.get("/stats/u_nope", sysparm_count="true")
    assert answer.status_code == 400
    assert answer.json()["error"]["message"] == "Invalid table u_nope"


async def test_only_reading_is_possible(api: Api) -> None:
    assert (await api.post("/stats/incident", {})).status_code == 405
    assert (await api.get("/stats/incident", by=None)).status_code == 401
    head = await api.call("HEAD", "/stats/incident", params={"sysparm_count": "true"})
    assert (head.status_code, head.content) == (200, b"")


async def test_sums_beyond_64_bits_are_no_failure(api: Api) -> None:
    for number in ("1", "2"):
        values = {"reopen_count": "9223372036854775807"}
        api.instance.update("incident", "0" * 31 + number, values)
    found = await stats(api, sum_fields="reopen_count", avg_fields="reopen_count")
    assert found["stats"]["sum"]["reopen_count"].startswith("18446744073709")
