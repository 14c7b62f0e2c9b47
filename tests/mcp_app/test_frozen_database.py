"""A database that was reached and answers nothing: nobody waits for it without an end."""

import asyncio
import threading
from collections.abc import AsyncIterator

import pytest
from asgiref.sync import sync_to_async

from mcp_app.auth import Presented, VerifiedCredentials
from mcp_app.database_threads import DatabaseSilent, answered_in_time, database_threads
from mcp_app.exceptions import CredentialUnverifiable

A_MOMENT = 0.01


@pytest.fixture
async def thaw() -> AsyncIterator[threading.Event]:
    """The request's only database thread waits until this is set."""
    event = threading.Event()
    async with database_threads().borrowed() as thread:
        thread.submit(event.wait)
        yield event
        event.set()
    await database_threads().end()


async def test_a_credential_that_a_frozen_database_holds_is_told_to_come_back(
    db: None, thaw: threading.Event
) -> None:
    kept = VerifiedCredentials(patience_seconds=A_MOMENT)
    with pytest.raises(CredentialUnverifiable) as refusal:
        await kept.verified(Presented("a", is_in_url=False), address="::1", client="")
    assert refusal.value.headers == {"Retry-After": "5"}
    assert not thaw.is_set()


async def test_what_a_frozen_database_was_asked_is_given_up_and_goes_on_alone() -> None:
    answered, thawed = [], asyncio.Event()

    async def ask() -> None:
        await thawed.wait()
        answered.append("too late")

    with pytest.raises(DatabaseSilent):
        await answered_in_time(ask(), seconds=A_MOMENT)
    thawed.set()
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert answered == ["too late"]


async def test_an_answer_or_a_fault_in_time_arrives_as_it_is() -> None:
    assert await answered_in_time(sync_to_async(int)("7")) == 7
    with pytest.raises(ValueError, match="seven"):
        await answered_in_time(sync_to_async(int)("seven"))
