"""Requests to `/mcp` that are refused before any of MCP is spoken.

RequestRefused            .status .error_code .headers; the message is for the client's log
├── ForeignHost           421  the Host header names another server
├── ForeignOrigin         403  a page of another site sent it
├── CredentialRefused     401  invalid, expired, revoked, or in the wrong place
│   └── CredentialMissing 401  none at all
├── SeveralCredentials    400  more than one, so nobody can say which was meant
├── TooManyBadCredentials 429  from this address, of late
├── TooManyMessages       429  from this person, or from strangers at this address
├── RevisionNotServed     400  a revision that this address does not speak
├── SessionUnknown        404  over, never opened, or somebody else's: begin a new one
├── AlreadyInitialized    400  `initialize` inside a session
├── ClientInfoTooLarge    400  a client that describes itself at too great a length
├── NobodyAsked           400  an answer outside of any session
├── MethodRefused         405  a method that carries no MCP here
│   └── EventsNotTaken         GET of a stream that the client does not accept
├── EventsNeeded          406  a method whose only answer is a stream the client does not accept
├── NotJson               415  the body is not `application/json`
├── BodyTooLarge          413
├── BodyTooSlow           408  it stalled, or trickled
├── MalformedBody         400  not one JSON-RPC message, strictly read
├── TryAgain              503  not at the moment; Retry-After is set
│   ├── CredentialUnverifiable  the database could not be asked whose it is
│   ├── SessionsUnreadable      the database could not be asked for sessions
│   ├── RelayDown               an answer that cannot be passed on to the worker that asked
│   └── ServiceStopping         this worker ends; another one takes over
└── HeaderMismatch        400  headers and body disagree
ClientGone                the connection closed before the request was complete
StillAnOperator           somebody who is to be erased has rights in the admin
"""

from typing import ClassVar

from mcp_types import HEADER_MISMATCH, INVALID_REQUEST, PARSE_ERROR, UNSUPPORTED_PROTOCOL_VERSION

# Implementation-defined codes end at -32019; those from -32020 on belong to the specification.
RATE_LIMITED = -32010


class RequestRefused(Exception):
    """A request that gets an HTTP error with a JSON-RPC error as its body."""

    status: ClassVar[int] = 400
    error_code: int = INVALID_REQUEST

    def __init__(self, message: str, *, headers: dict[str, str] | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.headers = headers or {}


class ForeignHost(RequestRefused):
    """A Host header that is not ours: a rebound name, or a misrouted connection."""

    status = 421


class ForeignOrigin(RequestRefused):
    """An Origin that is neither ours nor in ALLOWED_ORIGINS."""

    status = 403


class CredentialRefused(RequestRefused):
    """No credential, or one that opens nothing; the headers carry the challenge."""

    status = 401


class CredentialMissing(CredentialRefused):
    """No credential at all."""


class SeveralCredentials(RequestRefused):
    """More than one credential in one request (RFC 6750, section 2)."""


class TooManyBadCredentials(RequestRefused):
    """A credential from an address that tries many which open nothing; Retry-After is set."""

    status = 429


class TooManyMessages(RequestRefused):
    """A message of whatever kind, when the bucket for messages is empty."""

    status = 429
    error_code = RATE_LIMITED


class TryAgain(RequestRefused):
    """What cannot be done at the moment, and probably can after `retry_after` seconds."""

    status = 503
    retry_after: ClassVar[int] = 5

    def __init__(self, message: str) -> None:
        super().__init__(message, headers={"Retry-After": str(self.retry_after)})


class CredentialUnverifiable(TryAgain):
    """A credential that may be good: the database could not be asked."""


class RevisionNotServed(RequestRefused):
    """A revision that this address does not speak, though another may."""

    error_code = UNSUPPORTED_PROTOCOL_VERSION


class SessionUnknown(RequestRefused):
    """A session that is over, was never opened, or belongs to somebody else."""

    status = 404


class SessionsUnreadable(TryAgain):
    """A session that may be open: the database could not be asked."""


class AlreadyInitialized(RequestRefused):
    """`initialize` inside a session."""


class ClientInfoTooLarge(RequestRefused):
    """A client that describes itself at too great a length."""


class NobodyAsked(RequestRefused):
    """An answer outside of any session: no question can have led to it."""


class RelayDown(TryAgain):
    """An answer for another worker, which cannot be reached at the moment."""

    retry_after = 1


class MethodRefused(RequestRefused):
    """A method that carries no MCP."""

    status = 405


class ServiceStopping(TryAgain):
    """A request to a worker that is ending."""

    retry_after = 2


class EventsNotTaken(MethodRefused):
    """A stream was asked for by a client that does not accept one.

    GET gets a stream or 405, nothing else (2025-11-25, Streamable HTTP); Copilot Studio looks for
    that 405.
    """

    def __init__(self, message: str) -> None:
        super().__init__(message, headers={"Allow": "POST, DELETE"})


class EventsNeeded(RequestRefused):
    """A method that is answered with a stream alone, by a client that does not accept one."""

    status = 406


class NotJson(RequestRefused):
    """A body of another media type, or an encoded one."""

    status = 415


class BodyTooLarge(RequestRefused):
    """A body over the limit; it is not read to its end."""

    status = 413


class BodyTooSlow(RequestRefused):
    """A body that did not arrive in time; the connection is not used again."""

    status = 408


class MalformedBody(RequestRefused):
    """A body that is not one JSON-RPC message."""

    def __init__(self, message: str, *, error_code: int = PARSE_ERROR) -> None:
        super().__init__(message)
        self.error_code = error_code


class HeaderMismatch(RequestRefused):
    """Headers that say something else than the body, or say it twice."""

    error_code = HEADER_MISMATCH


class ClientGone(Exception):
    """The client closed the connection; nobody is left to answer."""


class StillAnOperator(Exception):
    """Whoever has rights in the admin is not erased: take the rights away first."""

    def __init__(self) -> None:
        super().__init__("This is an operator: take their rights in the admin away first.")
