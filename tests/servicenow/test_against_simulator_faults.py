"""Every fault of the simulated instance, and what the client makes of it."""

import pytest

from servicenow.client import ServiceNowClient
from servicenow.exceptions import (
    ConnectionFailed,
    DeadlinePassed,
    InstanceHibernating,
    LoginPageServed,
    NotAuthenticated,
    NotAuthorized,
    OutcomeUnknown,
    RateLimited,
    ScopeNotAllowed,
    ServerFault,
    TruncatedAnswer,
)
from servicenow.query import Query
from simulator.control.faults import FaultKind
from tests.servicenow.simulated import FIELDS, Simulated


async def read(client: ServiceNowClient) -> None:
    await client.tables.list("incident", query=Query(), fields=FIELDS)


async def write(client: ServiceNowClient, *, mark: str = "ours") -> None:
    values = {"short_description": "doubtful", "correlation_id": mark}
    await client.tables.create("incident", values, fields=FIELDS)


async def doubtful(client: ServiceNowClient, *, mark: str = "ours") -> int:
    query = Query().equals("correlation_id", mark)
    return len((await client.tables.list("incident", query=query, fields=FIELDS)).records)


REFUSED = (
    (FaultKind.NOT_AUTHENTICATED, NotAuthenticated),
    (FaultKind.NOT_AUTHORIZED, NotAuthorized),
    (FaultKind.SCOPE_NOT_ALLOWED, ScopeNotAllowed),
    (FaultKind.RATE_LIMITED, RateLimited),
)
LASTING = (
    *REFUSED,
    (FaultKind.SERVER_FAULT, ServerFault),
    (FaultKind.SERVER_FAULT_AFTER_COMMIT, ServerFault),
    (FaultKind.HIBERNATING_PAGE, InstanceHibernating),
    (FaultKind.LOGIN_PAGE, LoginPageServed),
    (FaultKind.TRUNCATED, TruncatedAnswer),
    (FaultKind.ERROR_IN_200, ServerFault),
)
PASSING = (
    (FaultKind.BAD_GATEWAY, ServerFault),
    (FaultKind.UNAVAILABLE, ServerFault),
    (FaultKind.RESET_BEFORE, ConnectionFailed),
    (FaultKind.RESET_MIDWAY, ConnectionFailed),
    (FaultKind.RESET_AFTER, ConnectionFailed),
)
# What a lost write has done, though the client is told nothing.
LOST = (
    (FaultKind.SERVER_FAULT, 0),
    (FaultKind.BAD_GATEWAY, 0),
    (FaultKind.UNAVAILABLE, 0),
    (FaultKind.HIBERNATING_PAGE, 0),
    (FaultKind.LOGIN_PAGE, 0),
    (FaultKind.RESET_BEFORE, 0),
    (FaultKind.SERVER_FAULT_AFTER_COMMIT, 1),
    (FaultKind.TRUNCATED, 1),
    (FaultKind.ERROR_IN_200, 1),
    (FaultKind.RESET_MIDWAY, 1),
    (FaultKind.RESET_AFTER, 1),
)


async def test_a_read_that_meets_a_lasting_fault_says_which_and_is_not_repeated(
    simulated: Simulated, abel: ServiceNowClient
) -> None:
    for kind, expected in LASTING:
        simulated.world.journal.clear()
        simulated.fault(kind, path="/api/*")
        with pytest.raises(expected) as caught:
            await read(abel)
        assert type(caught.value) is expected
        assert len(simulated.calls) == 1, kind
        await read(abel)


async def test_a_read_survives_two_passing_faults_and_no_third(
    simulated: Simulated, abel: ServiceNowClient
) -> None:
    for kind, expected in PASSING:
        simulated.world.journal.clear()
        simulated.fault(kind, count=2, path="/api/*")
        await read(abel)
        assert len(simulated.calls) == 3, kind
        simulated.fault(kind, count=3, path="/api/*")
        with pytest.raises(expected):
            await read(abel)
        assert len(simulated.calls) == 6, kind


async def test_a_rate_limit_is_waited_for_if_it_is_short(
    simulated: Simulated, abel: ServiceNowClient
) -> None:
    simulated.fault(FaultKind.RATE_LIMITED, retry_after=5, path="/api/*")
    await read(abel)
    assert len(simulated.calls) == 2
    assert abel.rate_limit is not None
    assert (abel.rate_limit.limit, abel.rate_limit.rule) == (100, "Table API rate limit")
    simulated.fault(FaultKind.RATE_LIMITED, retry_after=6, path="/api/*")
    with pytest.raises(RateLimited) as caught:
        await read(abel)
    assert caught.value.retry_after == 6


async def test_a_write_whose_reply_is_lost_is_sent_once_and_settled_by_its_correlation_id(
    simulated: Simulated, abel: ServiceNowClient
) -> None:
    for kind, committed in LOST:
        simulated.world.journal.clear()
        simulated.fault(kind, method="POST", path="/api/*")
        with pytest.raises(OutcomeUnknown) as caught:
            await write(abel, mark=kind)
        assert caught.value.correlation_id == kind
        assert simulated.calls == ["POST /api/now/table/incident"], kind
        assert await doubtful(abel, mark=kind) == committed, kind


async def test_a_write_that_is_refused_did_nothing(
    simulated: Simulated, abel: ServiceNowClient
) -> None:
    for kind, expected in REFUSED:
        simulated.fault(kind, method="POST", path="/api/*")
        with pytest.raises(expected):
            await write(abel)
        assert await doubtful(abel) == 0, kind


@pytest.mark.parametrize(("processed_first", "committed"), [(False, 0), (True, 1)])
async def test_a_write_that_outlasts_its_deadline_is_in_doubt(
    simulated: Simulated, *, processed_first: bool, committed: int
) -> None:
    hasty = await simulated.signed_in("abel.tuter", seconds=0.1)
    simulated.fault(FaultKind.HOLD, method="POST", path="/api/*", processed_first=processed_first)
    with pytest.raises(OutcomeUnknown) as caught:
        await write(hasty)
    assert isinstance(caught.value.cause, DeadlinePassed)
    abel = await simulated.signed_in("abel.tuter")
    assert await doubtful(abel) == committed


async def test_a_read_that_outlasts_its_deadline_ends(simulated: Simulated) -> None:
    hasty = await simulated.signed_in("abel.tuter", seconds=0.1)
    simulated.fault(FaultKind.HOLD, path="/api/*")
    with pytest.raises(DeadlinePassed):
        await read(hasty)
