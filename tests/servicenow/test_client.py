"""One call: tokens, repetitions, what comes back."""

import traceback
from collections.abc import AsyncIterator

import httpx
import pytest

from servicenow.auth import FixedToken
from servicenow.client import ServiceNowClient
from servicenow.exceptions import (
    AnswerTooLarge,
    BadRequest,
    InstanceHibernating,
    NotAuthenticated,
    NotAuthorized,
    RateLimited,
    RecordNotFound,
    ServerFault,
    ServiceNowFailure,
    TruncatedAnswer,
)
from servicenow.query import Query
from tests.servicenow.calls import FIELDS, create, get, update
from tests.servicenow.instance import (
    ADDRESS,
    ScriptedInstance,
    TokenTray,
    listed,
    one,
    page,
    refused,
    unauthenticated,
)


async def test_the_token_goes_into_the_header_and_nowhere_else(
    client: ServiceNowClient, instance: ScriptedInstance
) -> None:
    instance.replies(one(sys_id="a1"))
    await get(client)
    (request,) = instance.requests
    assert request.headers["Authorization"] == "Bearer first"
    assert request.headers["Accept"] == "application/json"
    assert "first" not in str(request.url)


async def test_a_401_leads_to_one_renewal_and_one_repetition(
    client: ServiceNowClient, instance: ScriptedInstance, tokens: TokenTray
) -> None:
    instance.replies(unauthenticated(), one(sys_id="a1"))
    await get(client)
    assert tokens.stale == ["first"]
    sent = [request.headers["Authorization"] for request in instance.requests]
    assert sent == ["Bearer first", "Bearer second"]


@pytest.mark.parametrize("write", [create, update])
async def test_a_write_is_repeated_after_a_401_because_it_did_nothing(
    client: ServiceNowClient, instance: ScriptedInstance, write: object
) -> None:
    instance.replies(unauthenticated(), one(201, sys_id="a1"))
    await write(client)  # type: ignore[operator]  # one of the functions above
    assert len(instance.requests) == 2
    assert instance.requests[0].content == instance.requests[1].content


@pytest.mark.parametrize("call", [get, create, update])
async def test_a_second_401_is_final(
    client: ServiceNowClient, instance: ScriptedInstance, tokens: TokenTray, call: object
) -> None:
    instance.replies(unauthenticated(), unauthenticated())
    with pytest.raises(NotAuthenticated):
        await call(client)  # type: ignore[operator]  # one of the functions above
    assert len(tokens.stale) == 1
    assert len(instance.requests) == 2


async def test_there_is_one_renewal_in_a_call_even_if_it_is_repeated(
    client: ServiceNowClient, instance: ScriptedInstance, tokens: TokenTray
) -> None:
    instance.replies(unauthenticated(), refused(503, "busy"), unauthenticated())
    with pytest.raises(NotAuthenticated):
        await get(client)
    assert len(tokens.stale) == 1


class _SignedOut(Exception):
    pass


class _NoTokens:
    async def current(self) -> str:
        raise _SignedOut

    async def renewed(self, *, stale: str) -> str:  # noqa: ARG002  # the protocol's signature
        raise _SignedOut


class _TimesOut(_NoTokens):
    async def current(self) -> str:
        raise TimeoutError


async def test_what_the_tokens_raise_passes_through(
    http: httpx.AsyncClient, instance: ScriptedInstance
) -> None:
    with pytest.raises(_SignedOut):
        await create(ServiceNowClient(ADDRESS, http=http, tokens=_NoTokens()))
    with pytest.raises(TimeoutError):
        await create(ServiceNowClient(ADDRESS, http=http, tokens=_TimesOut()))
    assert instance.requests == []


async def test_a_fixed_token_cannot_be_renewed(
    http: httpx.AsyncClient, instance: ScriptedInstance
) -> None:
    instance.replies(unauthenticated())
    with pytest.raises(NotAuthenticated):
        await get(ServiceNowClient(ADDRESS, http=http, tokens=FixedToken("t")))
    assert len(instance.requests) == 1


@pytest.mark.parametrize(
    "passing",
    [
        refused(502, "x"),
        refused(503, "x"),
        page("Gateway time-out", 504),
        refused(429, "Rate limit exceeded"),
        refused(429, "Rate limit exceeded", headers={"Retry-After": "5"}),
        refused(429, "Rate limit exceeded", headers={"Retry-After": "0"}),
        httpx.ConnectError("no"),
        httpx.ReadError("broke"),
        ConnectionResetError("reset"),
    ],
)
async def test_a_read_survives_two_passing_failures(
    client: ServiceNowClient, instance: ScriptedInstance, passing: httpx.Response
) -> None:
    instance.replies(passing, passing, one(sys_id="a1"))
    await get(client)
    assert len(instance.requests) == 3


async def test_a_read_is_repeated_at_most_twice(
    client: ServiceNowClient, instance: ScriptedInstance
) -> None:
    instance.replies(*(refused(503, f"failure {attempt}") for attempt in range(3)))
    with pytest.raises(ServerFault, match="failure 2"):
        await get(client)
    assert len(instance.requests) == 3


async def test_a_read_that_fails_for_good_in_between_is_not_repeated_again(
    client: ServiceNowClient, instance: ScriptedInstance
) -> None:
    instance.replies(refused(503, "x"), refused(404, "No Record found"))
    with pytest.raises(RecordNotFound):
        await get(client)
    assert len(instance.requests) == 2


@pytest.mark.parametrize(
    ("lasting", "expected"),
    [
        (refused(500, "x"), ServerFault),
        (refused(403, "Insufficient rights to query records"), NotAuthorized),
        (refused(400, "x"), BadRequest),
        (refused(404, "No Record found"), RecordNotFound),
        (page("Instance Hibernating page"), InstanceHibernating),
        (httpx.Response(200, content=b'{"result":'), TruncatedAnswer),
        (refused(429, "x", headers={"Retry-After": "6"}), RateLimited),
        (refused(429, "x", headers={"Retry-After": "3600"}), RateLimited),
    ],
)
async def test_a_lasting_failure_is_not_repeated(
    client: ServiceNowClient,
    instance: ScriptedInstance,
    lasting: httpx.Response,
    expected: type[ServiceNowFailure],
) -> None:
    instance.replies(lasting)
    with pytest.raises(expected):
        await get(client)
    assert len(instance.requests) == 1


async def test_a_wait_beyond_the_deadline_is_not_begun(
    http: httpx.AsyncClient, instance: ScriptedInstance
) -> None:
    instance.replies(refused(429, "x", headers={"Retry-After": "4"}))
    client = ServiceNowClient(ADDRESS, http=http, tokens=FixedToken("t"), deadline_seconds=3)
    with pytest.raises(RateLimited):
        await get(client)


async def test_an_answer_without_end_is_not_read_to_its_end(
    client: ServiceNowClient, instance: ScriptedInstance
) -> None:
    chunks = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal chunks
        while True:
            chunks += 1
            yield b"[" * 1_000_000

    instance.replies(lambda _: httpx.Response(200, content=endless()))
    with pytest.raises(AnswerTooLarge):
        await get(client)
    assert chunks == 11


async def test_the_last_rate_limit_is_remembered(
    client: ServiceNowClient, instance: ScriptedInstance
) -> None:
    instance.replies(
        one(sys_id="a1"),
        refused(429, "x", headers={"X-RateLimit-Limit": "100", "Retry-After": "60"}),
        one(sys_id="a1"),
    )
    await get(client)
    assert client.rate_limit is None
    with pytest.raises(RateLimited):
        await get(client)
    await get(client)
    assert client.rate_limit is not None
    assert (client.rate_limit.limit, client.rate_limit.retry_after) == (100, 60.0)


async def test_any_path_can_be_read_as_json(
    client: ServiceNowClient, instance: ScriptedInstance
) -> None:
    instance.replies(httpx.Response(200, json={"result": {"a": 1}}))
    assert await client.get_json("/api/now/x", query={"b": "c d^e"}) == {"result": {"a": 1}}
    assert str(instance.requests[0].url.copy_with(query=None)) == f"{ADDRESS}/api/now/x"
    assert instance.requests[0].url.params["b"] == "c d^e"


async def test_a_path_that_is_missing_names_itself(
    client: ServiceNowClient, instance: ScriptedInstance
) -> None:
    instance.replies(refused(404, "No Record found"))
    with pytest.raises(RecordNotFound) as caught:
        await client.get_json("/api/now/x", query={})
    assert caught.value.sought == "/api/now/x"


@pytest.mark.parametrize(
    "reply",
    [
        unauthenticated(),
        refused(500, "x"),
        httpx.ReadError("broke"),
        page("x"),
        refused(429, "x", headers={"Retry-After": "60"}),
    ],
)
async def test_no_exception_shows_a_token(
    http: httpx.AsyncClient, instance: ScriptedInstance, reply: httpx.Response
) -> None:
    tokens = TokenTray("canary-token-1", "canary-token-2")
    client = ServiceNowClient(ADDRESS, http=http, tokens=tokens)
    instance.replies(*[reply] * 3)
    with pytest.raises(ServiceNowFailure) as caught:
        await get(client)
    shown = "".join(traceback.format_exception(caught.value)) + repr(caught.value) + repr(client)
    assert "canary" not in shown


async def test_a_list_may_be_empty_on_the_first_version_of_the_api(
    client: ServiceNowClient, instance: ScriptedInstance
) -> None:
    instance.replies(refused(404, "No Record found"), listed())
    from_version_one = await client.tables.list("incident", query=Query(), fields=FIELDS)
    from_version_two = await client.tables.list("incident", query=Query(), fields=FIELDS)
    assert from_version_one == from_version_two
