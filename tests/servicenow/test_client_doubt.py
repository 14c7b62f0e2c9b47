"""Writes whose reply is lost, and calls that end with their deadline."""

from collections.abc import AsyncIterator

import httpx
import pytest

from servicenow.auth import FixedToken
from servicenow.client import ServiceNowClient
from servicenow.deadlines import shared_deadline
from servicenow.exceptions import (
    BadRequest,
    BusinessRuleAbort,
    ConnectionFailed,
    DeadlinePassed,
    OutcomeUnknown,
    RateLimited,
    ServiceNowFailure,
)
from servicenow.http import cookieless_client
from tests.servicenow.calls import create, get, update
from tests.servicenow.instance import (
    ADDRESS,
    ScriptedInstance,
    SilentInstance,
    TokenTray,
    page,
    refused,
    unauthenticated,
)


@pytest.fixture
async def silent() -> AsyncIterator[ServiceNowClient]:
    async with cookieless_client(transport=SilentInstance()) as http:
        yield ServiceNowClient(ADDRESS, http=http, tokens=FixedToken("t"), deadline_seconds=0.01)


@pytest.mark.parametrize("write", [create, update])
@pytest.mark.parametrize(
    "lost",
    [
        refused(500, "Transaction cancelled: maximum execution time exceeded"),
        refused(502, "x"),
        refused(503, "x"),
        page("Gateway time-out", 504),
        page("Instance Hibernating page"),
        page("Login password"),
        httpx.Response(302, headers={"Location": "/login.do"}),
        httpx.Response(201, content=b'{"result":{"number":"INC'),
        httpx.Response(200, json={"error": {"message": "x"}, "status": "failure"}),
        httpx.Response(201, json={"unexpected": 1}),
        httpx.Response(201, json={"result": ["unexpected"]}),
        httpx.ReadError("broke"),
        httpx.ReadTimeout("slow"),
        httpx.RemoteProtocolError("closed"),
        ConnectionResetError("reset"),
    ],
)
async def test_a_write_whose_reply_is_lost_is_in_doubt_and_never_repeated(
    client: ServiceNowClient, instance: ScriptedInstance, write: object, lost: httpx.Response
) -> None:
    instance.replies(lost)
    with pytest.raises(OutcomeUnknown) as caught:
        await write(client)  # type: ignore[operator]  # one of the functions above
    assert len(instance.requests) == 1
    assert caught.value.correlation_id == ("ours" if write is create else None)
    assert isinstance(caught.value.cause, ServiceNowFailure)


@pytest.mark.parametrize("unsent", [httpx.ConnectError("no"), httpx.PoolTimeout("full")])
async def test_a_write_that_never_left_is_not_in_doubt(
    client: ServiceNowClient, instance: ScriptedInstance, unsent: Exception
) -> None:
    instance.replies(unsent)
    with pytest.raises(ConnectionFailed):
        await create(client)
    assert len(instance.requests) == 1


@pytest.mark.parametrize(
    ("refusal", "expected"),
    [
        (refused(429, "x", headers={"Retry-After": "1"}), RateLimited),
        (refused(403, "Operation Failed", "aborted by Business Rule 'x'"), BusinessRuleAbort),
        (refused(400, "x"), BadRequest),
    ],
)
async def test_a_refused_write_is_neither_in_doubt_nor_repeated(
    client: ServiceNowClient,
    instance: ScriptedInstance,
    refusal: httpx.Response,
    expected: type[ServiceNowFailure],
) -> None:
    instance.replies(refusal)
    with pytest.raises(expected):
        await create(client)
    assert len(instance.requests) == 1


async def test_a_write_lost_after_a_renewal_is_in_doubt(
    client: ServiceNowClient, instance: ScriptedInstance
) -> None:
    instance.replies(unauthenticated(), httpx.ReadError("broke"))
    with pytest.raises(OutcomeUnknown):
        await create(client)


async def test_a_read_ends_with_its_deadline(silent: ServiceNowClient) -> None:
    with pytest.raises(DeadlinePassed) as caught:
        await get(silent)
    assert caught.value.status is None


async def test_a_write_cut_off_by_its_deadline_is_in_doubt(silent: ServiceNowClient) -> None:
    with pytest.raises(OutcomeUnknown) as caught:
        await create(silent)
    assert isinstance(caught.value.cause, DeadlinePassed)


async def test_a_call_after_the_shared_deadline_sends_nothing(
    client: ServiceNowClient, instance: ScriptedInstance
) -> None:
    with shared_deadline(seconds=0), pytest.raises(DeadlinePassed):
        await create(client)
    assert instance.requests == []


async def test_several_calls_end_with_their_shared_deadline() -> None:
    async with cookieless_client(transport=SilentInstance()) as http:
        client = ServiceNowClient(ADDRESS, http=http, tokens=FixedToken("t"))
        with shared_deadline(seconds=0.01), shared_deadline(seconds=30):
            with pytest.raises(DeadlinePassed):
                await get(client)
            with pytest.raises(DeadlinePassed):
                await get(client)


async def test_a_deadline_during_a_renewal_leaves_no_doubt(instance: ScriptedInstance) -> None:
    waiting = SilentInstance()

    class NeverRenewed(TokenTray):
        async def renewed(self, *, stale: str) -> str:
            await waiting.handle_async_request(httpx.Request("GET", ADDRESS))
            return stale

    instance.replies(unauthenticated())
    async with cookieless_client(transport=instance) as http:
        client = ServiceNowClient(
            ADDRESS, http=http, tokens=NeverRenewed("t"), deadline_seconds=0.01
        )
        with pytest.raises(DeadlinePassed) as caught:
            await create(client)
    assert not caught.value.may_have_left
