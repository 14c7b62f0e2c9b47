"""What happens to a call, or to its answer, that the database does not take on record."""

import asyncio
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager

import pytest
from asgiref.sync import sync_to_async
from django.db import OperationalError
from django.db import connection as database
from starlette.applications import Starlette

from audit_app.services import ToolCallRef
from mcp_app import dispatch as dispatching
from mcp_app.credentials import credential_of_access_token
from mcp_app.dispatch import Asked, Patience, dispatch
from oauth_app.models import User
from tests.mcp_app.clients import ERAS, MODERN, Http, call, failure_in, request
from tests.mcp_app.people import Person
from tests.mcp_app.records import recorded
from tools_app.settings_snapshot import forget_snapshot


@asynccontextmanager
async def without_table(table: str) -> AsyncIterator[None]:
    """A database that lacks a table for a while, as one that is broken would."""

    def rename(old: str, new: str) -> None:
        with database.cursor() as cursor:
            cursor.execute(f"ALTER TABLE {old} RENAME TO {new}")

    await sync_to_async(rename)(table, "put_away")
    yield
    await sync_to_async(rename)("put_away", table)


@asynccontextmanager
async def another_writer() -> AsyncIterator[None]:
    """A database in which somebody else holds what every audit row needs."""

    def lock() -> None:
        database.set_autocommit(False)
        if database.vendor == "postgresql":
            with database.cursor() as cursor:
                cursor.execute("LOCK TABLE audit_app_toolcall")
        else:
            User.objects.update(first_name="x")

    def unlock() -> None:
        database.rollback()
        database.close()

    loop = asyncio.get_running_loop()
    with ThreadPoolExecutor(max_workers=1) as thread:
        await loop.run_in_executor(thread, lock)
        yield
        await loop.run_in_executor(thread, unlock)


async def asked_by(person: Person, tool: str) -> Asked:
    """A call of this person's, as `server.py` hands it over."""
    credential = await sync_to_async(credential_of_access_token)(await person.access_token())
    assert credential is not None
    return Asked(
        tool=tool,
        arguments={},
        credential=credential,
        request_id="1",
        protocol_version=MODERN,
        client_name="tests",
        client_version="1",
        remote_addr="",
    )


@ERAS
async def test_a_call_that_cannot_be_recorded_does_not_happen(
    mcp: Http, abel: Person, simulator: Starlette, era: str
):
    token = await abel.access_token()
    async with without_table("audit_app_toolcall"):
        answer = await mcp.in_era(era, call("get_my_profile"), token=token)
    failure = failure_in(answer.json()["result"])
    assert failure["code"] == "UNEXPECTED_ERROR"
    assert len(failure["reference_id"]) == 32
    assert not list(simulator.state.world.journal)


@pytest.mark.parametrize(
    ("tool", "arguments", "code"),
    [
        ("get_my_profile", {}, "UNEXPECTED_ERROR"),
        ("create_incident", {"short_description": "x"}, "OUTCOME_UNKNOWN"),
    ],
)
async def test_an_answer_whose_outcome_cannot_be_recorded_is_withheld(
    mcp: Http, abel: Person, tool: str, arguments: dict, code: str
):
    token = await abel.access_token()
    async with without_table("audit_app_toolcalloutcome"):
        result = await mcp.call(tool, arguments, token=token)
    failure = failure_in(result)
    assert failure["code"] == code
    [(record, outcomes)] = await recorded()
    assert failure["reference_id"] == record.reference_id
    assert outcomes == []


async def test_a_database_that_hangs_refuses_calls(mcp: Http, abel: Person, simulator: Starlette):
    asked = await asked_by(abel, "get_my_profile")
    async with another_writer():
        answer = await dispatch(asked, patience=Patience(opening_seconds=0.05))
    assert answer.result.structured_content["code"] == "UNEXPECTED_ERROR"
    assert "was not made" in answer.message
    assert not list(simulator.state.world.journal)
    await asyncio.gather(*dispatching._background)
    [(_, [outcome])] = await recorded()
    assert (outcome.outcome, outcome.note[:20]) == ("refused", "It was recorded too ")


async def test_a_call_whose_settings_cannot_be_read_does_not_happen(
    mcp: Http, abel: Person, simulator: Starlette
):
    asked = await asked_by(abel, "get_my_profile")
    async with without_table("tools_app_toolsetting"):
        forget_snapshot()
        answer = await dispatch(asked)
    assert "was not made" in answer.message
    assert not list(simulator.state.world.journal)
    assert await recorded() == []


async def test_an_intent_that_fails_after_all_needs_no_outcome(db: None):
    failed: asyncio.Future[ToolCallRef] = asyncio.get_running_loop().create_future()
    failed.set_exception(OperationalError())
    await dispatching._never_made(failed)
    assert await recorded() == []


@ERAS
async def test_a_list_that_cannot_be_made_shows_no_reason(mcp: Http, abel: Person, era: str):
    token = await abel.access_token()
    async with without_table("tools_app_toolsetting"):
        answer = await mcp.in_era(era, request("tools/list"), token=token)
    assert answer.json()["error"]["code"] == -32603
    assert "reference" in answer.json()["error"]["message"]
    assert "tools_app" not in answer.text


@ERAS
async def test_a_credential_that_nobody_can_verify_is_not_called_invalid(
    mcp: Http, abel: Person, simulator: Starlette, era: str
):
    token = await abel.access_token()
    async with without_table("oauth2_provider_accesstoken"):
        answer = await mcp.in_era(era, call("get_my_profile"), token=token)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert "WWW-Authenticate" not in answer.headers
    assert "accesstoken" not in answer.text
    assert not list(simulator.state.world.journal)
