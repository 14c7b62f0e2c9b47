"""Everything that can go wrong between us and an instance, as one tree.

    ServiceNowFailure
    ├── Unavailable                   nothing usable came back
    │   ├── ConnectionFailed          no connection, or it broke
    │   ├── DeadlinePassed            the time for the whole call is over
    │   ├── NotJson                   HTML or another format, or a redirect
    │   │   ├── InstanceHibernating   the sleeping instance's page, served with status 200
    │   │   └── LoginPageServed       a sign-in page, the instance's or a proxy's
    │   ├── TruncatedAnswer           JSON that stops in the middle
    │   ├── AnswerTooLarge            more bytes than are worth holding in memory
    │   ├── NotAsDocumented           JSON of a shape that nobody documented
    │   └── ServerFault               5xx, or an error inside a 200
    ├── OutcomeUnknown                a write whose reply was lost: it may have happened
    ├── NotAuthenticated              401, also after one renewal of the token
    ├── NotAuthorized                 403 that only says no
    │   ├── ScopeNotAllowed           the OAuth client is limited to certain APIs
    │   └── AclRefused                an access control rule refused this write
    ├── RejectedByInstance            403 with a sentence that says why
    │   ├── BusinessRuleAbort
    │   └── DataPolicyViolation       fields that must be filled
    ├── RecordNotFound                no such record, or the person may not see it
    ├── AmbiguousRecord               one record was meant, several fit
    ├── InvalidTable
    ├── BadRequest                    the other 4xx
    │   └── ApiAbsent                 the plugin that brings this API is not installed
    ├── RateLimited                   429
    ├── QueryRefused (ValueError)     never sent: it would not have meant what it says
    │   ├── JavascriptRefused
    │   ├── UnknownField
    │   ├── UnknownOperator
    │   ├── MalformedName
    │   └── MalformedQuery
    ├── OAuthFailure
    │   ├── GrantRefused              a code, refresh token or client secret was refused
    │   └── TokenEndpointUnavailable  nothing was decided; nobody is signed out by this
    │       └── TokenAnswerUnusable   a token answer without a token or without a lifetime
    └── IdentityUnproved              the instance did not say clearly whose token this is

No exception carries a token, a secret or a body of the instance. `sentence`, `message` and
`detail` are words of the instance: whoever shows them cleans them first.
"""

from collections.abc import Sequence

from servicenow.records import Record


class ServiceNowFailure(Exception):
    """Root of the tree; never raised itself."""


class Unavailable(ServiceNowFailure):
    """Nothing usable came back.

    `may_have_left` is False only where it is certain that the request never reached the
    instance; a write that may have left becomes `OutcomeUnknown`.
    """

    def __init__(
        self, message: str = "", *, status: int | None = None, may_have_left: bool = True
    ) -> None:
        super().__init__(message or type(self).__name__)
        self.status = status
        self.may_have_left = may_have_left


class ConnectionFailed(Unavailable):
    """The connection could not be made, or broke before the answer was complete."""


class DeadlinePassed(Unavailable):
    """The time for the whole call, repetitions included, is over."""


class NotJson(Unavailable):
    """Something other than JSON came back, such as a page of a proxy, or a redirect."""


class InstanceHibernating(NotJson):
    """The instance sleeps and serves its page for that, with status 200."""


class LoginPageServed(NotJson):
    """A sign-in page came back where JSON was asked for."""


class TruncatedAnswer(Unavailable):
    """The answer began as JSON and stopped in the middle."""


class AnswerTooLarge(Unavailable):
    """The answer was longer than the limit and was not read to its end."""


class NotAsDocumented(Unavailable):
    """JSON came back in a shape that the API is not known to have."""


class ServerFault(Unavailable):
    """5xx, or an error object inside an answer with status 200."""

    def __init__(self, *, status: int, message: str = "", detail: str = "") -> None:
        super().__init__(f"status {status}: {message}", status=status)
        self.message = message
        self.detail = detail


class OutcomeUnknown(ServiceNowFailure):
    """A write was sent and its reply was lost. It may have happened; never repeat it blindly."""

    def __init__(self, cause: Unavailable, *, correlation_id: str | None = None) -> None:
        super().__init__(f"a write may or may not have happened: {cause}")
        self.cause = cause
        self.correlation_id = correlation_id


class NotAuthenticated(ServiceNowFailure):
    """401: the token is not accepted, also not after one renewal."""

    def __init__(self, *, message: str = "", detail: str = "") -> None:
        super().__init__(message or "the access token was not accepted")
        self.message = message
        self.detail = detail


class NotAuthorized(ServiceNowFailure):
    """403: the person may not do this, and the instance gives no reason worth repeating."""

    def __init__(self, *, message: str = "", detail: str = "") -> None:
        super().__init__(detail or message or "not allowed")
        self.message = message
        self.detail = detail


class ScopeNotAllowed(NotAuthorized):
    """The instance's OAuth client is restricted to the APIs of some scope; no role helps."""


class AclRefused(NotAuthorized):
    """An access control rule refused an insert, an update or a delete."""


class RejectedByInstance(ServiceNowFailure):
    """A rule of the instance stopped the write and said why in `sentence`."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class BusinessRuleAbort(RejectedByInstance):
    """A business rule aborted the write; `rule` is its name, without its sys_id."""

    def __init__(self, sentence: str, *, rule: str) -> None:
        super().__init__(sentence)
        self.rule = rule


class DataPolicyViolation(RejectedByInstance):
    """A data policy wants more; `fields` are the labels of the fields to fill."""

    def __init__(self, sentence: str, *, fields: Sequence[str]) -> None:
        super().__init__(sentence)
        self.fields = list(fields)


class RecordNotFound(ServiceNowFailure):
    """No such record, or the person may not see it: ServiceNow does not tell which."""

    def __init__(self, table: str, sought: str) -> None:
        super().__init__(f"no such record in {table}")
        self.table = table
        self.sought = sought


class AmbiguousRecord(ServiceNowFailure):
    """Several records fit where one was meant; `candidates` are the first of them."""

    def __init__(self, table: str, candidates: Sequence[Record]) -> None:
        super().__init__(f"{len(candidates)} or more records in {table} fit")
        self.table = table
        self.candidates = tuple(candidates)


class InvalidTable(ServiceNowFailure):
    """The instance has no such table."""

    def __init__(self, table: str) -> None:
        super().__init__(f"the instance has no table {table}")
        self.table = table


class BadRequest(ServiceNowFailure):
    """400, 405, 406, 413, 414, 415 and other 4xx: the request itself is at fault."""

    def __init__(self, *, status: int, message: str = "", detail: str = "") -> None:
        super().__init__(f"status {status}: {message}")
        self.status = status
        self.message = message
        self.detail = detail


class ApiAbsent(BadRequest):
    """The instance knows no such API: the plugin that brings it is not installed."""


class RateLimited(ServiceNowFailure):
    """429. Times are seconds; `reset` is a UNIX time; None where the header was absent."""

    def __init__(
        self,
        *,
        retry_after: float | None = None,
        limit: int | None = None,
        remaining: int | None = None,
        reset: int | None = None,
        rule: str | None = None,
    ) -> None:
        super().__init__("the instance's rate limit is reached")
        self.retry_after = retry_after
        self.limit = limit
        self.remaining = remaining
        self.reset = reset
        self.rule = rule


class QueryRefused(ServiceNowFailure, ValueError):
    """Refused before anything was sent."""


class JavascriptRefused(QueryRefused):
    """A value begins with `javascript:`, which an instance would evaluate."""

    def __init__(self, field: str) -> None:
        super().__init__(f"a value for {field} must not begin with 'javascript:'")
        self.field = field


class UnknownField(QueryRefused):
    """The table has no such field; an instance would silently drop the condition."""

    def __init__(self, table: str, field: str) -> None:
        super().__init__(f"{table} has no field {field}")
        self.table = table
        self.field = field


class UnknownOperator(QueryRefused):
    """No operator of the query language follows the field name."""

    def __init__(self, condition: str) -> None:
        super().__init__(f"no known operator in the condition {condition!r}")
        self.condition = condition


class MalformedName(QueryRefused):
    """A table name, field name or sys_id has characters that none has."""

    def __init__(self, kind: str, name: str) -> None:
        super().__init__(f"{name!r} cannot be a {kind}")
        self.kind = kind
        self.name = name


class MalformedQuery(QueryRefused):
    """The query, or a value in it, cannot be written in the query language."""


class OAuthFailure(ServiceNowFailure):
    """Root of what goes wrong at the token endpoint."""


class GrantRefused(OAuthFailure):
    """A code, refresh token or secret was refused.

    ServiceNow answers all of these alike, so only `rfc_error` (a code of RFC 6749, None in
    ServiceNow's usual answer) tells more. Never delete tokens because of this alone.
    """

    def __init__(self, *, rfc_error: str | None = None) -> None:
        super().__init__(f"the instance refused the grant ({rfc_error or 'no reason given'})")
        self.rfc_error = rfc_error


class TokenEndpointUnavailable(OAuthFailure):
    """No decision came back: 429, 5xx, a page, a time-out, no connection."""

    def __init__(self, message: str, *, status: int | None = None) -> None:
        super().__init__(message)
        self.status = status


class TokenAnswerUnusable(TokenEndpointUnavailable):
    """Status 200 without a usable token or lifetime."""


class IdentityUnproved(ServiceNowFailure):
    """The answers to "whose token is this?" disagree, or are not exactly one person."""
