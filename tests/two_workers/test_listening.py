"""Who listens at one worker hears of the tools that an operator changes at the other one."""

import httpx
import pytest

from tests.mcp_app.clients import modern, request
from tests.support.operator_browser import OperatorBrowser
from tests.two_workers.client import Client, Events
from tests.two_workers.site import TwoWorkers
from tests.two_workers.test_standing_streams import LIST_CHANGED

pytestmark = pytest.mark.enable_socket
LISTEN = request(
    "subscriptions/listen", {"notifications": {"toolsListChanged": True}}, id_="listening"
)
TOOL = "get_incident"


async def acknowledged(events: Events) -> None:
    """The server has begun to tell."""
    first = await events.next()
    assert first is not None
    assert first["method"] == "notifications/subscriptions/acknowledged"


async def listed(client: Client, site: TwoWorkers) -> list[set[str]]:
    """The tools that each worker lists at this moment."""
    answers = [await client.post(worker, request("tools/list")) for worker in site.workers]
    return [{tool["name"] for tool in each.json()["result"]["tools"]} for each in answers]


async def test_an_operators_change_reaches_clients_of_both_eras_at_both_workers(
    site: TwoWorkers, web: httpx.AsyncClient
) -> None:
    token = site.people[2].token
    client = await Client.opened(web, site.daphne, token=token, path="/mcp")
    message, repeated = modern(LISTEN)
    headers = client.headers() | repeated
    headers.pop("Mcp-Session-Id")
    url = f"{site.daphne.address}/mcp"
    async with (
        httpx.AsyncClient(timeout=20) as browser,
        web.stream("POST", url, json=message, headers=headers) as answer,
        client.standing(site.uvicorn) as standing,
    ):
        listening = Events(answer)
        await acknowledged(listening)
        operator = OperatorBrowser(browser, site.uvicorn.address)
        await operator.sign_in(site.demo.secrets.operator_password)
        await operator.turn_off(TOOL)
        await assert_both_hear(listening, standing)
        assert [TOOL in names for names in await listed(client, site)] == [False, False]
        await operator.undo()
        await assert_both_hear(listening, standing)
        assert [TOOL in names for names in await listed(client, site)] == [True, True]


async def assert_both_hear(listening: Events, standing: Events) -> None:
    """A client of either era is told that its tools have changed, and what goes with them."""
    told = await listening.next()
    assert told is not None
    assert told["method"] == LIST_CHANGED["method"]
    assert await standing.next() == LIST_CHANGED
    for what in ("prompts", "resources"):
        with_them = await standing.next()
        assert with_them is not None
        assert with_them["method"] == f"notifications/{what}/list_changed"


async def test_a_change_made_by_a_call_is_heard_at_the_other_worker(
    site: TwoWorkers, abel: Client, charlie: Client
) -> None:
    message, repeated = modern(LISTEN)
    headers = charlie.headers() | repeated
    url = site.uvicorn.address + charlie.path
    async with charlie.web.stream("POST", url, json=message, headers=headers) as answer:
        listening = Events(answer)
        await acknowledged(listening)
        await abel.call(site.daphne, "change_tools")
        told = await listening.next()
        assert told is not None
        assert told["method"] == LIST_CHANGED["method"]


async def test_a_record_changed_at_one_worker_is_told_to_its_persons_session_at_the_other(
    site: TwoWorkers, web: httpx.AsyncClient, access_tokens: dict[str, str]
) -> None:
    abel, beth = [
        await Client.opened(web, site.daphne, token=access_tokens[name], path="/mcp")
        for name in ("abel.tuter", "beth.anglin")
    ]
    uri = "servicenow://my_work"
    for client in (abel, beth):
        asked = await client.post(site.uvicorn, request("resources/subscribe", {"uri": uri}))
        assert asked.json()["result"] == {}
    async with abel.standing(site.uvicorn) as abels, beth.standing(site.uvicorn) as beths:
        await abel.call(site.daphne, "create_incident", short_description="Told elsewhere")
        told = await abels.next()
        assert told is not None
        assert told["method"] == "notifications/resources/updated"
        assert told["params"] == {"uri": uri}
        # Had it come to her stream, that one would not end without a message.
        await beth.delete(site.daphne)
        assert await beths.has_ended()
