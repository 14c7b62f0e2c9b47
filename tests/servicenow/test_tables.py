"""What is asked of the Table API, and what is made of its answers."""

import httpx
import orjson
import pytest

from servicenow.client import ServiceNowClient
from servicenow.exceptions import (
    AmbiguousRecord,
    MalformedName,
    NotAsDocumented,
    OutcomeUnknown,
    RecordNotFound,
    UnknownField,
)
from servicenow.query import Query
from servicenow.records import Reference, Value
from tests.servicenow.instance import ScriptedInstance, listed, one, refused, row

FIELDS = ("number", "caller_id", "caller_id.email")
A_ROW = row(
    sys_id="a1", number="INC0010001", caller_id=("u1", "Abel Tuter"), **{"caller_id.email": "a@b"}
)


async def test_one_record_has_values_display_values_and_references(
    client: ServiceNowClient, instance: ScriptedInstance
) -> None:
    instance.replies(httpx.Response(200, json={"result": A_ROW}))
    record = await client.tables.get("incident", sys_id="a1", fields=FIELDS)
    assert (record.table, record.sys_id) == ("incident", "a1")
    assert record.reference("caller_id") == Reference("u1", "Abel Tuter")
    assert record.value("caller_id.email") == "a@b"
    (request,) = instance.requests
    assert (request.method, request.url.path) == ("GET", "/api/now/table/incident/a1")
    assert dict(request.url.params) == {
        "sysparm_display_value": "all",
        "sysparm_exclude_reference_link": "true",
        "sysparm_fields": "sys_id,number,caller_id,caller_id.email",
    }


async def test_a_missing_record_says_which(
    client: ServiceNowClient, instance: ScriptedInstance
) -> None:
    instance.replies(refused(404, "No Record found"))
    with pytest.raises(RecordNotFound) as caught:
        await client.tables.get("incident", sys_id="a1", fields=FIELDS)
    assert (caught.value.table, caught.value.sought) == ("incident", "a1")


async def test_values_that_are_not_objects_are_read_too(
    client: ServiceNowClient, instance: ScriptedInstance
) -> None:
    cells = {
        "sys_id": "a1",
        "active": True,
        "knowledge": False,
        "order": 3,
        "nothing": None,
        "half": {"display_value": None, "value": "x"},
    }
    instance.replies(httpx.Response(200, json={"result": cells}))
    record = await client.tables.get("incident", sys_id="a1", fields=["active"])
    assert record.fields == {
        "sys_id": Value("a1", "a1"),
        "active": Value("true", "true"),
        "knowledge": Value("false", "false"),
        "order": Value("3", "3"),
        "nothing": Value("", ""),
        "half": Value("x", ""),
    }


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(200, json={"unexpected": 1}),
        httpx.Response(200, json=[]),
        httpx.Response(200, json={"result": "text"}),
        httpx.Response(200, content=b""),
    ],
)
async def test_an_answer_of_another_shape_is_not_taken_for_a_record(
    client: ServiceNowClient, instance: ScriptedInstance, answer: httpx.Response
) -> None:
    instance.replies(answer, answer)
    with pytest.raises(NotAsDocumented):
        await client.tables.get("incident", sys_id="a1", fields=FIELDS)
    with pytest.raises(NotAsDocumented):
        await client.tables.list("incident", query=Query(), fields=FIELDS)


@pytest.mark.parametrize("text", ["a^^b", "ä=😀&c+d%20#?", "line\none\x00", " x "])
async def test_a_query_arrives_as_it_was_built(
    client: ServiceNowClient, instance: ScriptedInstance, text: str
) -> None:
    instance.replies(listed())
    query = Query().contains("short_description", text).order_by("number", descending=True)
    await client.tables.list("incident", query=query, fields=["number"], limit=20, offset=40)
    params = instance.requests[0].url.params
    assert params["sysparm_query"] == str(query)
    assert (params["sysparm_limit"], params["sysparm_offset"]) == ("20", "40")
    assert params["sysparm_suppress_pagination_header"] == "true"


async def list_page(client: ServiceNowClient, *, limit: int = 2, offset: int = 0) -> int | None:
    page = await client.tables.list(
        "incident", query=Query(), fields=["number"], limit=limit, offset=offset
    )
    return page.next_offset


async def test_paging_goes_by_the_total_and_never_by_the_length_of_a_page(
    client: ServiceNowClient, instance: ScriptedInstance
) -> None:
    a, b = row(sys_id="a", number="1"), row(sys_id="b", number="2")
    instance.replies(listed(a, b, total=5), listed(total=5), listed(a, total=5))
    assert await list_page(client) == 2
    assert await list_page(client, offset=2) == 4
    assert await list_page(client, offset=4) is None
    instance.replies(listed(a, b, total=2))
    assert await list_page(client) is None


@pytest.mark.parametrize("counted", [{}, {"X-Total-Count": "many"}])
async def test_without_a_total_only_an_empty_page_is_the_last(
    client: ServiceNowClient, instance: ScriptedInstance, counted: dict[str, str]
) -> None:
    rows = {"result": [row(sys_id="a", number="1")]}
    instance.replies(
        httpx.Response(200, json=rows, headers=counted),
        httpx.Response(200, json={"result": []}, headers=counted),
    )
    assert await list_page(client) == 2
    assert await list_page(client, offset=2) is None


async def test_a_page_knows_its_total_and_what_is_hidden(
    client: ServiceNowClient, instance: ScriptedInstance
) -> None:
    instance.replies(listed(row(sys_id="a", number="1"), total=3))
    page = await client.tables.list("incident", query=Query(), fields=["number", "close_notes"])
    assert (page.total, page.limit, page.offset) == (3, 10, 0)
    assert page.hidden_fields == ["close_notes"]
    assert page.removed_rows == 2


@pytest.mark.parametrize(("limit", "offset"), [(0, 0), (-1, 0), (1, -1)])
async def test_an_impossible_page_is_not_asked_for(
    client: ServiceNowClient, instance: ScriptedInstance, limit: int, offset: int
) -> None:
    with pytest.raises(ValueError, match="no page"):
        await list_page(client, limit=limit, offset=offset)
    assert instance.requests == []


class _KnowsNothing:
    async def check(self, table: str, names: object) -> None:
        raise UnknownField(table, str(names))


async def test_an_unknown_field_is_refused_before_anything_is_listed(
    client: ServiceNowClient, instance: ScriptedInstance
) -> None:
    query = Query().equals("nope", 1).checked_by(_KnowsNothing())
    with pytest.raises(UnknownField):
        await client.tables.list("incident", query=query, fields=["number"])
    assert instance.requests == []


BY_NUMBER = Query().equals("number", "INC0010001")


async def test_the_only_record_that_fits_is_found(
    client: ServiceNowClient, instance: ScriptedInstance
) -> None:
    instance.replies(listed(A_ROW))
    record = await client.tables.find_one("incident", query=BY_NUMBER, fields=FIELDS)
    assert record.sys_id == "a1"


async def test_a_record_that_nobody_may_see_is_not_found(
    client: ServiceNowClient, instance: ScriptedInstance
) -> None:
    instance.replies(listed(), listed(total=1))
    for _ in range(2):
        with pytest.raises(RecordNotFound):
            await client.tables.find_one("incident", query=BY_NUMBER, fields=FIELDS)


async def test_several_that_fit_are_ambiguous_and_named(
    client: ServiceNowClient, instance: ScriptedInstance
) -> None:
    instance.replies(listed(A_ROW, row(sys_id="a2", number="INC0010001")))
    with pytest.raises(AmbiguousRecord) as caught:
        await client.tables.find_one("incident", query=BY_NUMBER, fields=FIELDS)
    assert [record.sys_id for record in caught.value.candidates] == ["a1", "a2"]


async def test_one_visible_row_of_many_pages_is_ambiguous(
    client: ServiceNowClient, instance: ScriptedInstance
) -> None:
    instance.replies(listed(A_ROW, total=200))
    with pytest.raises(AmbiguousRecord):
        await client.tables.find_one("incident", query=BY_NUMBER, fields=FIELDS)


async def test_the_only_visible_record_is_not_taken_for_another_when_conditions_are_dropped(
    client: ServiceNowClient, instance: ScriptedInstance
) -> None:
    instance.replies(listed(A_ROW))
    with pytest.raises(RecordNotFound):
        await client.tables.find_one(
            "incident", query=Query().equals("number", "INC0099999"), fields=FIELDS
        )


async def test_a_new_record_is_returned_as_it_was_stored(
    client: ServiceNowClient, instance: ScriptedInstance
) -> None:
    instance.replies(one(201, sys_id="a1", number="INC0010001"))
    record = await client.tables.create("incident", {"short_description": "ä"}, fields=["number"])
    assert (record.sys_id, record.value("number")) == ("a1", "INC0010001")
    (request,) = instance.requests
    assert (request.method, request.url.path) == ("POST", "/api/now/table/incident")
    assert request.headers["Content-Type"] == "application/json"
    assert orjson.loads(request.content) == {"short_description": "ä"}
    assert request.url.params["sysparm_display_value"] == "all"


async def test_a_new_record_that_may_not_be_read_is_named_by_its_location(
    client: ServiceNowClient, instance: ScriptedInstance
) -> None:
    location = {"Location": "https://example.service-now.com/api/now/table/incident/a9?x=1"}
    instance.replies(httpx.Response(201, json={"result": {}}, headers=location))
    record = await client.tables.create("incident", {"a": "b"}, fields=["number"])
    assert (record.sys_id, record.fields) == ("a9", {})


async def test_a_new_record_that_is_not_named_at_all_is_in_doubt(
    client: ServiceNowClient, instance: ScriptedInstance
) -> None:
    instance.replies(httpx.Response(201, json={"result": {}}))
    with pytest.raises(OutcomeUnknown) as caught:
        await client.tables.create("incident", {"correlation_id": "ours"}, fields=["number"])
    assert caught.value.correlation_id == "ours"


async def test_a_changed_record_is_returned_as_it_was_stored(
    client: ServiceNowClient, instance: ScriptedInstance
) -> None:
    instance.replies(one(sys_id="a1", state=("2", "In Progress")), one(state="2"))
    record = await client.tables.update(
        "incident", sys_id="a1", values={"state": "2"}, fields=["state"]
    )
    assert record.display("state") == "In Progress"
    (request,) = instance.requests
    assert (request.method, request.url.path) == ("PATCH", "/api/now/table/incident/a1")
    without_id = await client.tables.update(
        "incident", sys_id="a1", values={"state": "2"}, fields=["state"]
    )
    assert without_id.sys_id == "a1"


@pytest.mark.parametrize(
    "table", ["", "Incident", "incident/a1", "..", "incident?x", "ä", "a" * 81]
)
async def test_a_name_that_no_table_has_is_not_sent(
    client: ServiceNowClient, instance: ScriptedInstance, table: str
) -> None:
    with pytest.raises(MalformedName):
        await client.tables.list(table, query=Query(), fields=[])
    with pytest.raises(MalformedName):
        await client.tables.create(table, {}, fields=[])
    assert instance.requests == []


@pytest.mark.parametrize("sys_id", ["", "..", "a/b", "a?b", "a b", "x" * 41])
async def test_what_cannot_be_a_sys_id_is_not_sent(
    client: ServiceNowClient, instance: ScriptedInstance, sys_id: str
) -> None:
    with pytest.raises(MalformedName):
        await client.tables.get("incident", sys_id=sys_id, fields=[])
    with pytest.raises(MalformedName):
        await client.tables.update("incident", sys_id=sys_id, values={}, fields=[])
    assert instance.requests == []


async def test_a_field_that_would_be_several_is_not_asked_for(
    client: ServiceNowClient, instance: ScriptedInstance
) -> None:
    with pytest.raises(MalformedName):
        await client.tables.get("incident", sys_id="a1", fields=["number,user_password"])
    assert instance.requests == []
