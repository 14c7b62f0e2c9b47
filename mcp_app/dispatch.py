"""One tool call, from start to finish.

No call without a record: its intent is committed before the first request to ServiceNow, its
outcome before its answer leaves; a refusal is both in one commit. If the intent cannot be
written, the call does not happen. If the outcome cannot, the answer is withheld. Refusals of
somebody who is far over the limit have a record together (`refused_calls.py`).
"""

import asyncio
import time
from collections.abc import Awaitable, Coroutine, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

import anyio
import structlog
from django.conf import settings
from django.db import DatabaseError, InterfaceError

from audit_app.exceptions import AuditFailure
from audit_app.models import Outcome
from audit_app.services import (
    Closing,
    Opening,
    ToolCallRef,
    aclose_record,
    aopen_record,
    arecord_refusal,
    new_reference,
)
from mcp_app import answers
from mcp_app.callers import caller_of, client_of, require_connection, sign_in_url
from mcp_app.credentials import Credential
from mcp_app.database_threads import PATIENCE_SECONDS, answered_in_time
from mcp_app.failures import IntentUnrecorded, OverTheLimit, ScopeMissing, UnknownTool
from mcp_app.limits import Allowance, rate_limit
from mcp_app.outcomes import Progress, closing_of_answer, closing_of_cancelled
from mcp_app.refused_calls import refused_calls
from mcp_app.tool_results import STEP_UP, TOO_MANY, Answer, HttpError, failed, succeeded
from servicenow.deadlines import shared_deadline
from tools_app.catalog import CATALOG
from tools_app.exceptions import ToolNotAllowed
from tools_app.policy import PolicySnapshot, why_not
from tools_app.settings_snapshot import asnapshot
from tools_app.spec import ToolSpec, make_call

log = structlog.get_logger(__name__)
T = TypeVar("T")

# The event loop itself keeps no task alive.
_background: set[asyncio.Task[None]] = set()
_CANNOT_RECORD = (AuditFailure, DatabaseError, InterfaceError, TimeoutError)
# Refusals that HTTP itself must show, because clients act on the status.
_HTTP_ERRORS: Mapping[type[Exception], HttpError] = {OverTheLimit: TOO_MANY, ScopeMissing: STEP_UP}


@dataclass(frozen=True)
class Asked:
    """A tool call as it arrived: what, by whose credential, through which client."""

    tool: str
    arguments: Mapping[str, Any] = field(repr=False)
    credential: Credential
    request_id: str
    protocol_version: str
    client_name: str
    client_version: str
    remote_addr: str
    catalog: Mapping[str, ToolSpec] = field(default_factory=lambda: CATALOG, repr=False)

    @property
    def spec(self) -> ToolSpec | None:
        """The tool of that name, if there is one."""
        return self.catalog.get(self.tool)


@dataclass(frozen=True)
class Patience:
    """How long a record may take: a database that hangs refuses calls, it does not hold them."""

    opening_seconds: float = PATIENCE_SECONDS
    closing_seconds: float = 10.0


@dataclass
class Call:
    """How far one call has come."""

    asked: Asked
    patience: Patience
    started: float = field(default_factory=time.perf_counter)
    reference_id: str = field(default_factory=new_reference)
    allowance: Allowance | None = None
    record: ToolCallRef | None = None

    @property
    def progress(self) -> Progress:
        """How far it has come, as its record tells it."""
        spec = self.asked.spec
        return Progress(
            has_begun=self.record is not None,
            writes=spec is not None and spec.access.writes,
            duration_ms=round((time.perf_counter() - self.started) * 1000),
        )


async def attempt(work: Awaitable[T]) -> T | Exception:
    """Return what `work` gives or raises: the one place that catches everything.

    The SDK would send the text of an exception to clients of the handshake revisions.
    """
    try:
        return await work
    except Exception as failure:  # noqa: BLE001  # see above; whoever asked decides what to say
        return failure


async def dispatch(asked: Asked, *, patience: Patience = Patience()) -> Answer:
    """Answer one tool call. Raises nothing but cancellation, which is recorded too."""
    call = Call(asked, patience)
    try:
        ended = await attempt(_run(call))
    except asyncio.CancelledError:
        await _record(call, closing_of_cancelled(call.progress))
        raise
    failure = ended if isinstance(ended, Exception) else None
    if isinstance(failure, OverTheLimit) and (counted := refused_calls().counted(_opening(call))):
        call.reference_id = counted
        return _failed(call, failure)
    answer = ended if isinstance(ended, Answer) else _failed(call, ended)
    if isinstance(failure, IntentUnrecorded):
        return answer
    closing = closing_of_answer(answer, progress=call.progress, failure=failure)
    is_recorded = await _record(call, closing)
    return answer if is_recorded else _withheld(call)


async def _run(call: Call) -> Answer:
    asked = call.asked
    snapshot = await _settings(call)
    # Calls that are refused count too: each leaves a record.
    call.allowance = await _within_limits(asked, snapshot)
    spec = _allowed(asked, snapshot)
    require_connection(asked.credential)
    arguments = spec.validate(asked.arguments)
    await _open(call)
    return await _called(call, spec, arguments, allowance=call.allowance)


async def _settings(call: Call) -> PolicySnapshot:
    """The operator's settings. A database that cannot tell them takes no record either.

    Raises `IntentUnrecorded` then.
    """
    try:
        return await answered_in_time(asnapshot(), seconds=call.patience.opening_seconds)
    except _CANNOT_RECORD as failure:
        log.exception("tool_call_refused_unrecorded", reference_id=call.reference_id)
        raise IntentUnrecorded from failure


def _allowed(asked: Asked, snapshot: PolicySnapshot) -> ToolSpec:
    """The tool, if there is one of that name and the caller has it.

    Raises `ScopeMissing` where only the client's own modesty is in the way.
    """
    spec = asked.spec
    if spec is None:
        raise UnknownTool
    reason = why_not(caller_of(asked.credential), spec, snapshot)
    if reason is None:
        return spec
    if why_not(caller_of(asked.credential.widened()), spec, snapshot) is None:
        raise ScopeMissing
    raise ToolNotAllowed(reason, next_step="Do without this tool, or tell the person.")


async def _within_limits(asked: Asked, snapshot: PolicySnapshot) -> Allowance:
    """Take the call from the person's buckets. Raises `OverTheLimit` if one is empty."""
    spec, user_id = asked.spec, asked.credential.user_id
    allowance = await rate_limit().spend(
        user_id,
        writes=spec is not None and spec.access.writes,
        tool=asked.tool,
        tool_limit=snapshot.calls_per_minute(user_id, spec.name) if spec else None,
    )
    if not allowance.is_allowed:
        raise OverTheLimit(allowance)
    return allowance


async def _open(call: Call) -> None:
    """Commit the intent. Raises `IntentUnrecorded` if that fails or takes too long."""
    opening = asyncio.ensure_future(aopen_record(_opening(call)))
    try:
        call.record = await _committed(opening, within=call.patience.opening_seconds)
    except TimeoutError as failure:
        log.exception("tool_call_refused_unrecorded", reference_id=call.reference_id)
        _in_background(_never_made(opening))
        raise IntentUnrecorded from failure
    except _CANNOT_RECORD as failure:
        log.exception("tool_call_refused_unrecorded", reference_id=call.reference_id)
        raise IntentUnrecorded from failure


async def _never_made(opening: asyncio.Future[ToolCallRef]) -> None:
    """Say of an intent that was recorded too late that no call followed it."""
    record = await attempt(opening)
    if isinstance(record, ToolCallRef):
        note = "It was recorded too late; the call was not made."
        closing = Closing(outcome=Outcome.REFUSED, code="UNEXPECTED_ERROR", note=note)
        await attempt(aclose_record(record, closing=closing))


def _in_background(work: Coroutine[Any, Any, None]) -> None:
    task = asyncio.create_task(work)
    _background.add(task)
    task.add_done_callback(_background.discard)


async def _called(
    call: Call, spec: ToolSpec, arguments: Mapping[str, Any], *, allowance: Allowance
) -> Answer:
    caller = caller_of(call.asked.credential)
    client = client_of(caller)
    told_before = client.rate_limit
    tool_call = make_call(spec, caller=caller, client=client, correlation_id=call.reference_id)
    with shared_deadline(seconds=settings.SERVICENOW_TIMEOUT_SECONDS):
        result = await spec.run(tool_call, arguments)
    told = client.rate_limit if client.rate_limit is not told_before else None
    return succeeded(result, allowance=allowance, upstream=told)


def _failed(call: Call, error: Exception) -> Answer:
    failure = answers.failure_of(error, sign_in_url=sign_in_url(call.asked.credential))
    if failure is None:
        log.error("tool_call_failed", reference_id=call.reference_id, exc_info=error)
        failure = answers.unexpected(may_have_written=call.progress.may_have_written)
    return failed(
        failure,
        reference_id=call.reference_id,
        allowance=error.allowance if isinstance(error, OverTheLimit) else call.allowance,
        http_error=_HTTP_ERRORS.get(type(error)),
        path=call.asked.credential.path,
    )


def _withheld(call: Call) -> Answer:
    return failed(
        answers.unrecorded(may_have_written=call.progress.may_have_written),
        reference_id=call.reference_id,
        allowance=call.allowance,
    )


async def _record(call: Call, closing: Closing) -> bool:
    """Commit the outcome, also of a cancelled call; say whether that was possible."""
    try:
        await _committed(_outcome(call, closing), within=call.patience.closing_seconds)
    except _CANNOT_RECORD:
        log.exception("tool_call_unrecorded", reference_id=call.reference_id)
        return False
    return True


async def _outcome(call: Call, closing: Closing) -> None:
    if call.record is None:
        await arecord_refusal(_opening(call), closing=closing)
    else:
        await aclose_record(call.record, closing=closing)


async def _committed(work: Awaitable[T], *, within: float) -> T:
    """Wait for a record, also while the call is being cancelled; return or raise what it gives.

    Raises TimeoutError after `within` seconds; whether it is written later, nobody waits to see.
    """
    writing = asyncio.ensure_future(work)
    with anyio.CancelScope(shield=True):
        await asyncio.wait([writing], timeout=within)
    if not writing.done():
        writing.add_done_callback(lambda late: late.cancelled() or late.exception())
        raise TimeoutError
    return writing.result()


def _opening(call: Call) -> Opening:
    asked, spec, person = call.asked, call.asked.spec, call.asked.credential.connected
    return Opening(
        user_id=asked.credential.user_id,
        user_name=person.user_name if person else asked.credential.user_name,
        connection_id=person.connection_id if person else None,
        instance_id=person.instance_id if person else None,
        instance_url=person.instance_url if person else "",
        sys_id=person.sys_id if person else "",
        tool=asked.tool,
        toolset=spec.toolset if spec else "",
        access=spec.access.value if spec else "",
        arguments=asked.arguments,
        client_id=asked.credential.client_id,
        client_name=asked.client_name,
        client_version=asked.client_version,
        protocol_version=asked.protocol_version,
        credential=asked.credential.kind,
        credential_id=asked.credential.id,
        request_id=asked.request_id,
        remote_addr=asked.remote_addr,
        correlation_id=call.reference_id,
    )
