"""From the bytes of one response to an answer, or to the exception that fits.

The cases and their wording are those of the Table API. Statuses alone do not decide: a sleeping
instance answers 200 with a page, a cancelled transaction writes its error into the middle of a
200, and one 403 means missing rights while another carries a sentence that a person needs.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any, Final

import httpx
import orjson

from servicenow.exceptions import (
    AclRefused,
    AnswerTooLarge,
    ApiAbsent,
    BadRequest,
    BusinessRuleAbort,
    DataPolicyViolation,
    InstanceHibernating,
    InvalidTable,
    LoginPageServed,
    NotAuthenticated,
    NotAuthorized,
    NotJson,
    RateLimited,
    RecordNotFound,
    RejectedByInstance,
    ScopeNotAllowed,
    ServerFault,
    ServiceNowFailure,
    TruncatedAnswer,
)

JSON = dict[str, Any] | list[Any] | str | int | float | bool | None

MOST_BYTES: Final = 10_000_000

_RULE = re.compile(r"aborted by Business Rule '([^'^]+)")
_MANDATORY = re.compile(r"Data Policy Exception:\s*(?:.*\bmandatory:\s*(.+)|(.+) is mandatory)")
# A quote inside a JSON string is written \", so this finds only a real name.
_ERROR_IN_STREAM = re.compile(rb'(?<!\\)"error"\s*:\s*(\{[^{}]*\})')


@dataclass(frozen=True, slots=True)
class Sought:
    """What a request asks for, in the words that an exception will use."""

    table: str
    record: str


@dataclass(frozen=True, slots=True)
class Answer:
    """A successful answer; `json` is None where the body was empty."""

    status: int
    headers: httpx.Headers
    json: JSON


@dataclass(frozen=True, slots=True)
class RateLimit:
    """The rate-limit headers of one answer; they exist only where a rule of the instance fits.

    `retry_after` is seconds, `reset` a UNIX time.
    """

    limit: int | None
    remaining: int | None
    reset: int | None
    rule: str | None
    retry_after: float | None


async def body_of(response: httpx.Response) -> bytes:
    """Read a streamed response, decompressed, up to MOST_BYTES; else raise AnswerTooLarge."""
    chunks: list[bytes] = []
    size = 0
    async for chunk in response.aiter_bytes():
        size += len(chunk)
        if size > MOST_BYTES:
            message = f"the answer is longer than {MOST_BYTES} bytes"
            raise AnswerTooLarge(message, status=response.status_code)
        chunks.append(chunk)
    return b"".join(chunks)


def answer_from(*, status: int, headers: httpx.Headers, body: bytes, sought: Sought) -> Answer:
    """Return the answer, or raise what the response means.

    Raises the exceptions of `servicenow.exceptions` that stand for one response.
    """
    if status >= 400:
        raise _refusal(status=status, headers=headers, body=body, sought=sought)
    if status >= 300:
        raise _redirect(status, headers.get("location", ""))
    if not body:
        return Answer(status, headers, None)
    try:
        document = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise _unreadable(status, body) from None
    if isinstance(document, dict) and document.get("error"):
        message, detail = _words(document)
        raise ServerFault(status=status, message=message, detail=detail)
    return Answer(status, headers, document)


def rate_limit_from(headers: httpx.Headers) -> RateLimit | None:
    """Return what the rate-limit headers say; None where there are none."""
    if "x-ratelimit-limit" not in headers and "retry-after" not in headers:
        return None
    return RateLimit(
        limit=_whole_number(headers.get("x-ratelimit-limit")),
        remaining=_whole_number(headers.get("x-ratelimit-remaining")),
        reset=_whole_number(headers.get("x-ratelimit-reset")),
        rule=headers.get("x-ratelimit-rule"),
        retry_after=_retry_after(headers),
    )


def _refusal(
    *, status: int, headers: httpx.Headers, body: bytes, sought: Sought
) -> ServiceNowFailure:
    page = _page(status, body)
    if isinstance(page, InstanceHibernating):
        return page
    # 408 comes from something in between that lost patience, not from the Table API.
    if status >= 500 or status == 408:
        message, detail = _words_of(body)
        return ServerFault(status=status, message=message, detail=detail)
    if status == 429:
        return _rate_limited(headers)
    if status == 404 and page is not None:
        return page
    return _refused_in_words(status, *_words_of(body), sought=sought)


def _refused_in_words(
    status: int, message: str, detail: str, *, sought: Sought
) -> ServiceNowFailure:
    if status == 401:
        return NotAuthenticated(message=message, detail=detail)
    if status == 403:
        return _forbidden(message, detail)
    if status == 404 and message.casefold().startswith("no record"):
        return RecordNotFound(sought.table, sought.record)
    if message.startswith("Invalid table"):
        return InvalidTable(message.removeprefix("Invalid table").strip() or sought.table)
    absent = message.startswith("Requested URI does not represent any resource")
    refusal = ApiAbsent if absent else BadRequest
    return refusal(status=status, message=message, detail=detail)


def _forbidden(message: str, detail: str) -> ServiceNowFailure:
    if detail == "Access to unscoped api is not allowed":
        return ScopeNotAllowed(message=message, detail=detail)
    if detail.startswith("ACL Exception"):
        return AclRefused(message=message, detail=detail)
    if message != "Operation Failed" or not detail:
        return NotAuthorized(message=message, detail=detail)
    if aborted := _RULE.search(detail):
        return BusinessRuleAbort(detail, rule=aborted[1].strip())
    if detail.startswith("Data Policy Exception"):
        found = _MANDATORY.match(detail)
        labels = (found[1] or found[2]).split(",") if found else []
        return DataPolicyViolation(detail, fields=[label.strip() for label in labels])
    return RejectedByInstance(detail)


def _rate_limited(headers: httpx.Headers) -> RateLimited:
    known = rate_limit_from(headers)
    if known is None:
        return RateLimited()
    return RateLimited(
        retry_after=known.retry_after,
        limit=known.limit,
        remaining=known.remaining,
        reset=known.reset,
        rule=known.rule,
    )


def _redirect(status: int, location: str) -> NotJson:
    if "login" in location.casefold():
        return LoginPageServed("a redirect to a sign-in page", status=status)
    return NotJson("a redirect where JSON was asked for", status=status)


def _unreadable(status: int, body: bytes) -> ServiceNowFailure:
    if page := _page(status, body):
        return page
    for error in reversed(_ERROR_IN_STREAM.findall(body)):
        # An instance that cancels a transaction writes its error behind the rows already sent.
        message, detail = _words_of(b'{"error":' + error + b"}")
        return ServerFault(status=status, message=message, detail=detail)
    if body.lstrip().startswith((b"{", b"[")):
        return TruncatedAnswer("JSON that does not end", status=status)
    return NotJson("neither JSON nor a page", status=status)


def _page(status: int, body: bytes) -> NotJson | None:
    start = body[:50_000].lstrip(b"\xef\xbb\xbf \t\r\n")
    if not start.startswith(b"<"):
        return None
    text = start.decode(errors="replace").casefold()
    if "hibernat" in text:
        return InstanceHibernating("the instance is hibernating", status=status)
    if "login" in text and ("password" in text or "login.do" in text):
        return LoginPageServed("a sign-in page where JSON was asked for", status=status)
    return NotJson("a page where JSON was asked for", status=status)


def _words_of(body: bytes) -> tuple[str, str]:
    try:
        document = orjson.loads(body)
    except orjson.JSONDecodeError:
        return "", ""
    return _words(document) if isinstance(document, dict) else ("", "")


def _words(document: Mapping[str, Any]) -> tuple[str, str]:
    error = document.get("error")
    if isinstance(error, dict):
        return str(error.get("message") or ""), str(error.get("detail") or "")
    return str(error or ""), str(document.get("error_description") or "")


def _retry_after(headers: httpx.Headers) -> float | None:
    text = headers.get("retry-after", "")
    if text.isascii() and text.isdigit():
        return float(text)
    try:
        # A date is measured by the clock of whoever sent it, not by ours.
        wait = parsedate_to_datetime(text) - parsedate_to_datetime(headers.get("date", ""))
    except (ValueError, TypeError):
        return None
    return max(0.0, wait.total_seconds())


def _whole_number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() else None
