"""What the specifications forbid of consent: who is asked, how, and what a Yes amounts to."""

import pytest
from django.test import Client
from oauth2_provider.models import Application, Grant

from oauth_app.authorization_server.codes import allow_again
from oauth_app.authorization_server.grants import revoke_grant
from oauth_app.authorization_server.requests import ClientRequest
from oauth_app.models import ClientGrant, Connection
from oauth_app.models.connections import State
from tests.mcp_app.portal.pages import nothing_was_issued, text_of
from tests.oauth_app.authorization_server.authorization_answers import (
    code_at,
    error_at,
    is_page_of_ours,
)
from tests.oauth_app.authorization_server.mcp_client import (
    REDIRECT,
    VERIFIER,
    WEB_REDIRECT,
    McpClient,
    challenge_of,
    query_of,
    yes,
)
from tests.oauth_app.authorization_server.musts import guards
from tests.oauth_app.authorization_server.musts_of_authorization import AUTHORIZATION_MUSTS
from tests.oauth_app.authorization_server.parallel import at_once
from tests.oauth_app.authorization_server.people import browser_of

guards_must = guards(AUTHORIZATION_MUSTS)
CURSOR = "cursor://anysphere.cursor-mcp/oauth/callback"
LOCAL = [REDIRECT, "http://localhost:33418/callback", "https://localhost:8443/callback", CURSOR]


@pytest.fixture
def website(db: None) -> McpClient:
    return McpClient.registered(redirect_uris=[WEB_REDIRECT])


def remembered(client: McpClient, browser: Client, **answer: object) -> str:
    return client.code(browser, answer={"remember": "on", **answer})


@guards_must
def test_no_code_is_issued_without_a_persons_yes(abel: Client, website: McpClient):
    page = website.ask(abel)
    assert page.status_code == 200
    abel.post("/o/authorize/", yes(page) | {"decision": "deny"})
    abel.post("/o/authorize/", website.question() | {"allow": "Authorize", "decision": "allow"})
    Application.objects.update(skip_authorization=True)
    assert website.ask(abel).status_code == 200
    assert nothing_was_issued()


@guards_must
@pytest.mark.parametrize(
    ("uri", "host"),
    [
        (WEB_REDIRECT, "client.example"),
        (REDIRECT, "this computer (127.0.0.1)"),
        ("https://localhost:8443/callback", "this computer (localhost:8443)"),
        (CURSOR, "an app on this computer (cursor://anysphere.cursor-mcp)"),
    ],
)
def test_no_consent_page_hides_who_asks_for_what_and_where_it_goes(
    abel: Client, uri: str, host: str
):
    text = text_of(McpClient.registered(redirect_uris=[uri]).ask(abel))
    assert "Let Claude Code work in ServiceNow as you?" in text
    assert f"Your answer goes to {host}" in text
    assert "writes" in text
    assert ("Any program on this computer can receive" in text) is (uri != WEB_REDIRECT)


@guards_must
def test_no_other_site_frames_the_page(abel: Client, mcp_client: McpClient):
    for page in (mcp_client.ask(abel), mcp_client.ask(abel, client_id="unknown")):
        assert "frame-ancestors 'none'" in page["Content-Security-Policy"]
        assert page["X-Frame-Options"] == "DENY"
        assert "no-store" in page["Cache-Control"]


@guards_must
def test_no_forged_answer_counts(abel: Client, website: McpClient):
    answer = yes(website.ask(abel))
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = abel.cookies
    assert strict.post("/o/authorize/", answer).status_code == 403
    assert nothing_was_issued()


@guards_must
@pytest.mark.parametrize("second", ["allow", "deny"])
def test_no_answer_counts_twice(abel: Client, website: McpClient, second: str):
    answer = yes(website.ask(abel))
    answers = at_once(
        [
            lambda: abel.post("/o/authorize/", answer),
            lambda: abel.post("/o/authorize/", answer | {"decision": second}),
        ]
    )
    assert sorted(response.status_code for response in answers) == [302, 400]
    assert abel.post("/o/authorize/", answer).status_code == 400
    (sent,) = (response["Location"] for response in answers if response.status_code == 302)
    assert Grant.objects.count() == ("code" in query_of(sent))


def test_two_questions_answered_at_once_make_one_consent(abel: Client, website: McpClient):
    questions = [yes(website.ask(abel, state=state)) for state in ("one", "two", "three")]
    answers = at_once(
        [lambda question=question: abel.post("/o/authorize/", question) for question in questions]
    )
    codes = {code_at(WEB_REDIRECT, response) for response in answers}
    assert len(codes) == 3
    assert ClientGrant.objects.count() == 1
    for code in codes:
        assert website.exchange(code).status_code == 200


@guards_must
def test_no_answer_counts_in_another_browser_or_of_another_person(
    abel: Client, charlie: Client, website: McpClient
):
    answer = yes(website.ask(abel))
    elsewhere = browser_of(Connection.objects.get(user_name="abel.tuter"))
    for browser in (elsewhere, charlie):
        assert is_page_of_ours(browser.post("/o/authorize/", answer))
    assert nothing_was_issued()


@guards_must
def test_no_scope_is_granted_beyond_the_yes(abel: Client, website: McpClient):
    assert website.tokens(abel, answer={"read_only": "on"})["scope"] == "mcp:read"
    page = website.ask(abel, scope="mcp:read")
    forged = yes(page) | {"read_only": "", "scope": "mcp:read mcp:write"}
    code = code_at(WEB_REDIRECT, abel.post("/o/authorize/", forged))
    assert website.exchange(code).json()["scope"] == "mcp:read"


@guards_must
@pytest.mark.parametrize("uri", LOCAL)
def test_no_local_client_is_let_in_unasked(abel: Client, uri: str):
    client = McpClient.registered(redirect_uris=[uri])
    page = client.ask(abel)
    assert 'name="remember"' not in page.content.decode()
    client.code(abel, answer={"remember": "on"})
    assert not ClientGrant.objects.get().is_remembered
    assert client.ask(abel).status_code == 200
    # Not even if a row says otherwise.
    ClientGrant.objects.update(remembered_as="x" * 64)
    assert client.ask(abel).status_code == 200
    Grant.objects.all().delete()
    assert error_at(uri, client.ask(abel, prompt="none")) == "interaction_required"


@guards_must
def test_no_consent_lets_a_client_step_up_unasked(abel: Client, website: McpClient):
    remembered(website, abel, read_only="on", toolsets=["incidents"])
    assert website.ask(abel, scope="mcp:read").status_code == 302
    for scope in ("mcp:read mcp:write", "mcp:write", None):
        assert website.ask(abel, scope=scope).status_code == 200
    Grant.objects.all().delete()
    silent = website.ask(abel, prompt="none")
    assert error_at(WEB_REDIRECT, silent) == "consent_required"


@guards_must
def test_no_page_is_shown_where_none_is_wanted(abel: Client, website: McpClient):
    assert error_at(WEB_REDIRECT, website.ask(Client(), prompt="none")) == "login_required"
    assert error_at(WEB_REDIRECT, website.ask(abel, prompt="none")) == "consent_required"
    Connection.objects.update(state=State.NEEDS_SIGN_IN)
    assert error_at(WEB_REDIRECT, website.ask(abel, prompt="none")) == "login_required"
    Connection.objects.update(state=State.ACTIVE)
    remembered(website, abel)
    assert code_at(WEB_REDIRECT, website.ask(abel, prompt="none"))


@guards_must
@pytest.mark.parametrize("prompt", ["none login", "consent none", "none create x"])
def test_no_prompt_stands_beside_none(abel: Client, website: McpClient, prompt: str):
    assert error_at(WEB_REDIRECT, website.ask(abel, prompt=prompt)) == "invalid_request"


@guards_must
def test_no_silent_error_goes_to_an_address_that_was_not_registered(
    abel: Client, website: McpClient
):
    for browser in (Client(), abel):
        for wrong in (
            {"redirect_uri": "https://evil.example/callback"},
            {"redirect_uri": WEB_REDIRECT + "/other"},
            {"client_id": "unknown"},
            {"client_id": None},
        ):
            assert is_page_of_ours(website.ask(browser, prompt="none", **wrong))


def test_a_consent_ended_at_the_same_moment_issues_no_code(abel: Client, website: McpClient):
    remembered(website, abel)
    grant = ClientGrant.objects.get()
    revoke_grant(grant)
    request = website.ask(abel).wsgi_request
    asked = ClientRequest(
        client_id=website.client_id,
        redirect_uri=WEB_REDIRECT,
        state="",
        scopes=("mcp:read",),
        code_challenge=challenge_of(VERIFIER),
    )
    # `grant` is what was read before it ended.
    assert allow_again(request, asked, grant=grant) is None
    assert not Grant.objects.exists()
