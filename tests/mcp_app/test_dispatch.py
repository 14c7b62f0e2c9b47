"""One tool call, from start to finish: what is answered, and what is on record."""

import asyncio
import json
from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import Settings
from starlette.applications import Starlette

from oauth_app.models import Connection, Instance
from oauth_app.models.connections import Reason, State
from simulator.control.faults import Fault, FaultKind
from tests.mcp_app.clients import ERAS, Http, call, failure_in, request
from tests.mcp_app.people import Person
from tests.mcp_app.records import asked_of, the_only_record


@ERAS
async def test_a_call_is_answered_twice_over_and_recorded(mcp: Http, abel: Person, era: str):
    token = await abel.access_token()
    message = call("create_incident", {"short_description": "The lift is stuck"}, id_="id-7")
    answer = await mcp.in_era(era, message, token=token)
    result = answer.json()["result"]
    assert answer.status_code == 200
    assert json.loads(result["content"][0]["text"]) == result["structuredContent"]
    assert result["structuredContent"]["caller"]["sys_id"] == abel.connection.sys_id
    record, outcome = await the_only_record()
    assert record.tool == "create_incident"
    assert (record.user_id, record.sys_id) == (abel.user.pk, abel.connection.sys_id)
    assert (record.user_name, record.connection_id) == ("abel.tuter", abel.connection.pk)
    assert record.instance_url == "http://localhost:8090"
    assert (record.credential, record.client_name) == ("oauth", "Claude Code")
    assert (record.request_id, record.remote_addr) == ("id-7", "203.0.113.7")
    assert record.access == "create"
    assert outcome.outcome == "succeeded"
    assert outcome.record_table == "incident"
    assert outcome.record_number == result["structuredContent"]["number"]
    assert outcome.record_sys_id == result["structuredContent"]["sys_id"]
    assert outcome.answer_bytes == len(result["content"][0]["text"].encode())


async def test_the_record_is_marked_with_the_reference_of_the_call(
    mcp: Http, abel: Person, simulator: Starlette
):
    await mcp.call("create_incident", {"short_description": "x"}, token=await abel.access_token())
    record, _ = await the_only_record()
    [sent] = asked_of(simulator, method="POST", path="/api/now/table/incident")
    assert json.loads(sent.body)["correlation_id"] == record.reference_id


async def test_what_the_client_says_it_is_is_recorded(mcp: Http, abel: Person):
    await mcp.modern(call("get_my_profile"), token=await abel.reconnect_token(access="read"))
    record, _ = await the_only_record()
    assert (record.credential, record.client_name) == ("reconnect", "tests")
    assert (record.client_version, record.protocol_version) == ("1.0", "2026-07-28")


async def test_a_client_that_does_not_say_is_known_by_its_agent(mcp: Http, abel: Person):
    token = await abel.reconnect_token()
    await mcp.post(call("get_my_profile"), token=token, headers={"User-Agent": "agent/7"})
    record, _ = await the_only_record()
    assert (record.client_name, record.client_version) == ("agent/7", "")
    assert record.protocol_version == "2025-03-26"


@ERAS
@pytest.mark.parametrize("tool", ["delete_everything", "Get_My_Profile", "get_my_profile ", ""])
async def test_an_unknown_tool_is_refused_and_recorded(
    mcp: Http, abel: Person, era: str, tool: str
):
    answer = await mcp.in_era(era, call(tool), token=await abel.access_token())
    result = answer.json()["result"]
    assert result["isError"]
    assert failure_in(result)["code"] == "NOT_ALLOWED"
    _, outcome = await the_only_record()
    assert (outcome.outcome, outcome.code) == ("refused", "NOT_ALLOWED")


@pytest.mark.parametrize(
    "arguments",
    [
        {"short_description": "x", "caller_id": "beth.anglin"},
        {"short_description": "x", "other": 1},
        {"short_description": 7},
        {},
    ],
)
async def test_wrong_arguments_never_reach_servicenow(
    mcp: Http, abel: Person, simulator: Starlette, arguments: dict
):
    result = await mcp.call("create_incident", arguments, token=await abel.access_token())
    assert failure_in(result)["code"] == "VALIDATION_ERROR"
    record, outcome = await the_only_record()
    assert failure_in(result)["reference_id"] == record.reference_id
    assert (outcome.outcome, outcome.code) == ("refused", "VALIDATION_ERROR")
    assert not list(simulator.state.world.journal)


async def test_a_person_without_a_connection_is_told_where_to_sign_in(mcp: Http, abel: Person):
    token = await abel.access_token()
    await Connection.objects.all().adelete()
    listed = await mcp.modern(request("tools/list"), token=token)
    assert listed.json()["result"]["tools"]
    failure = failure_in(await mcp.call("get_my_profile", token=token))
    assert failure["code"] == "AUTH_REQUIRED"
    assert failure["sign_in_url"] == "http://localhost:8080/oauth/authorize"
    _, outcome = await the_only_record()
    assert (outcome.outcome, outcome.code) == ("refused", "AUTH_REQUIRED")


async def test_a_person_who_disconnected_is_told_where_to_sign_in(mcp: Http, abel: Person):
    await Connection.objects.aupdate(state=State.DISCONNECTED, reason=Reason.ASKED_BY_PERSON)
    failure = failure_in(await mcp.call("get_my_profile", token=await abel.access_token()))
    instance = abel.connection.instance_id
    assert failure["code"] == "AUTH_REQUIRED"
    assert failure["sign_in_url"].endswith(f"/oauth/authorize?instance={instance}")


async def test_of_several_connections_the_one_that_serves_is_used(mcp: Http, abel: Person):
    other = await Instance.objects.acreate(base_url="https://old.example", client_id="x")
    await Connection.objects.acreate(
        user=abel.user,
        instance=other,
        sys_id="0" * 32,
        user_name="abel",
        state=State.NEEDS_SIGN_IN,
        signed_in_at=timezone.now() + timedelta(days=1),
    )
    me = await mcp.call("get_my_profile", token=await abel.access_token())
    assert me["structuredContent"]["user_name"] == "abel.tuter"


async def test_a_connection_that_ended_says_so(mcp: Http, abel: Person, simulator: Starlette):
    await Connection.objects.aupdate(
        state=State.NEEDS_SIGN_IN, reason=Reason.ASKED_BY_OPERATOR, access_token=""
    )
    result = await mcp.call("get_my_profile", token=await abel.access_token())
    assert failure_in(result)["code"] == "AUTH_EXPIRED"
    assert "sign_in_url" in failure_in(result)
    _, outcome = await the_only_record()
    assert (outcome.outcome, outcome.code) == ("failed", "AUTH_EXPIRED")


async def test_nothing_is_sent_to_a_paused_instance(mcp: Http, abel: Person, simulator: Starlette):
    await Instance.objects.aupdate(is_paused=True)
    result = await mcp.call("get_my_profile", token=await abel.access_token())
    assert failure_in(result)["code"] == "SN_UNAVAILABLE"
    assert "paused" in failure_in(result)["message"]
    assert not list(simulator.state.world.journal)


async def test_a_failure_of_servicenow_is_recorded_with_its_status(mcp: Http, abel: Person):
    wanted = {"incident": "INC9999999"}
    result = await mcp.call("get_incident", wanted, token=await abel.access_token())
    assert result["isError"]
    assert failure_in(result)["code"] == "NOT_FOUND"
    _, outcome = await the_only_record()
    assert (outcome.outcome, outcome.code) == ("failed", "NOT_FOUND")
    assert outcome.upstream_status == 404


async def test_servicenows_own_limit_is_passed_on(mcp: Http, abel: Person, simulator: Starlette):
    faults = simulator.state.world.faults
    faults.add(Fault(kind=FaultKind.RATE_LIMITED, count=3, retry_after=30, limit=100))
    answer = await mcp.modern(call("get_my_profile"), token=await abel.access_token())
    failure = failure_in(answer.json()["result"])
    assert answer.status_code == 200
    assert (failure["code"], failure["retry_after"]) == ("RATE_LIMITED", 30)
    assert "instance's own" in failure["message"]
    _, outcome = await the_only_record()
    assert outcome.upstream_status == 429


async def test_a_lost_reply_to_a_write_is_in_doubt(mcp: Http, abel: Person, simulator: Starlette):
    faults = simulator.state.world.faults
    faults.add(Fault(kind=FaultKind.RESET_BEFORE, method="POST"))
    result = await mcp.call(
        "create_incident", {"short_description": "x"}, token=await abel.access_token()
    )
    assert failure_in(result)["code"] == "OUTCOME_UNKNOWN"
    _, outcome = await the_only_record()
    assert (outcome.outcome, outcome.code) == ("in_doubt", "OUTCOME_UNKNOWN")


@ERAS
async def test_a_fault_of_ours_shows_its_reference_and_nothing_else(
    mcp: Http, abel: Person, settings: Settings, era: str, caplog: pytest.LogCaptureFixture
):
    settings.SERVICENOW_ALLOWED_HOSTS = []
    token = await abel.access_token()
    answer = await mcp.in_era(era, call("get_my_profile"), token=token)
    failure = failure_in(answer.json()["result"])
    record, outcome = await the_only_record()
    assert failure["code"] == "UNEXPECTED_ERROR"
    assert failure["reference_id"] == record.reference_id
    assert "HostNotAllowed" not in answer.text
    assert "localhost" not in answer.text
    assert (outcome.outcome, outcome.note) == ("failed", "HostNotAllowed")


async def test_a_fault_of_ours_in_a_write_is_in_doubt(mcp: Http, abel: Person, settings: Settings):
    settings.SERVICENOW_ALLOWED_HOSTS = []
    result = await mcp.call(
        "create_incident", {"short_description": "x"}, token=await abel.access_token()
    )
    assert "may have been made" in failure_in(result)["message"]
    _, outcome = await the_only_record()
    assert (outcome.outcome, outcome.code) == ("in_doubt", "UNEXPECTED_ERROR")


async def test_two_people_with_the_same_request_id_get_their_own_answers(
    mcp: Http, abel: Person, beth: Person
):
    tokens = {"abel.tuter": await abel.access_token(), "beth.anglin": await beth.access_token()}
    asked = [
        (name, mcp.in_era(era, call("get_my_profile", id_=1), token=token))
        for era in ("modern", "handshake")
        for name, token in tokens.items()
        for _ in range(5)
    ]
    answers = await asyncio.gather(*(answer for _, answer in asked))
    for (name, _), answer in zip(asked, answers, strict=True):
        assert answer.json()["result"]["structuredContent"]["user_name"] == name


async def test_charlie_is_only_ever_charlie(
    mcp: Http, abel: Person, charlie: Person, simulator: Starlette
):
    me = await mcp.call("get_my_profile", token=await charlie.access_token())
    assert me["structuredContent"]["user_name"] == "charlie.whitherspoon"
    asked_as = {entry.acting_user for entry in simulator.state.world.journal}
    assert asked_as == {"charlie.whitherspoon"}
