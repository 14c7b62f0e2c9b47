"""Lists over the Table API: paging, headers, fields, versions."""

import re

import pytest

from tests.simulator.facts import fact
from tests.simulator.small_instance import ABEL, BETH, CHARLIE, DANA, FIRST, HOST, Api

BY_NUMBER = "ORDERBYnumber"


@pytest.fixture
def api() -> Api:
    """The Table API of a fresh small instance."""
    return Api()


def numbers(records: list[dict[str, str]]) -> list[str]:
    """The last digits of the records' numbers."""
    return [record["number"][-1] for record in records]


@fact(
    "Every answer says no-store, X-Is-Logged-In and a transaction id of twelve hex digits",
    tag="M headers of live answers",
)
@fact("X-Total-Count is how many records match, however many of them the page has", tag="C PySNC")
async def test_a_list_has_the_headers_of_the_real_thing(api: Api) -> None:
    response = await api.get("/table/incident", sysparm_fields="number", sysparm_limit="2")
    assert response.headers["content-type"] == "application/json;charset=UTF-8"
    assert response.headers["x-total-count"] == "5"
    assert response.headers["x-is-logged-in"] == "true"
    assert re.fullmatch(r"[0-9a-f]{12}", response.headers["x-transaction-id"])
    assert response.headers["cache-control"] == "no-cache,no-store,must-revalidate,max-age=-1"
    assert response.headers["pragma"] == "no-store,no-cache"
    assert response.headers["expires"] == "0"
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["server"] == "ServiceNow"
    assert response.headers["strict-transport-security"] == "max-age=63072000; includeSubDomains"


@pytest.mark.parametrize(
    ("offset", "expected"),
    [
        ("0", {"next": "2", "first": "0", "last": "4"}),
        ("2", {"next": "4", "prev": "0", "first": "0", "last": "4"}),
        ("4", {"prev": "2", "first": "0", "last": "4"}),
        ("1", {"next": "3", "prev": "0", "first": "0", "last": "4"}),
    ],
)
@fact(
    "The Link header of a page has the addresses of the first, next, previous and last one",
    tag="D Table API",
)
@fact("Links come as first, prev, next, last", tag="M a published answer of a developer instance")
@fact("The first page has no link prev, the last one no link next", tag="R")
@fact("Links to other pages are whole addresses with all other parameters kept", tag="D Table API")
async def test_links_lead_to_the_pages_around(
    api: Api, offset: str, expected: dict[str, str]
) -> None:
    response = await api.get(
        "/table/incident", sysparm_query=BY_NUMBER, sysparm_limit="2", sysparm_offset=offset
    )
    links = re.findall(
        r'<([^>]*)sysparm_limit=2&sysparm_offset=(\d+)>;rel="(\w+)"', response.headers["link"]
    )
    assert {name: at for _, at, name in links} == expected
    order = [name for _, _, name in links]
    assert order == [name for name in ("first", "prev", "next", "last") if name in expected]
    assert {base for base, _, _ in links} == {
        f"{HOST}/api/now/table/incident?sysparm_query=ORDERBYnumber&"
    }


async def test_links_of_a_bare_list_need_no_other_parameters(api: Api) -> None:
    response = await api.get("/table/incident")
    assert (
        f"<{HOST}/api/now/table/incident?sysparm_limit=10000&sysparm_offset=0"
        in response.headers["link"]
    )


@fact(
    "sysparm_no_count leaves X-Total-Count out, sysparm_suppress_pagination_header the Link header",
    tag="D Table API",
)
async def test_count_and_links_can_be_left_out(api: Api) -> None:
    without_count = await api.get("/table/incident", sysparm_no_count="true")
    assert "x-total-count" not in without_count.headers
    assert "link" not in without_count.headers
    without_links = await api.get("/table/incident", sysparm_suppress_pagination_header="true")
    assert without_links.headers["x-total-count"] == "5"
    assert "link" not in without_links.headers


@fact(
    "sysparm_offset leaves out so many records and sysparm_limit says how many may come",
    tag="D Table API",
)
async def test_limit_and_offset_cut_the_list(api: Api) -> None:
    records = await api.result(
        "/table/incident", sysparm_query=BY_NUMBER, sysparm_limit="2", sysparm_offset="1"
    )
    assert numbers(records) == ["2", "3"]


@fact("A list has at most 10,000 records unless another limit is given", tag="D Table API")
async def test_a_list_without_a_limit_has_ten_thousand_records(api: Api) -> None:
    api.instance.insert_many("cmn_department", [{"name": "Same"}] * 10_001)
    nothing = {"sysparm_query": "name=Same", "sysparm_fields": "u_nope"}
    records = await api.result("/table/cmn_department", by=DANA, **nothing)
    assert len(records) == 10_000
    more = await api.result("/table/cmn_department", by=DANA, sysparm_limit="20000", **nothing)
    assert len(more) == 10_001


@pytest.mark.parametrize("limit", ["", "many", "-1"])
async def test_a_limit_that_makes_no_sense_is_the_default(api: Api, limit: str) -> None:
    assert len(await api.result("/table/incident", sysparm_limit=limit)) == 5


@fact("A negative sysparm_offset is not allowed", tag="D Table API")
async def test_a_negative_offset_is_refused(api: Api) -> None:
    response = await api.get("/table/incident", sysparm_offset="-1")
    assert response.status_code == 400
    assert response.json()["error"]["detail"] == "Invalid value for sysparm_offset"


@fact(
    "A dot-walked field is answered under its literal dotted name; an unknown field is left out",
    tag="D Table API",
)
async def test_fields_come_under_the_names_asked_for(api: Api) -> None:
    records = await api.result(
        "/table/incident",
        sysparm_query="number=INC0000003",
        sysparm_fields="number, caller_id.manager.name,u_nope,caller_id.u_nope,number",
    )
    assert records == [{"number": "INC0000003", "caller_id.manager.name": "Abel Tuter"}]


@fact("Every value of a record is a string, an empty one too", tag="M live answers")
async def test_without_fields_a_record_has_all_of_them_as_text(api: Api) -> None:
    (record,) = await api.result(
        "/table/incident", sysparm_limit="1", sysparm_exclude_reference_link="true"
    )
    assert {"number", "sys_domain", "comments", "caller_id"} <= record.keys()
    assert all(isinstance(value, str) for value in record.values())
    assert record["comments"] == ""


@fact("The Table API answers as v1, as v2 and without a version", tag="D Table API")
async def test_a_version_in_the_path_is_understood(api: Api) -> None:
    for version in ("", "/v1", "/v2"):
        assert len(await api.result(f"{version}/table/incident")) == 5


@fact(
    "A list without rows is 404 in version 1, and 200 with an empty result in version 2",
    tag="D Table API",
)
async def test_version_one_has_no_empty_lists(api: Api) -> None:
    nothing = {"sysparm_query": "number=INC9999999"}
    assert await api.result("/v2/table/incident", **nothing) == []
    assert await api.result("/table/incident", **nothing) == []
    response = await api.get("/v1/table/incident", **nothing)
    assert response.status_code == 404
    assert response.json()["error"]["message"] == "No Record found"


@fact("HEAD is answered with the headers of GET and no body", tag="D Table API")
async def test_head_gives_headers_and_no_body(api: Api) -> None:
    for path in ("/table/incident", f"/table/incident/{FIRST}"):
        got = await api.get(path, sysparm_limit="1")
        response = await api.call("HEAD", path, params={"sysparm_limit": "1"})
        assert response.status_code == 200
        for name in ("content-type", "content-length", "x-total-count", "link"):
            assert response.headers.get(name) == got.headers.get(name)
        assert response.content == b""


@pytest.mark.parametrize(
    ("pairs", "expected"),
    [
        ({"state": "2"}, ["2"]),
        ({"state": "In Progress"}, ["2"]),
        ({"caller_id": "abel.tuter"}, ["1", "4"]),
        ({"caller_id": "Abel Tuter"}, ["1", "4"]),
        ({"caller_id": ABEL}, ["1", "4"]),
        ({"caller_id": "Nobody"}, []),
        ({"caller_id.name": "Beth Anglin", "active": "true"}, ["3"]),
        ({"u_nope": "1"}, ["1", "2", "3", "4", "5"]),
        ({"access_token": "x", "number": "INC0000001"}, ["1"]),
    ],
)
@fact(
    "Instead of sysparm_query a list takes field=value pairs, whose values may be display values",
    tag="D Table API",
)
async def test_fields_may_be_asked_for_in_pairs(
    api: Api, pairs: dict[str, str], expected: list[str]
) -> None:
    assert numbers(await api.result("/table/incident", **pairs)) == expected


@fact("Where both are given sysparm_query wins over field=value pairs", tag="R")
async def test_a_query_wins_over_pairs(api: Api) -> None:
    records = await api.result("/table/incident", sysparm_query="state=2", state="3")
    assert numbers(records) == ["2"]


@fact(
    "gs.getUserID() in a query is the person who calls", tag="C identity look-ups of OAuth clients"
)
async def test_scripts_in_a_query_are_about_the_person_who_asks(api: Api) -> None:
    for person in (ABEL, BETH, CHARLIE):
        for query in ("sys_id=javascript:gs.getUserID()", "user_name=javascript:gs.getUserName()"):
            response = await api.get(
                "/table/sys_user", by=person, sysparm_query=query, sysparm_fields="sys_id"
            )
            assert response.json()["result"] == [{"sys_id": person}]
            assert response.headers["x-total-count"] == "1"


@fact(
    "Rows an ACL hides are removed after the limit is applied, and X-Total-Count still counts them",
    tag="D Table API",
)
async def test_rows_are_taken_away_after_the_limit_and_still_counted(api: Api) -> None:
    response = await api.get(
        "/table/incident",
        by=CHARLIE,
        sysparm_query=BY_NUMBER,
        sysparm_limit="2",
        sysparm_fields="number",
    )
    assert response.json()["result"] == [{"number": "INC0000002"}]
    assert response.headers["x-total-count"] == "5"


@fact(
    "A page may be empty although later pages are not, where ACLs hide its rows", tag="D Table API"
)
async def test_a_page_may_be_empty_while_more_rows_exist(api: Api) -> None:
    response = await api.get(
        "/table/incident", by=CHARLIE, sysparm_query=BY_NUMBER, sysparm_limit="1"
    )
    assert response.json()["result"] == []
    assert 'rel="next"' in response.headers["link"]


@fact("A query of thousands of conditions is 500 Transaction cancelled", tag="R")
async def test_a_query_too_deep_to_evaluate_is_cancelled(api: Api) -> None:
    for query in ("^OR".join(["state=1"] * 2000), "JOINtask.number=task.number!" * 500):
        response = await api.get("/table/incident", sysparm_query=query)
        assert response.status_code == 500
        message = "Transaction cancelled: maximum execution time exceeded"
        assert response.json()["error"] == {
            "message": message,
            "detail": f"{message}. Check logs for error trace.",
        }


async def test_counts_follow_what_is_written(api: Api) -> None:
    before = await api.get("/table/incident", sysparm_limit="1")
    await api.post("/table/incident", {"short_description": "One more"})
    after = await api.get("/table/incident", sysparm_limit="1")
    assert (before.headers["x-total-count"], after.headers["x-total-count"]) == ("5", "6")


async def test_many_different_counts_are_still_right(api: Api) -> None:
    instance = api.instance
    assert [instance.count("incident", f"number=x{n}") for n in range(600)] == [0] * 600
    assert instance.count("incident", "state=2") == 1


async def test_many_different_answers_are_still_right(api: Api) -> None:
    for extra in range(300):
        records = await api.result(f"/table/incident/{FIRST}", sysparm_fields=f"number,u_{extra}")
        assert records == {"number": "INC0000001"}


@fact(
    "Without domain separation sysparm_query_no_domain and sysparm_query_category change nothing",
    tag="R",
)
@pytest.mark.parametrize("name", ["sysparm_query_no_domain", "sysparm_query_category"])
async def test_domains_and_categories_of_queries_change_nothing(api: Api, name: str) -> None:
    for person in (ABEL, BETH):
        plain = await api.result("/table/incident", by=person, sysparm_fields="number")
        asked = await api.result(
            "/table/incident", by=person, sysparm_fields="number", **{name: "true"}
        )
        assert asked == plain
