"""The consent page: always asked, only here, only by this person, and never wider than asked."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from oauth2_provider.models import Application
from pytest_django import Settings

from oauth_app.models import ClientGrant, Connection
from oauth_app.models.connections import State
from tests.mcp_app.portal.pages import nothing_was_issued, text_of
from tests.oauth_app.authorization_server.mcp_client import (
    ISSUER,
    WEB_REDIRECT,
    McpClient,
    query_of,
    yes,
)

# --- who is asked ----------------------------------------------------------------------------


def test_somebody_not_signed_in_signs_in_first_and_comes_back_to_the_whole_question(
    mcp_client: McpClient,
):
    response = mcp_client.ask(Client(), state="a&b=c d/ü")
    assert response.status_code == 302
    target = urlsplit(response["Location"])
    assert target.path == "/oauth/authorize"
    (back,) = parse_qs(target.query)["next"]
    assert back.startswith("/o/authorize/?")
    assert query_of(back) == mcp_client.question(state="a&b=c d/ü")


def test_an_operator_with_a_password_is_no_person_and_signs_in_first(
    abel: Client, mcp_client: McpClient
):
    session = abel.session
    del session["connection_id"]
    session.save()
    response = mcp_client.ask(abel)
    assert response["Location"].startswith("/oauth/authorize?next=")


def test_a_person_whose_connection_ended_signs_in_first(abel: Client, mcp_client: McpClient):
    Connection.objects.update(state=State.NEEDS_SIGN_IN)
    target = mcp_client.ask(abel)["Location"]
    assert target.startswith("/oauth/authorize?")
    assert query_of(target)["instance"] == str(Connection.objects.get().instance_id)
    assert query_of(target)["next"].startswith("/o/authorize/?")


# --- what the page says ----------------------------------------------------------------------


def test_the_page_names_client_person_destination_and_tools(abel: Client, mcp_client: McpClient):
    text = text_of(mcp_client.ask(abel))
    assert "Let Claude Code work in ServiceNow as you?" in text
    assert "Nobody has checked it" in text
    assert "this computer (127.0.0.1)" in text
    assert "as Abel Tuter on Demo" in text
    assert "Incidents" in text
    assert "Create incident" in text


def test_a_client_on_this_computer_is_warned_of(abel: Client, mcp_client: McpClient):
    assert "Any program on this computer can receive this answer" in text_of(mcp_client.ask(abel))


def test_an_app_with_its_own_scheme_is_warned_of(abel: Client):
    client = McpClient.registered(redirect_uris=["cursor://anysphere.cursor-mcp/oauth/callback"])
    text = text_of(client.ask(abel))
    assert "Any program on this computer can receive this answer" in text
    assert "an app on this computer (cursor://anysphere.cursor-mcp)" in text


def test_a_website_is_named_by_its_host_without_a_warning(abel: Client):
    text = text_of(McpClient.registered(redirect_uris=[WEB_REDIRECT]).ask(abel))
    assert "Your answer goes to client.example" in text
    assert "Any program on this computer" not in text


def test_only_a_client_identified_by_its_own_document_is_vouched_for(abel: Client):
    Application.objects.create(
        client_id="https://claude.ai/oauth/client",
        name="Claude",
        redirect_uris=WEB_REDIRECT,
        client_type=Application.CLIENT_PUBLIC,
        authorization_grant_type=Application.GRANT_AUTHORIZATION_CODE,
        registration_source=Application.RegistrationSource.CIMD,
    )
    client = McpClient("https://claude.ai/oauth/client", redirect_uri=WEB_REDIRECT)
    text = text_of(client.ask(abel))
    assert "Vouched for by claude.ai" in text
    assert "Nobody has checked" not in text


def test_the_name_of_a_client_is_only_ever_text(abel: Client, mcp_client: McpClient):
    Application.objects.update(name="<script>alert(1)</script>\u202e ServiceNow")
    page = mcp_client.ask(abel).content.decode()
    assert "<script>alert" not in page
    assert "\u202e" not in page


def test_a_client_without_a_name_is_called_so(abel: Client, mcp_client: McpClient):
    Application.objects.update(name="\u200b")
    assert "A client without a name" in text_of(mcp_client.ask(abel))


def test_deny_is_as_prominent_as_allow(abel: Client, mcp_client: McpClient):
    page = mcp_client.ask(abel).content.decode()
    buttons = re.findall(r'<button class="([^"]+)" name="decision" value="(\w+)"', page)
    assert [value for _, value in buttons] == ["deny", "allow"]
    assert len({style for style, _ in buttons}) == 1


def test_read_only_comes_before_the_tools(abel: Client, mcp_client: McpClient):
    page = mcp_client.ask(abel).content.decode()
    assert page.index('name="read_only"') < page.index('name="toolsets"')


# --- what the browser is told ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("redirect_uri", "source"),
    [
        ("https://client.example/callback", "https://client.example"),
        ("https://client.example:8443/callback", "https://client.example:8443"),
        ("http://127.0.0.1:33418/callback", "http://127.0.0.1:33418"),
        ("http://[::1]:33418/callback", "http:"),
        ("cursor://anysphere.cursor-mcp/oauth/callback", "cursor:"),
    ],
)
def test_the_way_back_is_open_to_the_validated_destination_alone(
    abel: Client, redirect_uri: str, source: str
):
    response = McpClient.registered(redirect_uris=[redirect_uri]).ask(abel)
    policy = response["Content-Security-Policy"]
    directives = dict(part.strip().split(" ", 1) for part in policy.split(";"))
    assert directives["form-action"] == f"'self' {source}"
    assert directives["frame-ancestors"] == "'none'"
    assert "unsafe-inline" not in policy
    assert response["X-Frame-Options"] == "DENY"


def test_other_pages_stay_closed(abel: Client, mcp_client: McpClient):
    mcp_client.ask(abel)
    assert "form-action 'self';" in abel.get("/connection")["Content-Security-Policy"] + ";"


def test_the_page_is_kept_nowhere(abel: Client, mcp_client: McpClient):
    assert "no-store" in mcp_client.ask(abel)["Cache-Control"]


# --- the answer ------------------------------------------------------------------------------


def test_yes_sends_a_code_with_state_and_issuer(abel: Client, mcp_client: McpClient):
    response = abel.post("/o/authorize/", yes(mcp_client.ask(abel)))
    answer = query_of(response["Location"])
    assert answer["code"]
    assert answer["state"] == "st-1"
    assert answer["iss"] == ISSUER
    assert "error" not in answer


def test_no_sends_access_denied_with_state_and_issuer(abel: Client, mcp_client: McpClient):
    page = mcp_client.ask(abel)
    response = abel.post("/o/authorize/", yes(page) | {"decision": "deny"})
    answer = query_of(response["Location"])
    assert answer["error"] == "access_denied"
    assert answer["state"] == "st-1"
    assert answer["iss"] == ISSUER
    assert nothing_was_issued()


def test_a_client_without_state_gets_none_back(abel: Client, mcp_client: McpClient):
    page = mcp_client.ask(abel, state=None)
    assert "state" not in query_of(
        abel.post("/o/authorize/", yes(page) | {"decision": "deny"})["Location"]
    )
    page = mcp_client.ask(abel, state=None)
    assert "state" not in query_of(abel.post("/o/authorize/", yes(page))["Location"])


def test_a_redirect_with_a_query_of_its_own_keeps_it(abel: Client):
    client = McpClient.registered(redirect_uris=[WEB_REDIRECT + "?tenant=1"])
    page = client.ask(abel)
    answer = query_of(abel.post("/o/authorize/", yes(page) | {"decision": "deny"})["Location"])
    assert answer["tenant"] == "1"
    assert answer["error"] == "access_denied"


def test_an_answer_that_is_neither_yes_nor_no_is_nothing(abel: Client, mcp_client: McpClient):
    page = mcp_client.ask(abel)
    response = abel.post("/o/authorize/", yes(page) | {"decision": "perhaps"})
    assert response.status_code == 400
    assert nothing_was_issued()


def test_a_yes_to_no_tools_asks_again_and_the_second_answer_counts(
    abel: Client, mcp_client: McpClient
):
    page = mcp_client.ask(abel)
    again = abel.post("/o/authorize/", yes(page) | {"toolsets": []})
    assert again.status_code == 400
    assert "Choose at least one" in text_of(again)
    assert "http://127.0.0.1:33418" in again["Content-Security-Policy"]
    assert nothing_was_issued()
    chosen = yes(again) | {"toolsets": ["people"]}
    assert "code" in query_of(abel.post("/o/authorize/", chosen)["Location"])
    assert ClientGrant.objects.get().toolsets == ["people"]


def test_a_toolset_that_does_not_exist_cannot_be_allowed(abel: Client, mcp_client: McpClient):
    page = mcp_client.ask(abel)
    response = abel.post("/o/authorize/", yes(page) | {"toolsets": ["everything"]})
    assert response.status_code == 400
    assert nothing_was_issued()


def test_the_consent_is_recorded_as_it_was_given(abel: Client, mcp_client: McpClient):
    mcp_client.code(abel, answer={"toolsets": ["incidents"], "read_only": "on"})
    grant = ClientGrant.objects.get()
    assert grant.user.username == "abel.tuter"
    assert grant.application.client_id == mcp_client.client_id
    assert grant.redirect_host == "127.0.0.1"
    assert grant.access == "read"
    assert grant.asked_access == "write"
    assert grant.toolsets == ["incidents"]


# --- narrowing -------------------------------------------------------------------------------


def test_read_only_takes_the_write_scope_away(abel: Client, mcp_client: McpClient):
    tokens = mcp_client.tokens(abel, answer={"read_only": "on"})
    assert tokens["scope"] == "mcp:read"


def test_a_client_that_asked_to_read_cannot_be_given_more(abel: Client, mcp_client: McpClient):
    page = mcp_client.ask(abel, scope="mcp:read")
    assert "It asked for no more than this" in text_of(page)
    assert re.search(r'name="read_only" value="on" checked disabled', page.content.decode())
    response = abel.post("/o/authorize/", {**yes(page), "read_only": ""})
    tokens = mcp_client.exchange(query_of(response["Location"])["code"]).json()
    assert tokens["scope"] == "mcp:read"
    assert ClientGrant.objects.get().access == "read"


def test_a_server_that_is_read_only_gives_nothing_else(
    abel: Client, mcp_client: McpClient, settings: Settings
):
    settings.READ_ONLY = True
    page = mcp_client.ask(abel)
    assert "This server changes nothing" in text_of(page)
    assert "writes" not in text_of(page)
    tokens = mcp_client.tokens(abel)
    assert tokens["scope"] == "mcp:read"


def test_the_form_cannot_change_what_was_asked(abel: Client, mcp_client: McpClient):
    page = mcp_client.ask(abel, scope="mcp:read")
    forged = yes(page) | {
        "scope": "mcp:read mcp:write",
        "redirect_uri": "https://evil.example/cb",
        "client_id": "other",
        "code_challenge": "x" * 43,
        "resource": "https://evil.example/mcp",
    }
    response = abel.post("/o/authorize/", forged)
    assert response["Location"].startswith("http://127.0.0.1:33418/callback?")
    code = query_of(response["Location"])["code"]
    assert mcp_client.exchange(code).json()["scope"] == "mcp:read"
