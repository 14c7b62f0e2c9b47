"""Every documented refusal, and every answer that is none, becomes its own exception."""

import httpx
import orjson
import pytest

from servicenow import responses
from servicenow.exceptions import (
    AclRefused,
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
from servicenow.responses import Answer, RateLimit, Sought, answer_from, rate_limit_from

TIMED_OUT = "Transaction cancelled: maximum execution time exceeded"


def read(body: bytes | str, status: int = 200, headers: dict[str, str] | None = None) -> Answer:
    return answer_from(
        status=status,
        headers=httpx.Headers(headers or {}),
        body=body.encode() if isinstance(body, str) else body,
        sought=Sought("incident", "a1"),
    )


def failure(
    body: bytes | str, status: int = 200, headers: dict[str, str] | None = None
) -> ServiceNowFailure:
    with pytest.raises(ServiceNowFailure) as caught:
        read(body, status, headers)
    return caught.value


def envelope(message: str, detail: str | None) -> bytes:
    return orjson.dumps({"error": {"message": message, "detail": detail}, "status": "failure"})


@pytest.mark.parametrize(
    ("status", "message", "detail", "expected"),
    [
        (400, "Invalid table u_nope", None, InvalidTable),
        (400, "Invalid table u_nope", "Table u_nope does not exist", InvalidTable),
        (400, "Requested URI does not represent any resource", "/api/now/x", ApiAbsent),
        (404, "Requested URI does not represent any resource", None, ApiAbsent),
        (400, "Exception while reading request", "The payload is not valid JSON.", BadRequest),
        (401, "User Not Authenticated", "Required to provide Auth information", NotAuthenticated),
        (401, "User is not authenticated", "Required to provide Auth information",
         NotAuthenticated),
        (403, "User Not Authorized", "Failed API level ACL Validation", NotAuthorized),
        (403, "User Not Authorized", "Access to unscoped api is not allowed", ScopeNotAllowed),
        (403, "Insufficient rights to query records", None, NotAuthorized),
        (403, "Operation Failed", "ACL Exception Insert Failed due to security constraints",
         AclRefused),
        (403, "Operation Failed", "ACL Exception Update Failed due to security constraints",
         AclRefused),
        (403, "Operation Failed",
         "Operation against file 'x' was aborted by Business Rule 'y^6a2e'.", BusinessRuleAbort),
        (403, "Operation Failed",
         "Data Policy Exception: The following fields are mandatory: Resolution code",
         DataPolicyViolation),
        (403, "Operation Failed", "Data Policy Exception: Short description is mandatory",
         DataPolicyViolation),
        (403, "Operation Failed", "Something else of this instance", RejectedByInstance),
        (403, "Operation Failed", None, NotAuthorized),
        (404, "No Record found", "Record doesn't exist or ACL restricts the record retrieval",
         RecordNotFound),
        (405, "Method not Supported", "POST method not supported for API", BadRequest),
        (406, "Not acceptable", None, BadRequest),
        (408, "Request timeout", None, ServerFault),
        (413, "Request entity too large", None, BadRequest),
        (414, "URI too long", None, BadRequest),
        (415, "Unsupported media type", None, BadRequest),
        (429, "Rate limit exceeded",
         "Rate limit of 100 requests per hour for Table API exceeded", RateLimited),
        (500, TIMED_OUT, f"{TIMED_OUT}. Check logs for error trace.", ServerFault),
        (503, "Service unavailable", None, ServerFault),
        (200, TIMED_OUT, None, ServerFault),
    ],
)  # fmt: skip
def test_each_documented_refusal_has_its_exception(
    status: int, message: str, detail: str | None, expected: type[ServiceNowFailure]
) -> None:
    assert type(failure(envelope(message, detail), status)) is expected


def test_an_exception_tells_what_a_caller_can_act_on() -> None:
    table = failure(envelope("Invalid table u_nope", None), 400)
    assert isinstance(table, InvalidTable)
    assert table.table == "u_nope"
    missing = failure(envelope("No Record found", "x"), 404)
    assert isinstance(missing, RecordNotFound)
    assert (missing.table, missing.sought) == ("incident", "a1")
    bad = failure(envelope("Exception while reading request", "The payload"), 400)
    assert isinstance(bad, BadRequest)
    assert (bad.status, bad.message, bad.detail) == (
        400,
        "Exception while reading request",
        "The payload",
    )
    fault = failure(envelope("message", "detail"), 500)
    assert isinstance(fault, ServerFault)
    assert (fault.status, fault.message, fault.detail) == (500, "message", "detail")


def test_an_invalid_table_without_a_name_is_the_one_asked_for() -> None:
    refused = failure(envelope("Invalid table ", None), 400)
    assert isinstance(refused, InvalidTable)
    assert refused.table == "incident"


def test_a_business_rule_is_named_without_its_sys_id() -> None:
    sentence = (
        "Operation against file 'incident' was aborted by Business Rule "
        "'Abort changes on group^6a2e9d14'. Business Rule Stack:Abort changes on group"
    )
    aborted = failure(envelope("Operation Failed", sentence), 403)
    assert isinstance(aborted, BusinessRuleAbort)
    assert (aborted.rule, aborted.sentence) == ("Abort changes on group", sentence)


@pytest.mark.parametrize(
    ("sentence", "fields"),
    [
        (
            "Data Policy Exception: The following fields are mandatory: Close code, Close notes",
            ["Close code", "Close notes"],
        ),
        ("Data Policy Exception: Short description is mandatory", ["Short description"]),
        ("Data Policy Exception: Number is read only", []),
    ],
)
def test_a_data_policy_names_the_fields_to_fill(sentence: str, fields: list[str]) -> None:
    violated = failure(envelope("Operation Failed", sentence), 403)
    assert isinstance(violated, DataPolicyViolation)
    assert violated.fields == fields


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        ("<html><title>Instance Hibernating page</title></html>", InstanceHibernating),
        ("\ufeff\r\n <!DOCTYPE html><HTML>Your instance is HIBERNATING", InstanceHibernating),
        ("<html><form action='login.do'>", LoginPageServed),
        ("<html>Login <input type='password'>", LoginPageServed),
        ("<html>Maintenance</html>", NotJson),
        ("Bad gateway", NotJson),
        ("null and void", NotJson),
    ],
)
def test_a_page_is_recognised_whatever_its_status_says(page: str, expected: type[NotJson]) -> None:
    assert type(failure(page, headers={"Content-Type": "application/json"})) is expected
    assert type(failure(page, headers={"Content-Type": "text/html"})) is expected


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (400, BadRequest),
        (401, NotAuthenticated),
        (403, NotAuthorized),
        (404, NotJson),
        (414, BadRequest),
        (429, RateLimited),
        (502, ServerFault),
        (504, ServerFault),
    ],
)
def test_a_page_with_an_error_status_means_what_the_status_means(
    status: int, expected: type[ServiceNowFailure]
) -> None:
    assert type(failure("<html><body>no</body></html>", status)) is expected


def test_a_sleeping_instance_is_recognised_behind_any_status() -> None:
    for status in (200, 404, 503):
        assert isinstance(failure("<html>Hibernating</html>", status), InstanceHibernating)


def test_a_redirect_is_never_followed() -> None:
    to_login = failure(b"", 302, {"Location": "https://example.com/login.do"})
    assert isinstance(to_login, LoginPageServed)
    assert to_login.status == 302
    assert type(failure(b"", 301, {"Location": "https://elsewhere.example/"})) is NotJson


@pytest.mark.parametrize(
    "body",
    [
        b'{"result":[{"number":"INC',
        b'  {"result":',
        b'[{"a":1}',
        b'{"result":[{"a":"\\"error\\":{"',
    ],
)
def test_json_that_stops_in_the_middle_is_truncated(body: bytes) -> None:
    assert type(failure(body)) is TruncatedAnswer


def test_an_error_behind_the_rows_of_a_200_is_a_fault() -> None:
    error = '"error":{"message":"Transaction cancelled","detail":"too long"},"status":"failure"'
    for body in ('{"result":[{"a":"1"}],' + error + "}", '{"result":[{"a":"1"},' + error):
        fault = failure(body)
        assert isinstance(fault, ServerFault)
        assert (fault.status, fault.message, fault.detail) == (
            200,
            "Transaction cancelled",
            "too long",
        )


def test_an_error_that_is_only_a_word_is_a_fault_too() -> None:
    fault = failure(b'{"error":"server_error","error_description":"access_denied"}')
    assert isinstance(fault, ServerFault)
    assert (fault.message, fault.detail) == ("server_error", "access_denied")


@pytest.mark.parametrize("body", [b"[]", b'"text"', b"3", b"{", b""])
def test_an_error_status_without_an_envelope_still_counts(body: bytes) -> None:
    assert isinstance(failure(body, 500), ServerFault)
    assert isinstance(failure(body, 400), BadRequest)


def test_a_good_answer_is_its_json() -> None:
    assert read(b'{"result":[]}').json == {"result": []}
    assert read(b"[1]").json == [1]
    assert read(b"", 204).json is None
    assert read(b'{"error":null,"result":1}').json == {"error": None, "result": 1}


def test_a_rate_limit_says_when_to_come_back() -> None:
    limited = failure(
        envelope("Rate limit exceeded", "x"),
        429,
        {
            "Retry-After": "12",
            "X-RateLimit-Limit": "100",
            "X-RateLimit-Remaining": "0",
            "X-RateLimit-Reset": "1790000000",
            "X-RateLimit-Rule": "Table API",
        },
    )
    assert isinstance(limited, RateLimited)
    assert (limited.retry_after, limited.limit, limited.remaining) == (12.0, 100, 0)
    assert (limited.reset, limited.rule) == (1_790_000_000, "Table API")


def test_a_date_in_retry_after_is_measured_by_the_clock_of_its_sender() -> None:
    headers = httpx.Headers(
        {
            "Retry-After": "Fri, 20 Nov 2026 10:00:30 GMT",
            "Date": "Fri, 20 Nov 2026 10:00:00 GMT",
        }
    )
    assert rate_limit_from(headers) == RateLimit(None, None, None, None, 30.0)


@pytest.mark.parametrize("text", ["soon", "-1", "\u0661", "Fri, 20 Nov 2026 10:00:30 GMT"])
def test_an_unreadable_retry_after_is_unknown(text: str) -> None:
    headers = httpx.Headers([(b"Retry-After", text.encode()), (b"X-RateLimit-Limit", b"many")])
    assert rate_limit_from(headers) == RateLimit(None, None, None, None, None)


def test_without_a_rule_there_is_no_rate_limit() -> None:
    assert rate_limit_from(httpx.Headers()) is None
    assert isinstance(failure(b"", 429), RateLimited)


def test_the_limit_of_an_answer_is_ten_million_bytes() -> None:
    assert responses.MOST_BYTES == 10_000_000
