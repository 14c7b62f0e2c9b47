"""One search and one fetch over incidents, changes, knowledge and the catalog."""

import pytest

from servicenow.exceptions import ApiAbsent, NotAuthorized, RecordNotFound, ServerFault
from simulator.control.faults import FaultKind
from tests.tools_app.desk import Desk
from tools_app.exceptions import InvalidArguments
from tools_app.results import ANSWER_LIMIT

KNOWLEDGE, CATALOG = "/api/sn_km_api/*", "/api/sn_sc/*"
PLUGINS = ("sn_km_api", "com.glideapp.servicecatalog.rest.api")


async def ids(desk: Desk, query: str) -> list[str]:
    """The ids of what a search finds."""
    found = await desk.call("search", query=query)
    return [one["id"] for one in found["results"]]


def sources(found: list[str]) -> set[str]:
    """Where they come from."""
    return {one.partition(":")[0] for one in found}


async def test_a_search_finds_of_every_source_and_says_id_title_and_url(abel: Desk) -> None:
    found = await abel.call("search", query="laptop")
    assert set(found) == {"results"}
    for one in found["results"]:
        assert set(one) == {"id", "title", "url"}
        assert one["url"].startswith("http://localhost:8090/")
    named = [one["id"] for one in found["results"]]
    assert {"incident", "kb_knowledge", "catalog"} <= sources(named)
    assert len(named) == len(set(named)) <= 20


async def test_changes_are_found_too_and_first_results_are_of_different_sources(
    abel: Desk,
) -> None:
    row = abel.one("change_request", "active=true")
    word = max(row["short_description"].split(), key=len)
    assert "change_request" in sources(await ids(abel, word))
    first = (await ids(abel, "laptop"))[:3]
    assert len(sources(first)) == 3


@pytest.mark.parametrize("table", ["incident", "change_request"])
async def test_a_number_finds_its_record(abel: Desk, table: str) -> None:
    row = abel.one(table, "ORDERBYDESCnumber")
    found = await abel.call("search", query=row["number"])
    [one] = [one for one in found["results"] if one["id"] == f"{table}:{row['sys_id']}"]
    assert one["title"].startswith(f"{row['number']}: ")
    assert one["url"].endswith(f"/{table}.do?sys_id={row['sys_id']}")


async def test_all_words_must_be_there_in_any_order(abel: Desk) -> None:
    article = abel.one("kb_knowledge", "short_description=VPN drops every hour")
    assert f"kb_knowledge:{article['sys_id']}" in await ids(abel, "hour vpn")
    assert await ids(abel, "hour qqqqqq") == [] or "incident" not in sources(
        await ids(abel, "hour qqqqqq")
    )


async def test_words_are_literals_and_a_blank_query_is_refused(abel: Desk) -> None:
    assert await ids(abel, "zzzz^ORnumberISNOTEMPTY") == []
    with pytest.raises(InvalidArguments, match="is blank"):
        await abel.call("search", query="   ")


async def test_a_source_that_is_refused_or_absent_is_left_out_and_named(abel: Desk) -> None:
    abel.fault(FaultKind.NOT_AUTHORIZED, path="/api/now/table/change_request")
    abel.instance.switches.absent_plugins = PLUGINS
    found = await abel.call("search", query="laptop")
    assert found["left_out"] == ["change_request", "catalog"]
    named = sources([one["id"] for one in found["results"]])
    assert named == {"incident", "kb_knowledge"}, "knowledge is read from its tables"


async def test_where_no_source_may_be_read_the_search_is_refused(abel: Desk) -> None:
    abel.fault(FaultKind.NOT_AUTHORIZED, path="/api/*", count=50)
    with pytest.raises(NotAuthorized):
        await abel.call("search", query="laptop")


@pytest.mark.parametrize(
    "path", ["/api/now/table/incident", "/api/now/table/change_request", KNOWLEDGE, CATALOG]
)
async def test_a_source_that_fails_is_a_failure_and_no_empty_result(abel: Desk, path: str) -> None:
    abel.fault(FaultKind.SERVER_FAULT, path=path, count=5)
    with pytest.raises(ServerFault):
        await abel.call("search", query="laptop")


async def test_every_result_can_be_fetched(abel: Desk) -> None:
    row = abel.one("change_request", "active=true")
    found = await ids(abel, "laptop") + await ids(abel, row["number"])
    assert sources(found) == {"incident", "change_request", "kb_knowledge", "catalog"}
    for one in found:
        document = await abel.call("fetch", id=one)
        assert set(document) == {"id", "title", "text", "url", "metadata"}
        assert document["id"] == one
        assert document["text"]
        assert "<p>" not in document["text"]
        assert document["title"]


async def test_an_incident_tells_how_it_was_resolved(abel: Desk) -> None:
    row = abel.one("incident", "close_notesISNOTEMPTY^state=7")
    document = await abel.call("fetch", id=f"incident:{row['sys_id']}")
    assert f"Resolution notes:\n{row['close_notes']}" in document["text"]
    assert document["metadata"]["number"] == row["number"]
    assert document["metadata"]["state"] == "Closed"
    assert document["metadata"]["updated_at"].endswith("Z")


async def test_an_item_tells_what_it_asks(abel: Desk) -> None:
    [item, *_] = [one for one in await ids(abel, "laptop") if one.startswith("catalog:")]
    document = await abel.call("fetch", id=item)
    assert "Asked when ordering: " in document["text"]
    assert document["metadata"]["type"]


async def test_an_id_may_hold_a_number(abel: Desk) -> None:
    row = abel.one("incident", "ORDERBYnumber")
    document = await abel.call("fetch", id=f"incident:{row['number']}")
    assert document["id"] == f"incident:{row['sys_id']}"


@pytest.mark.parametrize(
    "wrong",
    [
        "sys_user:" + "a" * 32,
        "a" * 32,
        "incident:    ",
        "incident:../sys_user",
        "catalog:../../now/table/sys_user",
        "kb_knowledge:http://elsewhere.example/kb_view.do",
    ],
)
async def test_an_id_that_is_none_is_never_sent(abel: Desk, wrong: str) -> None:
    with pytest.raises(InvalidArguments, match="`id`"):
        await abel.call("fetch", id=wrong)
    assert abel.requests() == []


@pytest.mark.parametrize("source", ["incident", "change_request", "kb_knowledge", "catalog"])
async def test_what_does_not_exist_is_not_found(abel: Desk, source: str) -> None:
    with pytest.raises(RecordNotFound):
        await abel.call("fetch", id=f"{source}:{'f' * 32}")


async def test_an_item_without_the_plugin_is_a_failure_of_its_own(abel: Desk) -> None:
    abel.instance.switches.absent_plugins = PLUGINS
    with pytest.raises(ApiAbsent):
        await abel.call("fetch", id=f"catalog:{'f' * 32}")


async def test_people_without_rights_find_and_fetch_only_what_is_theirs(
    abel: Desk, charlie: Desk
) -> None:
    hidden = abel.one("incident", f"caller_id!={charlie.caller.sys_id}^ORDERBYnumber")
    assert f"incident:{hidden['sys_id']}" in await ids(abel, hidden["number"])
    assert await ids(charlie, hidden["number"]) == []
    with pytest.raises((RecordNotFound, NotAuthorized)):
        await charlie.call("fetch", id=f"incident:{hidden['sys_id']}")
    runbook = abel.one("kb_knowledge", "short_description=Fail over the VPN gateways")
    assert f"kb_knowledge:{runbook['sys_id']}" in await ids(abel, "gateways")
    assert f"kb_knowledge:{runbook['sys_id']}" not in await ids(charlie, "gateways")


async def test_a_very_long_document_is_cut(abel: Desk) -> None:
    row = abel.one("change_request", "active=true")
    long = '"\n' * 1_990
    plans = ("description", "justification", "implementation_plan", "backout_plan", "test_plan")
    abel.instance.update("change_request", row["sys_id"], dict.fromkeys(plans, f"x{long}x"))
    document = await abel.call("fetch", id=f"change_request:{row['sys_id']}")
    assert len(document["text"]) < ANSWER_LIMIT


async def test_a_search_asks_each_source_once(abel: Desk) -> None:
    await abel.call("search", query="laptop")
    abel.world.journal.clear()
    await abel.call("search", query="printer")
    assert len(abel.requests()) == 4
