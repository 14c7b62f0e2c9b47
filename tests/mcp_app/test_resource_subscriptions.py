"""`resources/subscribe` of the handshake revisions: one's own changes, in one's own sessions."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.db import connection
from mcp.client import Client
from mcp_types import ResourceUpdatedNotification

from mcp_app.models import McpSession, ResourceSubscription
from mcp_app.sessions.subscriptions import MOST_OF_A_SESSION
from tests.identity.requirements import protects
from tests.mcp_app.clients import HANDSHAKE, INITIALIZE, Http, request
from tests.mcp_app.people import Person
from tests.mcp_app.streaming_transport import Heard, client_that_listens
from tools_app.models import ToolSetting
from tools_app.settings_snapshot import forget_snapshot

# The SDK says of both methods that 2026-07-28 has them no more.
pytestmark = pytest.mark.filterwarnings("ignore::mcp.shared.exceptions.MCPDeprecationWarning")
MY_WORK = "servicenow://my_work"
NOTE = {"record": "INC0010001", "note": "Looked at it"}


async def updated(heard: Heard) -> str:
    """The address of the next change that a client is told."""
    while True:
        async with asyncio.timeout(5):
            message = await heard.messages.get()
        if isinstance(message, ResourceUpdatedNotification):
            return message.params.uri


@asynccontextmanager
async def listening(person: Person) -> AsyncIterator[tuple[Client, Heard]]:
    heard = Heard()
    async with client_that_listens(await person.access_token(), heard) as client:
        await heard.is_listening.wait()
        yield client, heard


async def test_the_sdk_client_hears_of_its_persons_changes_under_the_address_it_wrote(
    mcp: Http, abel: Person
):
    async with listening(abel) as (client, heard):
        found = await client.call_tool("get_incident", {"incident": "INC0010001"})
        by_sys_id = f"servicenow://incident/{found.structured_content['sys_id']}"
        in_small_letters = "servicenow://incident/inc0010001"
        another = "servicenow://incident/INC0010002"
        assert client.server_capabilities.resources.subscribe
        for uri in (by_sys_id, in_small_letters, another, in_small_letters):
            await client.subscribe_resource(uri)
        await client.call_tool("add_work_note", NOTE)
        assert {await updated(heard), await updated(heard)} == {by_sys_id, in_small_letters}
        await client.unsubscribe_resource(in_small_letters)
        await client.call_tool("add_work_note", NOTE)
        await client.call_tool("add_work_note", {**NOTE, "record": "INC0010002"})
        assert [await updated(heard), await updated(heard)] == [by_sys_id, another]


@protects("P14")
async def test_nobody_hears_of_another_persons_changes_under_the_same_address(
    mcp: Http, abel: Person, beth: Person
):
    incident = "servicenow://incident/INC0010001"
    async with listening(abel) as (abels, of_abel), listening(beth) as (beths, of_beth):
        for client in (abels, beths):
            await client.subscribe_resource(MY_WORK)
            await client.subscribe_resource(incident)
        await abels.call_tool("add_work_note", NOTE)
        assert {await updated(of_abel), await updated(of_abel)} == {MY_WORK, incident}
        await beths.unsubscribe_resource(incident)
        created = await beths.call_tool("create_incident", {"short_description": "Own"})
        assert not created.is_error
        assert await updated(of_beth) == MY_WORK
        assert of_abel.messages.empty()
        assert of_beth.messages.empty()


async def test_a_change_is_changed_by_its_tasks_and_approvals(mcp: Http, beth: Person):
    async with listening(beth) as (client, heard):
        found = await client.call_tool("get_my_approvals", {})
        approvals = found.structured_content["records"]
        approval = next(one for one in approvals if one["record"]["name"].startswith("CHG"))
        number = approval["record"]["name"]
        change = f"servicenow://change_request/{number}"
        await client.subscribe_resource(change)
        task = {"change": number, "short_description": "Tell the users"}
        assert not (await client.call_tool("add_change_task", task)).is_error
        assert await updated(heard) == change
        decision = {"approval": approval["sys_id"], "decision": "approved"}
        assert not (await client.call_tool("approve_or_reject", decision)).is_error
        assert await updated(heard) == change


class Session:
    """A session of a person's client, over plain HTTP."""

    def __init__(self, mcp: Http, token: str, opened: dict[str, Any], session: str) -> None:
        self._mcp, self._token = mcp, token
        self.can: dict[str, Any] = opened["result"]["capabilities"]
        self.id = session

    @classmethod
    async def opened(cls, mcp: Http, person: Person, *, revision: str = "2025-11-25") -> "Session":
        token = await person.access_token()
        asked = request("initialize", INITIALIZE | {"protocolVersion": revision})
        answer = await mcp.post(asked, token=token)
        return cls(mcp, token, answer.json(), answer.headers["mcp-session-id"])

    async def ask(self, what: str, uri: str, *, within: bool = True) -> dict[str, Any]:
        headers = {"Mcp-Session-Id": self.id} if within else {}
        message = request(f"resources/{what}", {"uri": uri})
        answer = await self._mcp.post(message, token=self._token, headers=headers)
        assert answer.status_code == 200, answer.text
        body: dict[str, Any] = answer.json()
        return body


async def test_every_revision_with_sessions_says_that_it_can_and_does(mcp: Http, abel: Person):
    for number, revision in enumerate(HANDSHAKE, start=1):
        session = await Session.opened(mcp, abel, revision=revision)
        assert session.can["resources"]["subscribe"] is True
        for _ in range(2):
            assert (await session.ask("subscribe", MY_WORK))["result"] == {}
        assert await ResourceSubscription.objects.acount() == number


async def test_without_a_session_nothing_is_claimed_and_nothing_subscribed(mcp: Http, abel: Person):
    token = await abel.access_token()
    its = "http://localhost:8080/mcp/servicenow"
    subscribe = request("resources/subscribe", {"uri": MY_WORK})
    opened = await mcp.post(request("initialize", INITIALIZE), address=its)
    can = opened.json()["result"]["capabilities"]
    assert {name: part for name, part in can.items() if any(part.values())} == {}
    session = await Session.opened(mcp, abel)
    of_other = {"Mcp-Session-Id": session.id}
    there = await mcp.post(subscribe, token=token, address=its, headers=of_other)
    modern = await mcp.modern(subscribe, token=token)
    alone = await session.ask("subscribe", MY_WORK, within=False)
    for answer in (there.json(), modern.json(), alone):
        assert answer["error"]["code"] == -32601
    assert not await ResourceSubscription.objects.aexists()


async def test_an_address_that_nothing_can_be_at_is_not_subscribed_to(mcp: Http, abel: Person):
    await sync_to_async(ToolSetting.objects.create)(tool="get_article", is_on=False)
    forget_snapshot()
    session = await Session.opened(mcp, abel)
    for uri in (
        "servicenow://nothing/1",
        "servicenow://incident/not-a-number",
        "servicenow://incident/INC1^ORactive=true",
        "servicenow://incident/https%3A%2F%2Fx.service-now.com%2Fincident.do%3Fsys_id%3Dx",
        "servicenow://kb_knowledge/KB0000001",
        f"servicenow://incident/{'%30' * 90}",
        "servicenow://schema/Incident",
        f"servicenow://catalog/{'x' * 201}",
        f"servicenow://catalog/{'%20' * 100}x",
        "file:///etc/passwd",
    ):
        error = (await session.ask("subscribe", uri))["error"]
        assert (error["code"], error["data"]) == (-32002, {"uri": uri}), uri
    assert (await session.ask("unsubscribe", "file:///etc/passwd"))["error"]["code"] == -32002
    assert (await session.ask("unsubscribe", MY_WORK))["result"] == {}
    assert not await ResourceSubscription.objects.aexists()


async def test_a_session_subscribes_to_a_bounded_number_and_to_more_after_unsubscribing(
    mcp: Http, abel: Person
):
    session = await Session.opened(mcp, abel)
    kept = await McpSession.objects.aget()
    rows = [ResourceSubscription(session=kept, uri=f"{n}") for n in range(MOST_OF_A_SESSION)]
    await ResourceSubscription.objects.abulk_create(rows)
    refused = (await session.ask("subscribe", MY_WORK))["error"]
    assert (refused["code"], "100" in refused["message"]) == (-32600, True)
    assert (await session.ask("subscribe", "0"))["error"]["code"] == -32002
    await session.ask("unsubscribe", "0")
    assert "result" in await session.ask("subscribe", MY_WORK)


async def test_subscriptions_end_with_their_session_and_only_their_client_ends_them(
    mcp: Http, abel: Person, beth: Person
):
    abels, beths = await Session.opened(mcp, abel), await Session.opened(mcp, beth)
    await abels.ask("subscribe", MY_WORK)
    await beths.ask("unsubscribe", MY_WORK)
    assert await ResourceSubscription.objects.acount() == 1
    await McpSession.objects.filter(user=abel.user).adelete()
    assert not await ResourceSubscription.objects.aexists()


async def test_without_its_table_a_write_is_answered_and_a_subscription_is_not(
    mcp: Http, abel: Person
):
    def put_away() -> None:
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE mcp_app_resourcesubscription")

    session = await Session.opened(mcp, abel)
    await sync_to_async(put_away)()
    for what in ("subscribe", "unsubscribe"):
        error = (await session.ask(what, MY_WORK))["error"]
        assert (error["code"], "try again" in error["message"]) == (-32603, True)
    told = await mcp.call("add_work_note", NOTE, token=await abel.access_token())
    assert json.loads(told["content"][0]["text"])["number"] == "INC0010001"
