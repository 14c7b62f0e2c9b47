"""Completion: what the person touched last, then what fits, as they may see it."""

import json
from typing import Any
from urllib.parse import quote

from asgiref.sync import sync_to_async
from starlette.applications import Starlette

from simulator.control.faults import Fault, FaultKind
from tests.mcp_app.clients import ERAS, Http, request
from tests.mcp_app.people import Person
from tests.mcp_app.records import recorded
from tools_app.models import ToolSetting
from tools_app.prompts import PROMPTS
from tools_app.resources import RESOURCES
from tools_app.settings_snapshot import forget_snapshot
from tools_app.suggesting import MOST

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
    values: list[str] = (await completion(mcp, person, ref, name, value, era=era))["values"]
    return values


async def completion(
    mcp: Http,
    person: Person,
    ref: dict[str, str],
    name: str,
    value: str,
    *,
    era: str = "modern",
) -> dict[str, Any]:
    params: dict[str, Any] = {"ref": ref, "argument": {"name": name, "value": value}}
    token = await person.access_token()
    answer = await mcp.in_era(era, request("completion/complete", params), token=token)
    found: dict[str, Any] = answer.json()["result"]["completion"]
    return found


def prompt(name: str) -> dict[str, str]:
    return {"type": "ref/prompt", "name": name}


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


TO_FILL_IN = (
    (INCIDENT, "incident", "email", "INC"),
    (prompt("resolve_incident"), "incident", "INC001", "INC001"),
    (template("incident/{sys_id}"), "sys_id", "INC001", "INC001"),
    (template("change_request/{sys_id}"), "sys_id", "CHG", "CHG"),
    (template("kb_knowledge/{sys_id}"), "sys_id", "KB", "KB"),
    (template("schema/{table}"), "table", "incid", "incident"),
    (template("catalog/{sys_id}"), "sys_id", "lapt", "aptop"),
    (prompt("request_something"), "what", "lapt", "aptop"),
    (prompt("change_request_planning"), "group", "Net", "Network"),
    (prompt("change_request_planning"), "summary", "upgrade", "pgrade"),
    (prompt("knowledge_article_authoring"), "topic", "email", "mail"),
    (prompt("approval_review"), "approval", "chg", "CHG"),
)


def test_nothing_that_is_filled_in_is_left_out_here():
    arguments = {(prompt.name, one.name) for prompt in PROMPTS.values() for one in prompt.arguments}
    parts = {(one.uri, one.argument) for one in RESOURCES.values() if one.is_template}
    tried = {(ref.get("name") or ref["uri"], name) for ref, name, _, _ in TO_FILL_IN}
    assert tried == arguments | parts


async def test_every_argument_of_a_prompt_is_completed_as_people_write_it(mcp: Http, beth: Person):
    for ref, name, value, found in TO_FILL_IN:
        if "name" in ref:
            values = await completed(mcp, beth, ref, name, value)
            assert any(found in one for one in values), (value, values)


async def test_every_template_is_completed_to_an_address_that_can_be_read(mcp: Http, beth: Person):
    token = await beth.access_token()
    for ref, name, value, found in TO_FILL_IN:
        if "uri" in ref:
            values = await completed(mcp, beth, ref, name, value)
            assert any(found in one for one in values), (value, values)
            uri = ref["uri"].replace(f"{{{name}}}", quote(values[0], safe=""))
            answer = await mcp.post(request("resources/read", {"uri": uri}), token=token)
            [contents] = answer.json()["result"]["contents"]
            assert "code" not in json.loads(contents["text"]), contents


async def test_how_many_more_there_are_is_told_where_it_is_known(mcp: Http, beth: Person):
    for value, has_more, total in (
        ("INC0010001", False, 1),
        ("no such thing at all", False, 0),
    ):
        found = await completion(mcp, beth, INCIDENT, "incident", value)
        assert (found["hasMore"], found["total"], len(found["values"])) == (has_more, total, total)
    many = await completion(mcp, beth, INCIDENT, "incident", "INC")
    assert many["hasMore"]
    assert len(many["values"]) == MOST
    assert many.get("total", MOST + 1) > MOST


async def test_what_was_touched_is_there_when_servicenow_does_not_answer(
    mcp: Http, abel: Person, simulator: Starlette
):
    token = await abel.access_token()
    await mcp.call("get_incident", {"incident": "INC0010001"}, token=token)
    fault = Fault(kind=FaultKind.RESET_BEFORE, path="*", count=None)
    simulator.state.world.faults.add(fault)
    found = await completion(mcp, abel, INCIDENT, "incident", "inc")
    assert found == {"values": ["INC0010001"]}


async def test_what_is_no_argument_is_an_error_and_asks_nobody(mcp: Http, abel: Person):
    await sync_to_async(ToolSetting.objects.create)(tool="submit_catalog_request", is_on=False)
    forget_snapshot()
    token = await abel.access_token()
    for ref, name in (
        (prompt("nothing"), "incident"),
        (INCIDENT, "caller"),
        (prompt("request_something"), "what"),
        (template("nothing/{sys_id}"), "sys_id"),
        (template("incident/{sys_id}"), "table"),
        (template("me"), ""),
    ):
        params = {"ref": ref, "argument": {"name": name, "value": "x"}}
        answer = await mcp.post(request("completion/complete", params), token=token)
        assert answer.json()["error"]["code"] == -32602, (ref, name)
    assert await recorded() == []


async def test_what_looks_like_a_query_is_a_text_like_any_other(mcp: Http, abel: Person):
    for value in ("^ORactive=true", "javascript:gs.getUserID()", "INC^NQ", "%"):
        assert await completed(mcp, abel, INCIDENT, "incident", value) == []


async def test_a_completion_is_put_on_record(mcp: Http, abel: Person):
    await completed(mcp, abel, INCIDENT, "incident", "INC")
    [(call, [outcome])] = await recorded()
    assert (call.tool, outcome.outcome) == ("suggest", "succeeded")


async def test_what_a_person_may_not_see_is_not_suggested(mcp: Http, abel: Person, charlie: Person):
    abels = await completed(mcp, abel, INCIDENT, "incident", "INC")
    charlies = await completed(mcp, charlie, INCIDENT, "incident", "INC")
    assert len(charlies) < len(abels)
