"""An address that tries many bad credentials is held off; its neighbours with good ones are not."""

import hashlib
from collections.abc import AsyncIterator

import pytest
import redis
from oauth2_provider.models import AccessToken
from pytest_django import Settings

from mcp_app import auth
from mcp_app.auth import Presented, VerifiedCredentials
from mcp_app.bad_credentials import (
    BAD_A_MINUTE,
    GOOD_SECONDS,
    HELD_OFF_SECONDS,
    BadCredentials,
    bad_credentials,
)
from mcp_app.exceptions import CredentialRefused, TooManyBadCredentials
from mcp_app.redis_clients import close_redis_client
from tests.mcp_app.clients import Http, request
from tests.mcp_app.people import Person
from tests.support.clock import Clock

HERE, THERE = "203.0.113.7", "198.51.100.1"
GOOD, BAD, OTHER = (hashlib.sha256(name).digest() for name in (b"good", b"bad", b"other"))


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def worker(redis_url: str, clock: Clock) -> AsyncIterator[BadCredentials]:
    yield BadCredentials(clock=clock)
    await close_redis_client()


async def guess_until_held_off(worker: BadCredentials, *, address: str = HERE) -> int:
    """Try bad credentials; return how many were looked up."""
    for tried in range(10 * BAD_A_MINUTE):
        if await is_held_off(worker, BAD, address=address):
            return tried
        await worker.note_bad(BAD, address=address)
    raise AssertionError


async def is_held_off(worker: BadCredentials, hashed: bytes, *, address: str = HERE) -> bool:
    try:
        await worker.require_patience(hashed, address=address)
    except TooManyBadCredentials as refusal:
        return 0 < int(refusal.headers["Retry-After"]) <= HELD_OFF_SECONDS
    return False


async def test_an_address_that_guesses_is_held_off_and_another_is_not(worker: BadCredentials):
    assert await guess_until_held_off(worker) >= BAD_A_MINUTE
    assert await is_held_off(worker, OTHER)
    assert not await is_held_off(worker, OTHER, address=THERE)


async def test_it_may_try_again_after_the_time_that_it_was_told(
    worker: BadCredentials, clock: Clock
):
    await guess_until_held_off(worker)
    clock.now += HELD_OFF_SECONDS
    assert not await is_held_off(worker, BAD)


async def test_what_was_good_of_late_is_looked_up_whatever_its_neighbours_do(
    worker: BadCredentials, clock: Clock
):
    await worker.note_good(GOOD)
    await guess_until_held_off(worker)
    assert not await is_held_off(worker, GOOD)
    assert await is_held_off(worker, OTHER)


async def test_what_was_good_at_one_worker_is_so_at_every_worker(
    worker: BadCredentials, clock: Clock
):
    await worker.note_good(GOOD)
    second = BadCredentials(clock=clock)
    await guess_until_held_off(second)
    assert not await is_held_off(second, GOOD)


async def test_workers_count_together(worker: BadCredentials, clock: Clock):
    second = BadCredentials(clock=clock)
    await guess_until_held_off(worker)
    assert await guess_until_held_off(second) < BAD_A_MINUTE / 2


async def test_what_is_good_no_more_is_known_no_more(worker: BadCredentials, clock: Clock):
    await worker.note_good(GOOD)
    await worker.note_bad(GOOD, address=HERE)
    await guess_until_held_off(worker)
    assert await is_held_off(worker, GOOD)
    assert await is_held_off(worker, GOOD)


async def test_what_was_good_is_told_again_in_time(
    worker: BadCredentials, clock: Clock, redis_url: str
):
    with redis.Redis.from_url(redis_url) as connection:
        await worker.note_good(GOOD)
        connection.flushall()
        await worker.note_good(GOOD)
        assert connection.keys() == []
        clock.now += GOOD_SECONDS / 2
        await worker.note_good(GOOD)
        [name] = connection.keys()
        assert 0 < connection.ttl(name) <= GOOD_SECONDS


@pytest.mark.parametrize(
    ("first", "second", "is_one"),
    [
        ("2001:db8::1", "2001:db8::ffff:1", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("::ffff:203.0.113.7", HERE, True),
        ("::ffff:203.0.113.7", THERE, False),
        ("", "", True),
    ],
)
async def test_a_network_of_ipv6_is_one_address(
    worker: BadCredentials, *, first: str, second: str, is_one: bool
):
    await guess_until_held_off(worker, address=first)
    assert await is_held_off(worker, BAD, address=second) is is_one


@pytest.fixture
async def lonely(tmp_path: object, settings: Settings, clock: Clock) -> AsyncIterator[None]:
    settings.REDIS_URL = f"unix://{tmp_path}/gone.sock"
    yield
    await close_redis_client()


async def test_without_redis_every_worker_counts_for_itself(lonely: None, clock: Clock):
    worker = BadCredentials(clock=clock)
    await worker.note_good(GOOD)
    await worker.note_good(OTHER)
    await worker.note_bad(OTHER, address=HERE)
    await guess_until_held_off(worker)
    assert await is_held_off(worker, BAD)
    assert not await is_held_off(worker, GOOD)


async def test_at_mcp_a_guess_is_told_when_to_try_again_and_asks_no_database(
    mcp: Http, abel: Person, monkeypatch: pytest.MonkeyPatch
):
    token = await abel.access_token()
    assert (await mcp.post(request("ping"), token=token)).status_code == 200
    guessed = await mcp.post(request("ping"), token="guessed-once")
    assert (guessed.status_code, guessed.headers["ratelimit-remaining"]) == (401, "299")
    await guess_until_held_off(bad_credentials())
    monkeypatch.setattr(auth, "credential_of_access_token", None)
    held_off = await mcp.post(request("ping"), token="guessed")
    assert held_off.status_code == 429
    assert 0 < int(held_off.headers["retry-after"]) <= HELD_OFF_SECONDS
    assert held_off.headers["ratelimit-remaining"] == "0"
    assert "try again later" in held_off.json()["error"]["message"]


async def test_at_mcp_a_good_credential_of_such_an_address_is_served(mcp: Http, abel: Person):
    token = await abel.access_token()
    assert (await mcp.post(request("ping"), token=token)).status_code == 200
    await guess_until_held_off(bad_credentials())
    auth_again = await mcp.post(request("ping"), token=token)
    assert auth_again.status_code == 200


async def test_a_first_request_without_a_credential_is_never_held_off(mcp: Http):
    await guess_until_held_off(bad_credentials())
    assert (await mcp.post(request("ping"))).status_code == 401


async def test_a_revoked_credential_counts_like_a_bad_one(
    db: None, abel: Person, redis_url: str, clock: Clock
):
    kept = VerifiedCredentials(clock=clock)
    presented = Presented(await abel.access_token(), is_in_url=False)
    await kept.verified(presented, address=HERE, client="tests")
    await AccessToken.objects.all().adelete()
    clock.now += 1
    with pytest.raises(CredentialRefused):
        await kept.verified(presented, address=HERE, client="tests")
    with redis.Redis.from_url(redis_url) as connection:
        assert connection.keys("snmcp:good:*") == []
        assert connection.keys("snmcp:bad:*") == [b"snmcp:bad:203.0.113.7"]
    await close_redis_client()
