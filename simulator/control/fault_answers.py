"""The answers of the fault switches, byte for byte what an instance in trouble sends."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from starlette.responses import HTMLResponse, JSONResponse, Response

from simulator.pages.templates import fill, page_text

SECONDS_AN_HOUR = 3600
TIMED_OUT = "Transaction cancelled: maximum execution time exceeded"


@dataclass(frozen=True, kw_only=True)
class Trouble:
    """What an answer may depend on."""

    path: str
    processed: bytes
    now: datetime
    retry_after: int | None
    limit: int


def answer_of(
    kind: str,
    *,
    path: str,
    processed: bytes,
    now: datetime,
    retry_after: int | None,
    limit: int,
) -> Response:
    """The answer of one kind of fault. `processed` is the body of the answer that was not sent."""
    trouble = Trouble(path=path, processed=processed, now=now, retry_after=retry_after, limit=limit)
    return _ANSWERS[kind](trouble)


def error(
    status: int, *, message: str, detail: str | None, headers: dict[str, str] | None = None
) -> JSONResponse:
    """ServiceNow's error envelope."""
    return JSONResponse(
        {"error": {"message": message, "detail": detail}, "status": "failure"},
        status_code=status,
        headers=headers,
        media_type="application/json;charset=UTF-8",
    )


def not_authenticated() -> JSONResponse:
    """401 of an API call without usable credentials."""
    return error(
        401,
        message="User Not Authenticated",
        detail="Required to provide Auth information",
        headers={"X-Is-Logged-In": "false", "WWW-Authenticate": 'BASIC realm="Service-now"'},
    )


def scope_not_allowed() -> JSONResponse:
    """403 of a securely scoped OAuth client at an API outside its scope."""
    return error(
        403,
        message="User Not Authorized",
        detail="Access to unscoped api is not allowed",
        headers={"X-Is-Logged-In": "true"},
    )


def oauth_refused(*, status: int = 401) -> JSONResponse:
    """Every failure of the token endpoint looks like this; RFC 6749's shape is not used."""
    return JSONResponse(
        {"error_description": "access_denied", "error": "server_error"},
        status_code=status,
        headers={"Cache-Control": "no-store"},
    )


def _unauthenticated(trouble: Trouble) -> Response:
    return oauth_refused() if trouble.path.startswith("/oauth") else not_authenticated()


def _unauthenticated_in_other_words(trouble: Trouble) -> Response:
    """Builds differ in the message; the detail is the same."""
    if trouble.path.startswith("/oauth"):
        return oauth_refused()
    detail = "Required to provide Auth information"
    return error(401, message="User is not authenticated", detail=detail)


def _unauthorized(_: Trouble) -> Response:
    return error(403, message="User Not Authorized", detail="Failed API level ACL Validation")


def _scope_not_allowed(_: Trouble) -> Response:
    return scope_not_allowed()


def _rate_limited(trouble: Trouble) -> Response:
    seconds = trouble.now.timestamp()
    reset_at = int(seconds - seconds % SECONDS_AN_HOUR + SECONDS_AN_HOUR)
    headers = {
        "X-RateLimit-Limit": str(trouble.limit),
        "X-RateLimit-Remaining": "0",
        "X-RateLimit-Reset": str(reset_at),
        "X-RateLimit-Rule": "Table API rate limit",
    }
    if trouble.retry_after is not None:
        headers["Retry-After"] = str(trouble.retry_after)
    return error(
        429,
        message="Rate limit exceeded",
        detail=f"Rate limit of {trouble.limit} requests per hour for Table API exceeded",
        headers=headers,
    )


def _server_fault(_: Trouble) -> Response:
    return error(500, message=TIMED_OUT, detail=f"{TIMED_OUT}. Check logs for error trace.")


def _bad_gateway(_: Trouble) -> Response:
    return HTMLResponse("<html><body><h1>502 Bad Gateway</h1></body></html>", status_code=502)


def _unavailable(trouble: Trouble) -> Response:
    headers = {} if trouble.retry_after is None else {"Retry-After": str(trouble.retry_after)}
    body = "<html><body><h1>503 Service Temporarily Unavailable</h1></body></html>"
    return HTMLResponse(body, status_code=503, headers=headers)


def _hibernating(_: Trouble) -> Response:
    return HTMLResponse(page_text(fill("hibernating"), title="Instance Hibernating page"))


def _login_page(_: Trouble) -> Response:
    content = fill("login", failure="", goto="/", user_name="", people="")
    return HTMLResponse(page_text(content, title="Sign in"))


def _truncated(trouble: Trouble) -> Response:
    """The first half of the body, whose length is stated as if that were all."""
    half = trouble.processed[: len(trouble.processed) // 2]
    return Response(half, media_type="application/json;charset=UTF-8")


def _error_in_200(trouble: Trouble) -> Response:
    """A stream that broke off: rows, and an error behind them, in one 200."""
    opening = trouble.processed.rstrip().removesuffix(b"}") or b'{"result":[]'
    body = (
        opening
        + b',"error":{"message":"'
        + TIMED_OUT.encode()
        + b'","detail":"'
        + TIMED_OUT.encode()
        + b'. Check logs for error trace."},"status":"failure"}'
    )
    return Response(body, media_type="application/json;charset=UTF-8")


def _malformed_error_in_200(trouble: Trouble) -> Response:
    """The stream broke off within a row: what follows it is no JSON any more."""
    half = trouble.processed[: len(trouble.processed) // 2]
    body = half + b'],"error":{"message":"' + TIMED_OUT.encode() + b'"},"status":"failure"}'
    return Response(body, media_type="application/json;charset=UTF-8")


_ANSWERS: dict[str, Callable[[Trouble], Response]] = {
    "401": _unauthenticated,
    "401_other_words": _unauthenticated_in_other_words,
    "403": _unauthorized,
    "403_scope": _scope_not_allowed,
    "429": _rate_limited,
    "500": _server_fault,
    "500_after_commit": _server_fault,
    "502": _bad_gateway,
    "503": _unavailable,
    "html_hibernating": _hibernating,
    "html_login": _login_page,
    "truncated": _truncated,
    "error_in_200": _error_in_200,
    "malformed_error_in_200": _malformed_error_in_200,
}
