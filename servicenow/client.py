"""One person's view of one instance.

Reads are repeated at most twice, writes never; a 401 leads to one renewal of the token and one
repetition, for writes too, because a 401 did nothing. Everything ends by its deadline.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final, Literal
from urllib.parse import urlencode

import httpx
import orjson
import stamina

from servicenow.auth import AccessTokens
from servicenow.batches import Batches
from servicenow.deadlines import ends_at
from servicenow.dictionary import Dictionary
from servicenow.exceptions import (
    ConnectionFailed,
    DeadlinePassed,
    NotAuthenticated,
    OutcomeUnknown,
    RateLimited,
    ServiceNowFailure,
    Unavailable,
)
from servicenow.http import TRANSPORT_FAILURES, never_left
from servicenow.remembered import Remembered
from servicenow.responses import (
    JSON,
    Answer,
    RateLimit,
    Sought,
    answer_from,
    body_of,
    rate_limit_from,
)
from servicenow.tables import Tables

Writing = Literal["POST", "PUT", "PATCH", "DELETE"]
Method = Literal["GET"] | Writing

_REPEATING: Final = stamina.AsyncRetryingCaller(
    attempts=3, timeout=None, wait_initial=0.1, wait_max=1.0, wait_jitter=0.2
)
_LONGEST_RETRY_AFTER: Final = 5.0
_PASSING_STATUSES: Final = frozenset({502, 503, 504})
_NAMES_FRESH_FOR_SECONDS: Final = 120
_MOST_NAMES: Final = 200


@dataclass(slots=True)
class _Call:
    """One request and what has become of it so far."""

    method: Method
    path: str
    query: Mapping[str, str]
    sought: Sought
    body: bytes | None = None
    only_reads: bool = False
    ends_at: float = field(default=0.0, init=False)
    renewed: bool = field(default=False, init=False)
    may_have_left: bool = field(default=False, init=False)


class ServiceNowClient:
    """Reads and writes on one instance as the person whose tokens it is given.

    `deadline_seconds` bounds each request with all its repetitions; `shared_deadline` in
    `servicenow.deadlines` bounds several requests together. Safe for many tasks at once.
    `names` is what this person's names of groups, people and things were found to mean: for two
    minutes, in which a group that is renamed is still found under the name that it had.
    """

    def __init__(
        self,
        base_url: str,
        *,
        http: httpx.AsyncClient,
        tokens: AccessTokens,
        deadline_seconds: float = 30,
    ) -> None:
        self.base_url = base_url.rstrip("/")
        self.dictionary = Dictionary(self)
        self.tables = Tables(self)
        self.batches = Batches(self)
        self.names = Remembered(seconds=_NAMES_FRESH_FOR_SECONDS, most=_MOST_NAMES)
        self._http = http
        self._tokens = tokens
        self._deadline_seconds = deadline_seconds
        self._rate_limit: RateLimit | None = None

    @property
    def rate_limit(self) -> RateLimit | None:
        """The rate-limit headers last seen; None where no rule of the instance ever fitted."""
        return self._rate_limit

    async def get_json(self, path: str, *, query: Mapping[str, str]) -> JSON:
        """Read one path (beginning with `/`) and return its JSON."""
        return (await self.read(path, query=query)).json

    async def read(
        self, path: str, *, query: Mapping[str, str], sought: Sought | None = None
    ) -> Answer:
        """Read one path; repeated on 429, 502 to 504 and broken connections.

        `sought` names what is looked for in RecordNotFound. Raises what `exceptions` draws,
        except OutcomeUnknown.
        """
        return await self._before_the_deadline(
            _Call("GET", path, query, sought or Sought("", path), only_reads=True)
        )

    async def read_by_post(self, path: str, *, body: Mapping[str, Any], sought: Sought) -> Answer:
        """Read by a POST that changes nothing; repeated as `read` is, and raises the same."""
        sent = orjson.dumps(dict(body))
        return await self._before_the_deadline(
            _Call("POST", path, {}, sought, body=sent, only_reads=True)
        )

    async def write(
        self,
        method: Writing,
        path: str,
        *,
        query: Mapping[str, str],
        values: Mapping[str, str],
        sought: Sought,
    ) -> Answer:
        """Send one write of a record's fields, once; see `send`.

        The `correlation_id` among the values is what a lost outcome can be settled by.
        """
        known_as = values.get("correlation_id")
        return await self.send(
            method, path, query=query, body=dict(values), sought=sought, correlation_id=known_as
        )

    async def send(
        self,
        method: Writing,
        path: str,
        *,
        query: Mapping[str, str],
        body: Mapping[str, Any],
        sought: Sought,
        correlation_id: str | None = None,
    ) -> Answer:
        """Send one write with a body of any shape, once.

        Raises OutcomeUnknown where the reply was lost after the request may have left.
        """
        sent = orjson.dumps(dict(body))
        call = _Call(method=method, path=path, query=query, sought=sought, body=sent)
        try:
            return await self._before_the_deadline(call)
        except Unavailable as failure:
            if failure.may_have_left:
                raise OutcomeUnknown(failure, correlation_id=correlation_id) from failure
            raise

    async def _before_the_deadline(self, call: _Call) -> Answer:
        call.ends_at = ends_at(seconds=self._deadline_seconds)
        if call.ends_at <= asyncio.get_running_loop().time():
            raise DeadlinePassed(may_have_left=False)
        deadline = asyncio.timeout_at(call.ends_at)
        try:
            async with deadline:
                return await self._repeated(call)
        except TimeoutError as error:
            if not deadline.expired():
                raise
            raise DeadlinePassed(may_have_left=call.may_have_left) from error

    async def _repeated(self, call: _Call) -> Answer:
        try:
            return await self._authenticated(call)
        except ServiceNowFailure as failure:
            if not _wait_before_repeating(failure, call=call):
                raise
            failures: list[ServiceNowFailure] = [failure]

        async def next_attempt() -> Answer:
            # The failure above counts as attempt 1, so that a call that succeeds at once does
            # not pay for the machinery of repeating (21 µs).
            if failures:
                raise failures.pop()
            return await self._authenticated(call)

        return await _REPEATING(partial(_wait_before_repeating, call=call), next_attempt)

    async def _authenticated(self, call: _Call) -> Answer:
        token = await self._tokens.current()
        try:
            return await self._send(call, token=token)
        except NotAuthenticated:
            if call.renewed:
                raise
        call.renewed = True
        call.may_have_left = False
        return await self._send(call, token=await self._tokens.renewed(stale=token))

    async def _send(self, call: _Call, *, token: str) -> Answer:
        request = self._http.build_request(
            call.method,
            # Given as parameters, httpx would take the whole URL apart three times.
            f"{self.base_url}{call.path}?{urlencode(call.query)}",
            content=call.body,
            headers=_headers(token, with_body=call.body is not None),
        )
        call.may_have_left = True
        try:
            response = await self._http.send(request, stream=True)
            try:
                body = await body_of(response)
            finally:
                await response.aclose()
        except TRANSPORT_FAILURES as error:
            name = type(error.__cause__ or error).__name__
            failure = ConnectionFailed(name, may_have_left=not never_left(error))
        else:
            return self._answer(call, response, body)
        # Not chained: the exceptions underneath show the URL, and in it the query.
        raise failure

    def _answer(self, call: _Call, response: httpx.Response, body: bytes) -> Answer:
        self._rate_limit = rate_limit_from(response.headers) or self._rate_limit
        return answer_from(
            status=response.status_code, headers=response.headers, body=body, sought=call.sought
        )


def _headers(token: str, *, with_body: bool) -> dict[str, str]:
    headers = {"Authorization": f"Bearer {token}", "Accept": "application/json"}
    if with_body:
        headers["Content-Type"] = "application/json"
    return headers


def _wait_before_repeating(failure: Exception, *, call: _Call) -> bool | float:
    """Say whether a call is worth repeating, and where the instance says when, after how long."""
    if not call.only_reads:
        return False
    if isinstance(failure, RateLimited) and failure.retry_after is not None:
        remaining = call.ends_at - asyncio.get_running_loop().time()
        longest = min(_LONGEST_RETRY_AFTER, remaining)
        # A wait of 0 would read as "no".
        return failure.retry_after <= longest and max(failure.retry_after, 0.001)
    if isinstance(failure, Unavailable):
        return isinstance(failure, ConnectionFailed) or failure.status in _PASSING_STATUSES
    return isinstance(failure, RateLimited)
