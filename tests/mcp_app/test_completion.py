"""Completion: what the person touched last, then what fits, as they may see it."""

from typing import Any

import pytest

from tests.mcp_app.clients import ERAS, Http, request
from tests.mcp_app.people import Person
from tests.mcp_app.records import recorded

INCIDENT = {"type": "ref/prompt", "name": "incident_triage"}


async def completed(
    mcp: Http,
    person: Person,
    ref: dict[str, str],
    name: str,
    value: str,
    *,
    era: str = "modern",
) -> list[str]:
    params: dict[str, Any] = {"ref": ref, "argument": {"name": name, "value": value}}
    token = await person.access_token()
    answer = await mcp.in_era(era, request("completion/complete", params), token=token)
    values: list[str] = answer.json()["result"]["completion"]["values"]
    return values


def template(uri: str) -> dict[str, str]:
    return {"type": "ref/resource", "uri": f"servicenow://{uri}"}


@ERAS
async def test_a_number_is_completed_from_its_first_letters(mcp: Http, abel: Person, era: str):
    values = await completed(mcp, abel, INCIDENT, "incident", "inc00100", era=era)
    assert "INC0010001" in values
    assert len(values) <= 20


async def test_what_was_touched_last_comes_first(mcp: Http, abel: Person, beth: Person):
    token = await abel.access_token()
    for number in ("INC0010003", "INC0010001"):
        await mcp.call("get_incident", {"incident": number}, token=token)
    values = await completed(mcp, abel, INCIDENT, "incident", "")
    assert values[:2] == ["INC0010001", "INC0010003"]
    assert len(values) == len(set(values))
    others = await completed(mcp, beth, INCIDENT, "incident", "")
    assert others[:2] != ["INC0010001", "INC0010003"]


@pytest.mark.parametrize(
    ("ref", "name", "value", "found"),
    [
        (INCIDENT, "incident", "email", "INC"),
        (template("incident/{sys_id}"), "sys_id", "INC001", "INC001"),
        (template("change_request/{sys_id}"), "sys_id", "CHG", "CHG"),
        (template("kb_knowledge/{sys_id}"), "sys_id", "KB", "KB"),
        (template("schema/{table}"), "table", "incid", "incident"),
        (template("catalog/{sys_id}"), "sys_id", "lapt", "aptop"),
        ({"type": "ref/prompt", "name": "request_something"}, "what", "lapt", "aptop"),
        ({"type": "ref/prompt", "name": "change_request_planning"}, "group", "Net", "Network"),
    ],
)
async def test_every_kind_is_found_as_people_write_it(
    mcp: Http, abel: Person, ref: dict[str, str], name: str, value: str, found: str
):
    values = await completed(mcp, abel, ref, name, value)
    assert any(found in one for one in values), values


@pytest.mark.parametrize(
    ("ref", "name"),
    [
        ({"type": "ref/prompt", "name": "nothing"}, "incident"),
        (INCIDENT, "caller"),
        ({"type": "ref/prompt", "name": "knowledge_article_authoring"}, "topic"),
        (template("nothing/{sys_id}"), "sys_id"),
        (template("incident/{sys_id}"), "table"),
        (template("me"), ""),
    ],
)
async def test_what_is_not_known_has_no_completion_and_asks_nobody(
    mcp: Http, abel: Person, ref: dict[str, str], name: str
):
    assert await completed(mcp, abel, ref, name, "x") == []
    assert await recorded() == []


@pytest.mark.parametrize("value", ["^ORactive=true", "javascript:gs.getUserID()", "INC^NQ", "%"])
async def test_what_looks_like_a_query_is_a_text_like_any_other(
    mcp: Http, abel: Person, value: str
):
    assert await completed(mcp, abel, INCIDENT, "incident", value) == []


async def test_a_completion_is_put_on_record(mcp: Http, abel: Person):
    await completed(mcp, abel, INCIDENT, "incident", "INC")
    [(call, [outcome])] = await recorded()
    assert (call.tool, outcome.outcome) == ("suggest", "succeeded")


async def test_what_a_person_may_not_see_is_not_suggested(mcp: Http, abel: Person, charlie: Person):
    abels = await completed(mcp, abel, INCIDENT, "incident", "INC")
    charlies = await completed(mcp, charlie, INCIDENT, "incident", "INC")
    assert len(charlies) < len(abels)
