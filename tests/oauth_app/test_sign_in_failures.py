"""Each way a sign-in can fail has its page, code and reference, and stores nothing."""

import logging
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import httpx
import pytest
from django.test import Client
from django.utils import timezone
from starlette.applications import Starlette
from structlog.stdlib import ProcessorFormatter

from oauth_app.models import AuthorizationRequest, Connection, Instance, User
from oauth_app.sign_in_failures import SignInFailure
from servicenow import http
from simulator.control.faults import Fault, FaultKind
from simulator.world import World
from tests.oauth_app.visitors import Visitor

pytestmark = pytest.mark.usefixtures("db")


def assert_failed(answer: Any, *, status: int, code: str, title: str) -> None:
    """The page says what happened and what to do, and nobody is signed in."""
    text = answer.content.decode()
    assert (answer.status_code, answer["Cache-Control"].count("no-store")) == (status, 1)
    assert code in text
    assert title in text
    assert "What to check" in text
    assert re.search(r"Reference:\s*<code>[0-9a-f]{32}</code>", text)
    assert "_auth_user_id" not in answer.client.session
    assert not Connection.objects.exists()


def test_denied(browser: Visitor) -> None:
    answer = browser.sign_in("abel.tuter", allow=False)
    assert_failed(answer, status=403, code="ACCESS_DENIED", title="Access was not allowed")


def test_a_state_never_given_out_is_refused(browser: Visitor) -> None:
    browser.begin()
    answer = browser.come_back({"code": "stolen", "state": "made-up"})
    assert_failed(answer, status=400, code="STATE_MISMATCH", title="was not started here")


def test_a_missing_state_is_refused(browser: Visitor) -> None:
    answer = browser.come_back({"code": "stolen"})
    assert_failed(answer, status=400, code="STATE_MISMATCH", title="was not started here")


def test_a_state_of_another_browser_is_refused_and_not_spoilt(
    browser: Visitor, other_browser: Visitor
) -> None:
    returned = browser.at_servicenow(browser.begin(), "abel.tuter")
    other_browser.begin()
    answer = other_browser.come_back(returned)
    assert_failed(answer, status=403, code="STATE_MISMATCH", title="belongs to another browser")
    assert browser.come_back(returned)["Location"] == "/connection"


def test_a_browser_without_the_cookie_cannot_finish_a_sign_in(
    browser: Visitor, other_browser: Visitor
) -> None:
    returned = browser.at_servicenow(browser.begin(), "abel.tuter")
    answer = other_browser.come_back(returned)
    assert_failed(answer, status=403, code="STATE_MISMATCH", title="belongs to another browser")


def test_charlie_cannot_make_abel_act_for_him_with_his_own_code(
    browser: Visitor, other_browser: Visitor
) -> None:
    planted = other_browser.at_servicenow(other_browser.begin(), "charlie.whitherspoon")
    browser.begin()
    answer = browser.come_back(planted)
    assert_failed(answer, status=403, code="STATE_MISMATCH", title="belongs to another browser")


def test_a_code_moved_into_another_sign_in_is_refused_by_pkce(
    browser: Visitor, other_browser: Visitor
) -> None:
    stolen = other_browser.at_servicenow(other_browser.begin(), "beth.anglin")
    own = browser.at_servicenow(browser.begin(), "abel.tuter")
    answer = browser.come_back({"code": stolen["code"], "state": own["state"]})
    assert_failed(answer, status=502, code="TOKEN_EXCHANGE_FAILED", title="did not accept")


def test_a_replayed_sign_in_is_refused(browser: Visitor) -> None:
    returned = browser.at_servicenow(browser.begin(), "abel.tuter")
    browser.come_back(returned)
    answer = browser.come_back(returned)
    assert answer.status_code == 409
    assert b"STATE_MISMATCH" in answer.content
    assert b"already finished" in answer.content


def test_a_stale_sign_in_is_refused_once_its_ten_minutes_are_over(browser: Visitor) -> None:
    returned = browser.at_servicenow(browser.begin(), "abel.tuter")
    request = AuthorizationRequest.objects.get()
    assert request.expires_at - request.created_at >= timedelta(minutes=10)
    AuthorizationRequest.objects.update(expires_at=timezone.now())
    answer = browser.come_back(returned)
    assert_failed(answer, status=410, code="SIGN_IN_EXPIRED", title="took too long")


def test_an_error_other_than_a_denial_is_told_apart(browser: Visitor) -> None:
    state = browser.at_servicenow(browser.begin(), "abel.tuter", allow=False)["state"]
    answer = browser.come_back({"error": "invalid_scope", "state": state})
    assert_failed(answer, status=502, code="TOKEN_EXCHANGE_FAILED", title="did not allow")


def test_coming_back_with_neither_code_nor_error_is_refused(browser: Visitor) -> None:
    state = browser.at_servicenow(browser.begin(), "abel.tuter")["state"]
    answer = browser.come_back({"state": state})
    assert_failed(answer, status=502, code="TOKEN_EXCHANGE_FAILED", title="did not allow")


def test_a_wrong_client_secret_fails_the_exchange(browser: Visitor, settings: Any) -> None:
    settings.SERVICENOW_CLIENT_SECRET = "not-the-secret"
    answer = browser.sign_in("abel.tuter")
    assert_failed(answer, status=502, code="TOKEN_EXCHANGE_FAILED", title="did not accept")


@pytest.mark.parametrize(
    "kind",
    [
        FaultKind.SERVER_FAULT,
        FaultKind.UNAVAILABLE,
        FaultKind.RATE_LIMITED,
        FaultKind.HIBERNATING_PAGE,
        FaultKind.TRUNCATED,
        FaultKind.RESET_BEFORE,
    ],
)
def test_an_instance_that_is_down_at_the_exchange(
    browser: Visitor, world: World, kind: FaultKind
) -> None:
    world.faults.add(Fault(kind=kind, path="/oauth_token.do"))
    answer = browser.sign_in("abel.tuter")
    assert_failed(answer, status=503, code="INSTANCE_UNAVAILABLE", title="cannot be reached")


def test_an_instance_that_goes_down_before_it_says_who_signed_in(
    browser: Visitor, world: World
) -> None:
    world.faults.add(Fault(kind=FaultKind.HIBERNATING_PAGE, path="/api/*", count=10))
    answer = browser.sign_in("abel.tuter")
    assert_failed(answer, status=503, code="INSTANCE_UNAVAILABLE", title="cannot be reached")


def test_an_instance_that_refuses_every_api_does_not_prove_who_signed_in(
    browser: Visitor, world: World
) -> None:
    world.switches.scope_gate = True
    answer = browser.sign_in("abel.tuter")
    assert_failed(answer, status=502, code="IDENTITY_UNPROVED", title="not certain who signed in")


Change = Callable[[httpx.URL], httpx.URL]


class _ChangedRequests(httpx.AsyncBaseTransport):
    """The simulator, seen through an instance that understands some addresses differently."""

    def __init__(self, simulator: Starlette, change: Change) -> None:
        self._inner = httpx.ASGITransport(simulator)
        self._change = change

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        request.url = self._change(request.url)
        return await self._inner.handle_async_request(request)


def _without_conditions(url: httpx.URL) -> httpx.URL:
    return url.copy_remove_param("sysparm_query")


def _without_the_first_condition(url: httpx.URL) -> httpx.URL:
    if "getUserID" in url.params.get("sysparm_query", ""):
        return url.copy_remove_param("sysparm_query")
    return url


@pytest.mark.parametrize("change", [_without_conditions, _without_the_first_condition])
def test_an_instance_that_ignores_query_conditions_signs_nobody_in(
    browser: Visitor, simulator: Starlette, monkeypatch: pytest.MonkeyPatch, change: Change
) -> None:
    monkeypatch.setattr(http, "pooled_transport", lambda: _ChangedRequests(simulator, change))
    answer = browser.sign_in("abel.tuter")
    assert_failed(answer, status=502, code="IDENTITY_UNPROVED", title="not certain who signed in")


def test_an_instance_that_ignores_conditions_and_knows_one_person_signs_nobody_in_as_them(
    browser: Visitor, simulator: Starlette, monkeypatch: pytest.MonkeyPatch
) -> None:
    def always_beth(url: httpx.URL) -> httpx.URL:
        if url.path.endswith("/sys_user"):
            return url.copy_set_param("sysparm_query", "user_name=beth.anglin")
        return url

    monkeypatch.setattr(http, "pooled_transport", lambda: _ChangedRequests(simulator, always_beth))
    answer = browser.sign_in("abel.tuter")
    assert_failed(answer, status=502, code="IDENTITY_UNPROVED", title="not certain who signed in")


def test_someone_an_operator_turned_off_may_not_sign_in(
    browser: Visitor, abel: Connection, other_browser: Visitor
) -> None:
    User.objects.filter(pk=abel.user_id).update(is_active=False)
    answer = other_browser.sign_in("abel.tuter")
    assert answer.status_code == 403
    assert b"ACCESS_DENIED" in answer.content
    assert b"turned off your access" in answer.content
    assert Connection.objects.get().version == abel.version
    assert browser.client.get("/").status_code == 200  # and the old session is over, too


@pytest.mark.parametrize("closed", [{"is_active": False}, {"is_paused": True}])
def test_a_closed_or_paused_instance_starts_no_sign_in(
    browser: Visitor, closed: dict[str, bool]
) -> None:
    browser.begin()
    Instance.objects.update(**closed)
    answer = browser.client.get("/oauth/authorize")
    title = "no ServiceNow instance to sign in at"
    assert_failed(answer, status=503, code="INSTANCE_UNAVAILABLE", title=title)
    assert browser.client.get("/").status_code == 503


def test_an_instance_closed_meanwhile_finishes_no_sign_in(browser: Visitor) -> None:
    returned = browser.at_servicenow(browser.begin(), "abel.tuter")
    Instance.objects.update(is_paused=True)
    title = "no ServiceNow instance to sign in at"
    answer = browser.come_back(returned)
    assert_failed(answer, status=503, code="INSTANCE_UNAVAILABLE", title=title)


@pytest.mark.parametrize("asked", ["1", "not-a-number", "9" * 50])
def test_an_instance_that_does_not_exist_starts_no_sign_in(browser: Visitor, asked: str) -> None:
    answer = browser.client.get("/oauth/authorize", {"instance": asked})
    title = "no ServiceNow instance to sign in at"
    assert_failed(answer, status=503, code="INSTANCE_UNAVAILABLE", title=title)


def test_a_host_that_is_not_allowed_gets_no_sign_in_and_no_code(
    browser: Visitor, settings: Any
) -> None:
    returned = browser.at_servicenow(browser.begin(), "abel.tuter")
    settings.SERVICENOW_ALLOWED_HOSTS = ["example.service-now.com"]
    title = "no ServiceNow instance to sign in at"
    for answer in (browser.client.get("/oauth/authorize"), browser.come_back(returned)):
        assert_failed(answer, status=503, code="INSTANCE_UNAVAILABLE", title=title)


def test_nothing_set_up_says_so(db: None, settings: Any) -> None:
    settings.SERVICENOW_INSTANCE_URL = ""
    page = Client().get("/")
    assert page.status_code == 503
    assert b"SERVICENOW_INSTANCE_URL" in page.content


def test_a_failed_sign_in_is_logged_with_its_reference_and_without_its_secrets(
    browser: Visitor, caplog: pytest.LogCaptureFixture
) -> None:
    returned = browser.at_servicenow(browser.begin(), "abel.tuter")
    AuthorizationRequest.objects.update(expires_at=timezone.now())
    page = browser.come_back(returned).content.decode()
    (record,) = [each for each in caplog.records if each.name == "oauth_app.views"]
    assert isinstance(record.msg, dict)
    assert record.msg["reference_id"] in page
    assert record.msg["code"] == "SIGN_IN_EXPIRED"
    assert returned["code"] not in str(record.__dict__)


def test_no_log_line_carries_a_code_a_state_or_a_token(
    browser: Visitor, world: World, caplog: pytest.LogCaptureFixture
) -> None:
    (written,) = [
        each.formatter
        for each in logging.getLogger().handlers
        if isinstance(each.formatter, ProcessorFormatter)
    ]
    returned = browser.at_servicenow(browser.begin(), "abel.tuter")
    world.faults.add(Fault(kind=FaultKind.HIBERNATING_PAGE, path="/oauth_token.do"))
    assert browser.come_back(returned).status_code == 503
    browser.client.get("/oauth/nowhere", {"token": "snmcp_" + "A" * 43})
    lines = "".join(written.format(record) for record in caplog.records)
    assert "sign_in_failed" in lines
    for secret in (*returned.values(), "A" * 43):
        assert secret not in lines


def test_every_way_to_fail_has_a_title_a_sentence_and_something_to_check() -> None:
    ways = SignInFailure.__subclasses__()
    assert len(ways) == 13
    assert len({way.title for way in ways}) == len(ways)
    for way in ways:
        assert way.sentence
        assert way.checks
        assert 400 <= way.status < 600
