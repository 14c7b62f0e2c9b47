"""One client for each process and event loop, and no cookie in or out."""

import asyncio

import aiohttp
import httpx
import pytest

from servicenow.auth import FixedToken
from servicenow.client import ServiceNowClient
from servicenow.http import (
    close_shared_client,
    cookieless_client,
    never_left,
    shared_client,
)
from tests.servicenow.instance import ADDRESS, ScriptedInstance


async def test_a_cookie_of_one_person_never_goes_out_with_the_token_of_another(
    instance: ScriptedInstance,
) -> None:
    cookies = [("Set-Cookie", f"{name}=abel; Path=/") for name in ("JSESSIONID", "glide_user")]
    signed_in = httpx.Response(200, json={"result": {}}, headers=cookies)
    instance.replies(*[signed_in] * 4)
    async with cookieless_client(transport=instance) as http:
        abel = ServiceNowClient(ADDRESS, http=http, tokens=FixedToken("abel"))
        beth = ServiceNowClient(ADDRESS, http=http, tokens=FixedToken("beth"))
        for client in (abel, beth, abel, beth):
            await client.get_json("/api/now/x", query={})
        assert len(http.cookies) == 0
    sent = [request.headers.get("Authorization") for request in instance.requests]
    assert sent == ["Bearer abel", "Bearer beth", "Bearer abel", "Bearer beth"]
    assert not any("Cookie" in request.headers for request in instance.requests)


async def test_there_is_one_client_in_an_event_loop() -> None:
    client = shared_client()
    assert shared_client() is client
    await close_shared_client()
    assert client.is_closed
    assert shared_client() is not client
    await close_shared_client()
    await close_shared_client()


def test_each_event_loop_has_its_own_client() -> None:
    async def own() -> httpx.AsyncClient:
        client = shared_client()
        await close_shared_client()
        return client

    assert asyncio.run(own()) is not asyncio.run(own())


def test_a_client_is_not_kept_beyond_its_event_loop() -> None:
    async def forgotten() -> httpx.AsyncClient:
        return shared_client()

    async def next_loop() -> None:
        shared_client()
        await close_shared_client()

    client = asyncio.run(forgotten())
    assert not client.is_closed
    asyncio.run(next_loop())
    assert client.is_closed


def test_there_is_no_client_outside_an_event_loop() -> None:
    with pytest.raises(RuntimeError):
        shared_client()


async def test_the_environment_does_not_redirect_a_token(
    monkeypatch: pytest.MonkeyPatch, instance: ScriptedInstance
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example:3128")
    elsewhere = httpx.Response(307, headers={"Location": "https://elsewhere.example/"})
    instance.replies(elsewhere)
    async with cookieless_client(transport=instance) as http:
        response = await http.get(ADDRESS)
    assert response.status_code == 307
    assert len(instance.requests) == 1


def caused(failure: Exception, by: Exception) -> Exception:
    failure.__cause__ = by
    return failure


@pytest.mark.parametrize(
    ("failure", "certain"),
    [
        (httpx.ConnectError("x"), True),
        (httpx.ConnectTimeout("x"), True),
        (httpx.PoolTimeout("x"), True),
        (httpx.InvalidURL("x"), True),
        (caused(httpx.TimeoutException("x"), aiohttp.ConnectionTimeoutError()), True),
        # The transport calls a connection that broke after the request was sent a ConnectTimeout.
        (caused(httpx.ConnectTimeout("x"), aiohttp.ServerDisconnectedError()), False),
        (caused(httpx.ReadTimeout("x"), aiohttp.SocketTimeoutError()), False),
        (caused(httpx.ConnectTimeout("x"), aiohttp.ClientOSError()), False),
        (httpx.ReadError("x"), False),
        (httpx.WriteError("x"), False),
        (httpx.RemoteProtocolError("x"), False),
        (ConnectionResetError("x"), False),
    ],
)
def test_only_a_connection_that_was_never_made_is_certain(
    failure: Exception, *, certain: bool
) -> None:
    assert never_left(failure) is certain
