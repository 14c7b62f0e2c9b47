"""Resources: records by address, as the person who asks, in every revision."""

import asyncio
import json
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from pytest_django import Settings
from starlette.applications import Starlette

from tests.mcp_app.clients import ERAS, Http, Wire, modern, request
from tests.mcp_app.people import Person
from tests.mcp_app.records import asked_of, recorded
from tools_app.catalog import CATALOG
from tools_app.models import ToolSetting
from tools_app.resources import RESOURCES, resource_at
from tools_app.settings_snapshot import forget_snapshot

LISTED = [
    resource
    for resource in RESOURCES.values()
    if all(one.tool in CATALOG or one.tool == "describe_table" for one in resource.readings)
]


async def asked(mcp: Http, era: str, person: Person, method: str, **params: Any) -> dict[str, Any]:
    message, headers = request(method, params), {}
    if era == "modern" and "uri" in params:
        headers["Mcp-Name"] = params["uri"]
    answer = await mcp.in_era(era, message, token=await person.access_token(), headers=headers)
    body: dict[str, Any] = answer.json()
    return {"status": answer.status_code, **body}


async def read(mcp: Http, era: str, person: Person, uri: str) -> dict[str, Any]:
    """What is at an address, as JSON."""
    answer = await asked(mcp, era, person, "resources/read", uri=uri)
    [contents] = answer["result"]["contents"]
    assert (contents["uri"], contents["mimeType"]) == (uri, "application/json")
    found: dict[str, Any] = json.loads(contents["text"])
    return found


@ERAS
async def test_fixed_resources_and_templates_are_listed_apart(mcp: Http, abel: Person, era: str):
    fixed = (await asked(mcp, era, abel, "resources/list"))["result"]["resources"]
    templates = await asked(mcp, era, abel, "resources/templates/list")
    listed = {one["name"]: one["uri"] for one in fixed}
    listed |= {one["name"]: one["uriTemplate"] for one in templates["result"]["resourceTemplates"]}
    assert listed == {one.name: one.uri for one in LISTED}


@ERAS
async def test_a_record_is_read_by_number_and_by_sys_id_and_put_on_record(
    mcp: Http, abel: Person, era: str
):
    by_number = await read(mcp, era, abel, "servicenow://incident/INC0010001")
    by_sys_id = await read(mcp, era, abel, f"servicenow://incident/{by_number['sys_id']}")
    assert by_number["number"] == by_sys_id["number"] == "INC0010001"
    calls = await recorded()
    assert [call.tool for call, _ in calls] == ["get_incident"] * 2
    assert all(outcomes[-1].outcome == "succeeded" for _, outcomes in calls)


@ERAS
async def test_what_is_mine_is_of_the_person_who_asks(
    mcp: Http, abel: Person, beth: Person, era: str
):
    assert (await read(mcp, era, abel, "servicenow://me"))["user_name"] == "abel.tuter"
    assert (await read(mcp, era, beth, "servicenow://me"))["user_name"] == "beth.anglin"


async def test_a_table_tells_its_fields_choices_and_references(mcp: Http, abel: Person):
    table = await read(mcp, "modern", abel, "servicenow://schema/incident")
    fields = {field["name"]: field for field in table["fields"]}
    assert table["count"] == len(fields) > 50
    assert "In Progress" in fields["state"]["choices"]
    assert fields["caller_id"]["reference"] == "sys_user"


@pytest.mark.parametrize(
    ("uri", "code"),
    [
        ("servicenow://incident/INC9999999", "NOT_FOUND"),
        ("servicenow://incident/not-a-number", "VALIDATION_ERROR"),
        ("servicenow://incident/x%5EORactive=true", "VALIDATION_ERROR"),
        ("servicenow://schema/no_such_table", "NOT_FOUND"),
        ("servicenow://schema/Incident", "VALIDATION_ERROR"),
    ],
)
async def test_a_failure_is_told_in_the_place_of_the_record(
    mcp: Http, abel: Person, uri: str, code: str
):
    assert (await read(mcp, "modern", abel, uri))["code"] == code


async def test_a_record_that_is_hidden_reads_as_one_that_is_not_there(
    mcp: Http, abel: Person, charlie: Person
):
    assert (await read(mcp, "modern", abel, "servicenow://incident/INC0010001"))["sys_id"]
    answers = [
        await read(mcp, "modern", charlie, f"servicenow://incident/{number}")
        for number in ("INC0010001", "INC9999999")
    ]
    for answer in answers:
        assert len(answer.pop("reference_id")) == 32
    assert answers[0] == answers[1]
    assert answers[0]["code"] == "NOT_FOUND"


async def test_a_bad_name_never_reaches_servicenow(mcp: Http, abel: Person, simulator: Starlette):
    await read(mcp, "modern", abel, "servicenow://incident/javascript:x")
    assert asked_of(simulator, method="GET") == []


@ERAS
@pytest.mark.parametrize(
    "uri",
    [
        "servicenow://nothing/1",
        "servicenow://incident/",
        "servicenow://incident/a/b",
        "servicenow://incident/INC0010001?x=1",
        "servicenow://me/",
        "http://localhost:8080/admin",
        "file:///etc/passwd",
    ],
)
async def test_an_address_that_is_none_is_an_error_of_the_protocol(
    mcp: Http, abel: Person, era: str, uri: str
):
    answer = await asked(mcp, era, abel, "resources/read", uri=uri)
    assert answer["error"]["code"] == {"modern": -32602, "handshake": -32002}[era]


async def test_readings_and_completions_count_and_over_the_limit_are_answered_without_servicenow(
    mcp: Http, abel: Person, settings: Settings, simulator: Starlette
):
    settings.RATE_LIMIT_PER_USER = 2
    token, ref = await abel.access_token(), {"type": "ref/prompt", "name": "incident_triage"}
    argument = {"name": "incident", "value": "INC"}
    completion = request("completion/complete", {"ref": ref, "argument": argument})
    reading = request("resources/read", {"uri": "servicenow://me"})
    for message, remaining in ((completion, "1"), (reading, "0")):
        answer = await mcp.post(message, token=token)
        assert answer.headers["ratelimit-remaining"] == remaining
    before = len(asked_of(simulator))
    refused = await mcp.post(reading, token=token)
    assert (refused.status_code, refused.headers["retry-after"]) == (200, "30")
    [contents] = refused.json()["result"]["contents"]
    assert json.loads(contents["text"])["code"] == "RATE_LIMITED"
    nothing = await mcp.post(completion, token=token)
    assert nothing.json()["result"]["completion"] == {"values": []}
    assert len(asked_of(simulator)) == before


async def test_a_resource_goes_with_its_tool(mcp: Http, abel: Person):
    await sync_to_async(ToolSetting.objects.create)(tool="get_incident", is_on=False)
    forget_snapshot()
    templates = await asked(mcp, "modern", abel, "resources/templates/list")
    named = {one["name"] for one in templates["result"]["resourceTemplates"]}
    assert "incident" not in named
    uri = "servicenow://incident/INC0010001"
    assert "error" in await asked(mcp, "modern", abel, "resources/read", uri=uri)


async def test_what_only_resources_are_read_with_is_no_tool(mcp: Http, abel: Person):
    assert "describe_table" not in CATALOG
    token = await abel.access_token()
    answer = await mcp.call("describe_table", {"table": "incident"}, token=token)
    assert answer["isError"]


def test_every_resource_has_a_reading_and_an_address_of_its_own():
    for resource in RESOURCES.values():
        uri = resource.uri.replace("{sys_id}", "x").replace("{table}", "x")
        assert resource_at(uri) == (resource, "x" if resource.is_template else "")
        assert resource.description.endswith(".")


async def test_a_clients_listeners_hear_of_what_their_person_changes(
    mcp: Http, abel: Person, beth: Person
):
    incident = (await read(mcp, "modern", abel, "servicenow://incident/INC0010001"))["sys_id"]
    uris = [f"servicenow://incident/{incident}", "servicenow://my_work"]
    message, headers = modern(
        request("subscriptions/listen", {"notifications": {"resourceSubscriptions": uris}})
    )
    body = json.dumps(message).encode()
    wires = [
        Wire(body, headers={"Authorization": f"Bearer {await one.access_token()}", **headers})
        for one in (abel, beth)
    ]
    listening = [asyncio.create_task(wire.run()) for wire in wires]
    for wire in wires:
        await wire.until("acknowledged")
    token = await abel.access_token()
    await mcp.call("get_incident", {"incident": "INC0010001"}, token=token)
    note = {"record": "INC0010001", "note": "Looked at it"}
    await mcp.call("add_work_note", note, token=token)
    await wires[0].until(uris[0])
    told = [event["params"]["uri"] for event in wires[0].events()[1:]]
    assert sorted(told) == sorted(uris)
    assert len(wires[1].events()) == 1
    for wire in wires:
        wire.leave()
    await asyncio.gather(*listening)
