"""Clients that an operator registers by hand: a secret once, and never anybody's token."""

import pytest
from django.http import HttpResponse
from django.test import Client
from oauth2_provider.models import Application

from oauth_app.authorization_server.verification import verify_access_token
from oauth_app.models import ClientGrant, ManualClient
from oauth_app.revocations import on_revocation
from tests.oauth_app.authorization_server.mcp_client import MCP, McpClient
from tests.oauth_app.authorization_server.people import browser_of, connected_person
from tests.oauth_app.authorization_server.service_principals import ServicePrincipal
from tests.support.operators import operator_with, superuser

LIST = "/admin/oauth_app/manualclient/"
REDIRECT = "https://acme.service-now.com/oauth_redirect.do"
NEW = {"name": "ServiceNow of Acme", "client_type": "confidential", "redirect_uris": REDIRECT}


@pytest.fixture
def operator(db: None) -> Client:
    """An operator who may register clients and nothing else."""
    return operator_with(*(f"{verb}_manualclient" for verb in ("view", "add", "change", "delete")))


@pytest.fixture
def abel(db: None) -> Client:
    return browser_of(connected_person("abel.tuter", "Abel Tuter"))


def registered(operator: Client, **changed: str) -> McpClient:
    page = operator.post(f"{LIST}add/", NEW | changed)
    assert page.status_code == 200, page.content.decode()
    rows = {str(name): text for name, text in page.context["rows"]}
    return McpClient(rows["Client ID"], rows.get("Client secret", ""), REDIRECT)


def chosen(operator: Client, action: str, *clients: ManualClient) -> HttpResponse:
    form = {"action": action, "_selected_action": [client.pk for client in clients]}
    return operator.post(LIST, form)


def test_a_client_gets_an_id_and_a_secret_that_are_shown_once(operator: Client):
    client = registered(operator)
    stored = ManualClient.objects.get()
    assert (stored.client_id, stored.name) == (client.client_id, "ServiceNow of Acme")
    assert client.client_secret
    assert client.client_secret not in stored.client_secret
    for address in (LIST, f"{LIST}{stored.pk}/change/", f"{LIST}{stored.pk}/history/"):
        page = operator.get(address).content.decode()
        assert client.client_secret not in page
        assert stored.client_secret not in page


def test_the_page_with_the_secret_is_kept_nowhere_and_says_what_the_client_needs(operator: Client):
    page = operator.post(f"{LIST}add/", NEW)
    assert "no-store" in page["Cache-Control"]
    for text in ("/o/authorize/", "/o/token/", "/o/revoke_token/", "mcp:read,mcp:write"):
        assert text in page.content.decode()
    assert f"{MCP}/servicenow" in page.content.decode()


def test_it_asks_each_person_and_then_works_as_they_do(operator: Client, abel: Client):
    client = registered(operator)
    page = client.ask(abel)
    assert "ServiceNow of Acme" in page.content.decode()
    assert "Whoever runs this server has registered it" in page.content.decode()
    assert "Nobody has checked it" not in page.content.decode()
    code = client.code(abel, scope="mcp:read,mcp:write")
    tokens = client.exchange(code, client_secret=client.client_secret).json()
    assert tokens["scope"] == "mcp:read mcp:write"
    found = verify_access_token(tokens["access_token"], resource=MCP)
    assert found is not None
    assert (found.user.username, found.service_client) == ("abel.tuter", None)
    refresh = {"client_secret": client.client_secret, "scope": "mcp:read,mcp:write"}
    renewed = client.refresh(tokens["refresh_token"], **refresh).json()
    assert renewed["scope"] == "mcp:read mcp:write"
    wider = client.refresh(renewed["refresh_token"], **refresh | {"scope": "mcp:read,admin"})
    assert (wider.status_code, wider.json()["error"]) == (400, "invalid_scope")


def test_a_confidential_client_must_authenticate(operator: Client, abel: Client):
    client = registered(operator)
    for secret in (None, "", "wrong"):
        answer = client.exchange(client.code(abel), client_secret=secret)
        assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


def test_a_public_client_has_no_secret(operator: Client, abel: Client):
    client = registered(operator, client_type="public")
    assert client.client_secret == ""
    assert client.exchange(client.code(abel)).status_code == 200


def test_it_has_no_client_credentials(operator: Client):
    client = registered(operator)
    answer = client.token(grant_type="client_credentials", client_secret=client.client_secret)
    assert answer.json()["error"] == "unauthorized_client"


@pytest.mark.parametrize(
    ("uris", "why"),
    [
        ("http://acme.example/callback", "https"),
        (f"{REDIRECT}#x", "fragment"),
        ("javascript:alert(1)", "known client"),
        (f"{REDIRECT}\nhttps://user@evil.example/", "plain host"),
        (" \n ", "required"),
        ("\n".join(f"{REDIRECT}?n={number}" for number in range(11)), "At most 10"),
    ],
)
def test_redirects_are_held_to_the_policy_and_the_field_says_why(
    operator: Client, uris: str, why: str
):
    page = operator.post(f"{LIST}add/", NEW | {"redirect_uris": uris})
    [sentence, *_] = page.context["adminform"].form.errors["redirect_uris"]
    assert why in sentence
    assert not ManualClient.objects.exists()


@pytest.mark.parametrize("name", ["", " ", "\u202e\u200b"])
def test_a_client_needs_a_name_that_can_be_seen(operator: Client, name: str):
    page = operator.post(f"{LIST}add/", NEW | {"name": name})
    assert page.context["adminform"].form.errors["name"]


def test_another_secret_ends_the_present_one_and_leaves_the_consents(
    operator: Client, abel: Client
):
    client = registered(operator)
    code = client.code(abel)
    page = chosen(operator, "replace_secret", ManualClient.objects.get())
    secret = dict(page.context["rows"])["Client secret"]
    assert secret != client.client_secret
    assert client.exchange(code, client_secret=client.client_secret).status_code == 401
    assert client.exchange(client.code(abel), client_secret=secret).status_code == 200
    log = operator.get(f"{LIST}{ManualClient.objects.get().pk}/history/").content.decode()
    assert "Replaced the secret" in log
    assert secret not in log


def test_a_secret_is_replaced_for_one_confidential_client_at_a_time(operator: Client):
    registered(operator)
    registered(operator, client_type="public")
    before = set(ManualClient.objects.values_list("client_secret"))
    assert chosen(operator, "replace_secret", *ManualClient.objects.all()).status_code == 302
    public = ManualClient.objects.get(client_type="public")
    assert chosen(operator, "replace_secret", public).status_code == 302
    assert set(ManualClient.objects.values_list("client_secret")) == before


def test_its_addresses_can_be_changed_and_its_kind_and_secret_stay(operator: Client):
    registered(operator)
    before = ManualClient.objects.get()
    changed = {"name": "Renamed", "redirect_uris": f"{REDIRECT}\n{REDIRECT}?b=1"}
    answer = operator.post(f"{LIST}{before.pk}/change/", changed | {"client_type": "public"})
    assert answer.status_code == 302
    after = ManualClient.objects.get()
    assert after.redirect_uris == f"{REDIRECT} {REDIRECT}?b=1"
    assert (after.name, after.client_type) == ("Renamed", "confidential")
    assert after.client_secret == before.client_secret


def test_removing_it_ends_its_tokens(operator: Client, abel: Client):
    client = registered(operator)
    code = client.code(abel)
    token = client.exchange(code, client_secret=client.client_secret).json()["access_token"]
    told: list[bool] = []
    on_revocation(lambda: told.append(True))
    row = f"{LIST}{ManualClient.objects.get().pk}/delete/"
    assert operator.get(row).status_code == 200
    assert operator.post(row, {"post": "yes"}).status_code == 302
    assert verify_access_token(token, resource=MCP) is None
    assert told
    assert not ClientGrant.objects.exists()
    assert client.ask(abel).status_code == 400


def test_several_are_removed_at_once(operator: Client):
    registered(operator)
    registered(operator)
    form = {"action": "delete_selected", "_selected_action": [1, 2], "post": "yes"}
    form["_selected_action"] = list(ManualClient.objects.values_list("pk", flat=True))
    operator.post(LIST, form)
    assert not ManualClient.objects.exists()


def test_clients_of_other_origins_are_not_for_the_operator_to_change(operator: Client, db: None):
    McpClient.registered()
    ServicePrincipal.made_by(connected_person("beth.anglin", "Beth Anglin"))
    assert not ManualClient.objects.exists()
    for pk in Application.objects.values_list("pk", flat=True):
        for page in ("change", "delete"):
            answer = operator.post(f"{LIST}{pk}/{page}/", {"post": "yes", **NEW})
            assert answer.status_code == 302
    assert Application.objects.count() == 2


def test_an_operator_who_may_only_look_registers_and_removes_nothing(db: None):
    registered(superuser())
    client = ManualClient.objects.get()
    looking = operator_with("view_manualclient")
    assert looking.post(f"{LIST}add/", NEW).status_code == 403
    assert looking.post(f"{LIST}{client.pk}/delete/", {"post": "yes"}).status_code == 403
    chosen(looking, "replace_secret", client)
    assert ManualClient.objects.get().client_secret == client.client_secret


def test_charlie_has_no_admin(db: None):
    charlie = browser_of(connected_person("charlie.whitherspoon", "Charlie Whitherspoon"))
    assert charlie.post(f"{LIST}add/", NEW).status_code == 302
    assert not ManualClient.objects.exists()
