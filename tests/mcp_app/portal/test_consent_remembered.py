"""A consent that the person wants remembered answers only what the page would say again."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.test import Client
from django.utils import timezone
from oauth2_provider.models import Application, Grant
from pytest_django import Settings

from mcp_app.portal.standing_consents import what_was_read
from mcp_app.portal.toolset_choices import toolset_choices
from oauth_app.authorization_server.codes import allow
from oauth_app.authorization_server.grants import revoke_grant
from oauth_app.authorization_server.requests import ClientRequest
from oauth_app.models import ClientGrant, Connection, User
from oauth_app.models.connections import State
from tests.mcp_app.portal.pages import text_of
from tests.oauth_app.authorization_server.authorization_answers import code_at, error_at
from tests.oauth_app.authorization_server.mcp_client import (
    MCP,
    REDIRECT,
    VERIFIER,
    WEB_REDIRECT,
    McpClient,
    challenge_of,
    yes,
)
from tests.oauth_app.authorization_server.test_url_identified_clients import DOCUMENT, Documents
from tests.support.operators import superuser
from tools_app.models import ToolsetGrant, ToolSetting

CLIENTS = "/connection/clients"
CURSOR = "cursor://anysphere.cursor-mcp/oauth/callback"
ELSEWHERE = "https://elsewhere.example/callback"


@pytest.fixture
def website(db: None) -> McpClient:
    return McpClient.registered(redirect_uris=[WEB_REDIRECT])


def let_in(client: McpClient, browser: Client, **answer: Any) -> dict[str, Any]:
    return client.tokens(browser, answer={"remember": "on", **answer})


def is_asked(client: McpClient, browser: Client, **changed: Any) -> bool:
    before = Grant.objects.count()
    response = client.ask(browser, **changed)
    if response.status_code == 200:
        assert Grant.objects.count() == before
        return True
    assert code_at(client.redirect_uri, response)
    return False


# --- the person's choice ---------------------------------------------------------------------


def test_nothing_is_remembered_unless_the_person_says_so(abel: Client, website: McpClient):
    page = website.ask(abel).content.decode()
    assert re.search(r'name="remember" value="on">', page)
    website.tokens(abel)
    assert not ClientGrant.objects.get().is_remembered
    assert is_asked(website, abel)


def test_a_remembered_client_gets_its_code_without_a_question(abel: Client, website: McpClient):
    let_in(website, abel, toolsets=["incidents"])
    response = website.ask(abel, state="again")
    tokens = website.exchange(code_at(WEB_REDIRECT, response)).json()
    assert tokens["scope"] == "mcp:read mcp:write"
    grant = ClientGrant.objects.get()
    assert grant.toolsets == ["incidents"]
    assert grant.granted_tokens.count() == 2


def test_less_than_was_allowed_needs_no_question_and_narrows_nothing(
    abel: Client, website: McpClient
):
    let_in(website, abel)
    response = website.ask(abel, scope="mcp:read")
    assert website.exchange(code_at(WEB_REDIRECT, response)).json()["scope"] == "mcp:read"
    assert ClientGrant.objects.get().access == "write"
    assert not is_asked(website, abel)


def test_the_next_page_starts_with_what_was_chosen(abel: Client, website: McpClient):
    let_in(website, abel)
    page = website.ask(abel, prompt="consent")
    assert re.search(r'name="remember" value="on" checked>', page.content.decode())
    website.code(abel, prompt="consent", answer={})
    assert not ClientGrant.objects.get().is_remembered


def test_a_no_later_forgets_nothing_and_gives_nothing(abel: Client, website: McpClient):
    let_in(website, abel)
    page = website.ask(abel, prompt="consent")
    response = abel.post("/o/authorize/", yes(page) | {"decision": "deny"})
    assert error_at(WEB_REDIRECT, response) == "access_denied"
    assert not is_asked(website, abel)


# --- asked all the same ----------------------------------------------------------------------


@pytest.mark.parametrize("prompt", ["consent", "login", "select_account", "create", "consent x"])
def test_a_client_that_wants_a_page_gets_it(abel: Client, website: McpClient, prompt: str):
    let_in(website, abel)
    assert is_asked(website, abel, prompt=prompt)


def test_somebody_else_is_asked(abel: Client, beth: Client, website: McpClient):
    let_in(website, abel)
    assert is_asked(website, beth)
    assert not is_asked(website, abel)


def test_another_client_is_asked_about_even_of_the_same_name_and_address(
    abel: Client, website: McpClient
):
    let_in(website, abel)
    assert is_asked(McpClient.registered(redirect_uris=[WEB_REDIRECT]), abel)


def test_another_address_of_the_client_is_asked_about(abel: Client):
    client = McpClient.registered(redirect_uris=[WEB_REDIRECT, ELSEWHERE])
    let_in(client, abel)
    assert is_asked(client, abel, redirect_uri=ELSEWHERE)
    assert not is_asked(client, abel)


def test_another_page_at_the_same_address_is_not_asked_about(abel: Client):
    client = McpClient.registered(redirect_uris=[WEB_REDIRECT, WEB_REDIRECT + "/second"])
    let_in(client, abel)
    assert not is_asked(client, abel, redirect_uri=WEB_REDIRECT + "/second")


def test_more_scope_is_asked_about(abel: Client, website: McpClient):
    page = website.ask(abel, scope="mcp:read")
    abel.post("/o/authorize/", yes(page) | {"remember": "on"})
    assert not is_asked(website, abel, scope="mcp:read")
    assert is_asked(website, abel)


def test_what_the_person_narrowed_is_asked_about(abel: Client, website: McpClient):
    let_in(website, abel, read_only="on")
    assert is_asked(website, abel)
    assert not is_asked(website, abel, scope="mcp:read")


def test_another_resource_is_asked_about(abel: Client, website: McpClient):
    let_in(website, abel)
    assert is_asked(website, abel, resource=MCP + "/servicenow")


def test_an_ended_consent_is_asked_about(abel: Client, website: McpClient):
    let_in(website, abel)
    revoke_grant(ClientGrant.objects.get())
    assert is_asked(website, abel)


def test_a_client_that_gave_its_token_back_is_asked_about(abel: Client, website: McpClient):
    tokens = let_in(website, abel)
    body = {"client_id": website.client_id, "token": tokens["refresh_token"]}
    assert website.web.post("/o/revoke_token/", body).status_code == 200
    assert is_asked(website, abel)


def test_a_client_whose_refresh_token_was_used_twice_is_asked_about(
    abel: Client, website: McpClient
):
    tokens = let_in(website, abel)
    another = website.exchange(code_at(WEB_REDIRECT, website.ask(abel))).json()
    renewed = website.refresh(tokens["refresh_token"]).json()
    website.refresh(renewed["refresh_token"])
    assert website.refresh(tokens["refresh_token"]).status_code == 400
    assert website.refresh(another["refresh_token"]).status_code == 200
    assert is_asked(website, abel)


def test_a_person_without_an_active_connection_signs_in_first(abel: Client, website: McpClient):
    let_in(website, abel)
    for state in (State.NEEDS_SIGN_IN, State.DISCONNECTED):
        Connection.objects.update(state=state)
        assert website.ask(abel)["Location"].startswith("/oauth/authorize?")
    assert website.ask(Client())["Location"].startswith("/oauth/authorize?")
    User.objects.update(is_active=False)
    assert website.ask(abel)["Location"].startswith("/oauth/authorize?")


@pytest.mark.parametrize("noted", ["created_at", "last_used_at"])
def test_a_client_that_was_away_longer_than_its_tokens_live_is_asked_about(
    abel: Client, website: McpClient, settings: Settings, noted: str
):
    let_in(website, abel)
    life = timedelta(seconds=settings.MCP_REFRESH_TOKEN_TTL)
    ClientGrant.objects.update(**{noted: timezone.now() - life + timedelta(minutes=1)})
    assert not is_asked(website, abel)
    ClientGrant.objects.update(**{noted: timezone.now() - life})
    assert is_asked(website, abel)


@pytest.mark.parametrize(
    "changed",
    [
        {"name": "Another name"},
        {"redirect_uris": f"{WEB_REDIRECT} {ELSEWHERE}"},
        {"client_type": Application.CLIENT_CONFIDENTIAL},
    ],
)
def test_a_client_that_describes_itself_differently_is_asked_about(
    abel: Client, website: McpClient, changed: dict[str, str]
):
    let_in(website, abel)
    Application.objects.update(**changed)
    assert is_asked(website, abel)


def test_a_registration_replaced_by_its_client_is_asked_about(abel: Client):
    web = Client()
    metadata = {"redirect_uris": [WEB_REDIRECT], "token_endpoint_auth_method": "none"}
    made = web.post("/o/register/", metadata, content_type="application/json").json()
    client = McpClient(made["client_id"], redirect_uri=WEB_REDIRECT)
    let_in(client, abel)
    replaced = web.put(
        f"/o/register/{client.client_id}/",
        metadata | {"client_name": "Claude"},
        content_type="application/json",
        headers={"authorization": f"Bearer {made['registration_access_token']}"},
    )
    assert replaced.status_code == 200
    assert is_asked(client, abel)


@pytest.mark.parametrize(
    "changed", [{"client_name": "Other"}, {"redirect_uris": [WEB_REDIRECT, ELSEWHERE]}]
)
def test_a_document_that_changed_is_asked_about(
    abel: Client, settings: Settings, changed: dict[str, Any]
):
    settings.OAUTH2_PROVIDER = django_settings.OAUTH2_PROVIDER | {
        "CIMD_METADATA_FETCHER": f"{Documents.__module__}.Documents"
    }
    Documents.published = {
        "client_id": DOCUMENT,
        "client_name": "Claude",
        "redirect_uris": [WEB_REDIRECT],
        "token_endpoint_auth_method": "none",
    }
    client = McpClient(DOCUMENT, redirect_uri=WEB_REDIRECT)
    let_in(client, abel)
    Application.objects.update(cimd_expires_at=timezone.now())
    assert not is_asked(client, abel)
    Documents.published |= changed
    Application.objects.update(cimd_expires_at=timezone.now())
    assert is_asked(client, abel)


@pytest.mark.parametrize("uri", [REDIRECT, "https://localhost:8443/callback", CURSOR])
def test_of_a_client_on_this_computer_nothing_is_remembered_whatever_a_row_says(
    abel: Client, uri: str
):
    client = McpClient.registered(redirect_uris=[uri])
    page = client.ask(abel)
    connection = Connection.objects.get()
    asked = ClientRequest(client.client_id, uri, "", ("mcp:read",), challenge_of(VERIFIER))
    offered = toolset_choices(connection)
    read = what_was_read(asked, application=asked.application(), access="read", toolsets=offered)
    names = [choice.name for choice in offered]
    allow(
        page.wsgi_request,
        asked,
        user=connection.user,
        access="read",
        toolsets=names,
        remembered_as=read,
    )
    assert ClientGrant.objects.get().remembered_as == ""
    ClientGrant.objects.update(remembered_as=read)
    assert is_asked(client, abel, scope="mcp:read")


# --- what the operator changed ---------------------------------------------------------------


def test_a_server_that_became_read_only_is_asked_about(
    abel: Client, website: McpClient, settings: Settings
):
    let_in(website, abel)
    settings.READ_ONLY = True
    assert is_asked(website, abel)


@pytest.mark.parametrize("reach", [ToolsetGrant.Reach.OFF, ToolsetGrant.Reach.READ])
def test_a_toolset_that_the_operator_narrowed_is_asked_about(
    abel: Client, website: McpClient, reach: ToolsetGrant.Reach
):
    let_in(website, abel)
    ToolsetGrant.objects.create(toolset="incidents", reach=reach)
    assert is_asked(website, abel)


def test_a_tool_that_the_operator_gave_since_is_asked_about(abel: Client, website: McpClient):
    setting = ToolSetting.objects.create(tool="create_incident", is_on=False)
    let_in(website, abel)
    assert not is_asked(website, abel)
    setting.delete()
    assert is_asked(website, abel)


def test_what_happens_to_a_toolset_that_was_not_allowed_is_no_matter(
    abel: Client, website: McpClient
):
    let_in(website, abel, toolsets=["people"])
    ToolsetGrant.objects.create(toolset="incidents", reach=ToolsetGrant.Reach.OFF)
    assert not is_asked(website, abel)


# --- seen and forgotten ----------------------------------------------------------------------


def test_a_remembered_client_is_shown_as_such_also_without_a_token(
    abel: Client, website: McpClient
):
    website.code(abel, answer={"remember": "on"})
    Grant.objects.all().delete()
    assert "Not asked again" in text_of(abel.get(CLIENTS))


def test_a_person_may_want_to_be_asked_again(abel: Client, charlie: Client, website: McpClient):
    tokens = let_in(website, abel)
    form = {"action": "ask", "id": ClientGrant.objects.get().pk}
    assert charlie.post(CLIENTS, form).status_code == 404
    assert not is_asked(website, abel)
    page = abel.post(CLIENTS, form, follow=True)
    assert "You are asked again the next time." in text_of(page)
    assert "Not asked again" not in text_of(page)
    assert is_asked(website, abel)
    assert website.refresh(tokens["refresh_token"]).status_code == 200


def test_a_disconnected_client_is_forgotten(abel: Client, website: McpClient):
    let_in(website, abel)
    abel.post(CLIENTS, {"action": "all"})
    assert ClientGrant.objects.get().remembered_as == ""
    assert "No client is connected" in text_of(abel.get(CLIENTS))
    assert is_asked(website, abel)


def test_an_operator_sees_what_is_remembered(abel: Client, website: McpClient):
    let_in(website, abel)
    grant = ClientGrant.objects.get()
    page = superuser().get(f"/admin/oauth_app/clientgrant/{grant.pk}/change/").content.decode()
    assert "not asked again" in page.lower()
    assert grant.remembered_as not in page
