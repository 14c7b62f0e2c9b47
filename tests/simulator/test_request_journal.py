"""The request journal: complete, and without a single secret."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from simulator.control.request_journal import (
    KEPT_BODY_BYTES,
    SECRET_NAMES,
    fingerprint,
    without_secrets,
)
from tests.simulator.flow import BASE, bearer, refreshed, tokens_of


async def entries(http: httpx.AsyncClient, **query: str | int) -> list[dict[str, Any]]:
    response = await http.get("/simulator/journal", params=query)
    found: list[dict[str, Any]] = response.json()["entries"]
    return found


async def test_a_call_is_journalled_with_who_acted_and_how(http: httpx.AsyncClient) -> None:
    token = bearer(await tokens_of(http))
    response = await http.post(
        "/api/now/table/incident?sysparm_fields=number",
        json={"short_description": "It is broken"},
        headers={**token, "Cookie": "other=1"},
    )
    (entry,) = await entries(http, path="/api/now/table/", method="post")
    assert entry["method"] == "POST"
    assert entry["path"] == "/api/now/table/incident"
    assert entry["query"] == {"sysparm_fields": "number"}
    assert entry["acting_user"] == "abel.tuter"
    assert entry["acting_user_sys_id"] == "62826bf03710200044e0bfc8bcbe5df1"
    assert entry["acted_by"] == "bearer"
    assert entry["status"] == response.status_code == 201
    assert entry["answered"] is True
    assert "It is broken" in entry["body"]
    assert entry["has_authorization"] is True
    assert entry["authorization_fingerprint"] == fingerprint(token["Authorization"])
    assert entry["cookie_fingerprint"] == fingerprint("other=1")
    assert "authorization" in entry["headers"]
    assert entry["content_type"] == "application/json"
    assert entry["client"] == "127.0.0.1:123"
    assert entry["at"] == "2026-11-20T09:00:00+00:00"


async def test_a_call_of_nobody_is_journalled_too(http: httpx.AsyncClient) -> None:
    await http.get("/api/now/table/incident")
    (entry,) = await entries(http)
    assert (entry["status"], entry["acting_user"], entry["has_authorization"]) == (401, None, False)
    assert entry["authorization_fingerprint"] is None
    assert entry["has_cookie"] is False


async def test_no_secret_of_a_sign_in_is_in_the_journal(http: httpx.AsyncClient) -> None:
    tokens = await tokens_of(http)
    await refreshed(http, tokens["refresh_token"])
    await http.get("/api/now/table/incident", params={"access_token": tokens["access_token"]})
    await http.post("/oauth_revoke.do", params={"token": tokens["refresh_token"]})
    text = (await http.get("/simulator/journal")).text
    for secret in (tokens["access_token"], tokens["refresh_token"], "demo-client-secret"):
        assert secret not in text
    login = (await entries(http, path="/login.do", method="POST"))[0]
    assert f"user_password=sha256%3A{fingerprint('demo')}" in login["body"]
    grant = (await entries(http, path="/oauth_token.do"))[0]
    assert "grant_type=authorization_code" in grant["body"]


async def test_clearing_forgets_entries_and_ids_go_on(http: httpx.AsyncClient) -> None:
    await http.get("/login.do")
    (first,) = await entries(http)
    assert (await http.delete("/simulator/journal")).status_code == 204
    assert await entries(http) == []
    await http.get("/login.do")
    (second,) = await entries(http)
    assert second["id"] == first["id"] + 1


async def test_entries_after_an_id_can_be_asked_for(http: httpx.AsyncClient) -> None:
    await http.get("/login.do")
    await http.get("/")
    first, second = await entries(http)
    assert await entries(http, after=first["id"]) == [second]
    assert (await http.get("/simulator/journal?after=x")).status_code == 400


async def test_a_body_sent_in_pieces_arrives_whole(http: httpx.AsyncClient) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        yield b"user_name=abel."
        yield b"tuter&user_password=demo"

    form = {"Content-Type": "application/x-www-form-urlencoded"}
    response = await http.post(f"{BASE}/login.do", content=pieces(), headers=form)
    assert response.status_code == 302
    (entry,) = await entries(http)
    assert entry["body"].startswith("user_name=abel.tuter")


async def test_a_long_body_is_kept_in_part(http: httpx.AsyncClient) -> None:
    await http.post("/login.do", content=b"x" * (KEPT_BODY_BYTES + 10))
    (entry,) = await entries(http)
    assert len(entry["body"]) == KEPT_BODY_BYTES


@pytest.mark.parametrize(
    "text", ["sysparm_query=a%3D1%5E%5Eb", "sysparm_query=a=1^b=2&x", "", "%zz", "a=%20&b=+"]
)
def test_a_text_without_secrets_is_kept_exactly_as_it_was(text: str) -> None:
    assert without_secrets(text) == text


def test_an_empty_secret_stays_empty() -> None:
    assert without_secrets("token=&a=b") == "token=&a=b"


@pytest.mark.parametrize("name", sorted(SECRET_NAMES))
def test_every_kind_of_secret_becomes_a_fingerprint(name: str) -> None:
    assert without_secrets(f"a=b&{name}=hush") == f"a=b&{name}=sha256%3A{fingerprint('hush')}"
