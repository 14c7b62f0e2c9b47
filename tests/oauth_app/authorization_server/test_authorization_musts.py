"""What the specifications forbid at the authorization endpoint: its requests and its answers."""

from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from oauth_app.authorization_server.requests import MOST_STATE
from oauth_app.models import ConsentQuestion
from tests.oauth_app.authorization_server.authorization_answers import (
    code_at,
    error_at,
    is_page_of_ours,
)
from tests.oauth_app.authorization_server.mcp_client import (
    ISSUER,
    MCP,
    REDIRECT,
    WEB_REDIRECT,
    McpClient,
    challenge_of,
    query_of,
    yes,
)
from tests.oauth_app.authorization_server.musts import guards
from tests.oauth_app.authorization_server.musts_of_authorization import AUTHORIZATION_MUSTS

guards_must = guards(AUTHORIZATION_MUSTS)
EVIL = "https://evil.example/callback"


def answered(browser: Client, page: HttpResponse, **answer: Any) -> HttpResponse:
    return browser.post("/o/authorize/", yes(page) | answer)


# --- the request -----------------------------------------------------------------------------


@guards_must
@pytest.mark.parametrize(
    ("name", "second"),
    [
        ("response_type", "code"),
        ("scope", "mcp:read"),
        ("code_challenge", challenge_of("another")),
        ("code_challenge_method", "plain"),
        ("response_mode", "query"),
        ("prompt", "consent"),
        ("never_heard_of", "x"),
    ],
)
def test_a_repeated_parameter_is_refused(
    abel: Client, mcp_client: McpClient, name: str, second: str
):
    twice = [mcp_client.question().get(name, "x"), second]
    assert error_at(REDIRECT, mcp_client.ask(abel, **{name: twice})) == "invalid_request"


def test_a_state_given_twice_is_not_echoed(abel: Client, mcp_client: McpClient):
    response = mcp_client.ask(abel, state=["one", "two"])
    assert error_at(REDIRECT, response, state=None) == "invalid_request"


@pytest.mark.parametrize("name", ["client_id", "redirect_uri"])
def test_where_client_or_address_are_given_twice_nobody_is_told(
    abel: Client, mcp_client: McpClient, name: str
):
    once = mcp_client.question()[name]
    for twice in ([once, once], [once, "other"], ["other", once]):
        assert is_page_of_ours(mcp_client.ask(abel, **{name: twice}))


def test_two_resources_of_ours_may_be_named(abel: Client, mcp_client: McpClient):
    assert mcp_client.ask(abel, resource=[MCP, MCP + "/"]).status_code == 200


@guards_must
def test_a_parameter_without_a_value_counts_as_left_out(abel: Client, mcp_client: McpClient):
    for name in ("redirect_uri", "scope", "state", "resource", "request", "prompt"):
        assert mcp_client.ask(abel, **{name: ""}).status_code == 200
    for name in ("response_type", "code_challenge", "code_challenge_method"):
        assert error_at(REDIRECT, mcp_client.ask(abel, **{name: ""})) == "invalid_request"
    assert is_page_of_ours(mcp_client.ask(abel, client_id=""))
    response = answered(abel, mcp_client.ask(abel, state=""))
    assert "state" not in query_of(response["Location"])


@guards_must
def test_a_parameter_nobody_knows_changes_nothing(abel: Client, mcp_client: McpClient):
    others = {"user": "admin", "audience": EVIL, "claims": "{}", "max_age": "0", "dpop_jkt": "x"}
    page = mcp_client.ask(abel, **others)
    tokens = mcp_client.exchange(code_at(REDIRECT, answered(abel, page))).json()
    assert tokens["scope"] == "mcp:read mcp:write"


@guards_must
@pytest.mark.parametrize(
    "kind", [None, "token", "id_token", "code token", "code id_token", "none", "CODE", "codes"]
)
def test_no_response_type_but_code_is_served(abel: Client, mcp_client: McpClient, kind: str | None):
    error = error_at(REDIRECT, mcp_client.ask(abel, response_type=kind))
    assert error in {"invalid_request", "unauthorized_client", "unsupported_response_type"}


@guards_must
def test_no_request_without_pkce_gets_a_code(abel: Client, mcp_client: McpClient):
    response = mcp_client.ask(abel, code_challenge=None, code_challenge_method=None)
    assert error_at(REDIRECT, response) == "invalid_request"
    confidential = McpClient.registered(token_endpoint_auth_method="client_secret_basic")
    response = confidential.ask(abel, code_challenge=None)
    assert error_at(REDIRECT, response) == "invalid_request"


@guards_must
@pytest.mark.parametrize(
    ("method", "challenge"),
    [
        ("plain", "a-verifier-of-43-to-128-characters-0123456789"),
        (None, challenge_of("x")),
        ("s256", challenge_of("x")),
        ("S512", challenge_of("x")),
        ("S256", challenge_of("x")[:-1]),
        ("S256", challenge_of("x") + "A"),
        ("S256", challenge_of("x") + "="),
        ("S256", challenge_of("x")[:-1] + "+"),
        ("S256", challenge_of("x")[:-1] + "\n"),
        ("S256", "\u00e4" * 43),
        ("S256", "x" * 200),
    ],
)
def test_no_challenge_but_that_of_s256_is_taken(
    abel: Client, mcp_client: McpClient, method: str | None, challenge: str
):
    response = mcp_client.ask(abel, code_challenge=challenge, code_challenge_method=method)
    assert error_at(REDIRECT, response) == "invalid_request"


@guards_must
@pytest.mark.parametrize(
    "resource",
    [
        "https://other.example/mcp",
        ISSUER,
        MCP + "/other",
        MCP + "?x=1",
        MCP + "#fragment",
        "http://localhost:8080/MCP",
        "http://localhost:8080/api",
        "http://user@localhost:8080/mcp",
        "https://localhost:8080/mcp",
        "http://localhost.:8080/mcp",
        "/mcp",
        "not an address",
        "http://[broken",
    ],
)
def test_no_foreign_resource_is_served(abel: Client, mcp_client: McpClient, resource: str):
    for asked in (resource, [MCP, resource], [resource, MCP]):
        assert error_at(REDIRECT, mcp_client.ask(abel, resource=asked)) == "invalid_target"


@guards_must
@pytest.mark.parametrize(
    "scope", ["openid admin", "mcp:", "MCP:READ", "mcp:read+mcp:write", "mcp:read;x", "\u00fc", "*"]
)
def test_no_scope_that_is_unknown_is_granted(abel: Client, mcp_client: McpClient, scope: str):
    assert error_at(REDIRECT, mcp_client.ask(abel, scope=scope)) == "invalid_scope"


@pytest.mark.parametrize(
    ("asked", "granted"),
    [
        ("mcp:write mcp:read", "mcp:read mcp:write"),
        ("mcp:write", "mcp:read mcp:write"),
        ("mcp:read  mcp:read", "mcp:read"),
        ("offline_access mcp:read openid", "mcp:read"),
        (None, "mcp:read mcp:write"),
    ],
)
def test_the_order_of_scopes_means_nothing_and_writing_takes_in_reading(
    abel: Client, mcp_client: McpClient, asked: str | None, granted: str
):
    assert mcp_client.tokens(abel, scope=asked)["scope"] == granted


@guards_must
@pytest.mark.parametrize("name", ["request", "request_uri", "registration"])
def test_no_request_object_is_read(abel: Client, mcp_client: McpClient, name: str):
    error = error_at(REDIRECT, mcp_client.ask(abel, **{name: "https://evil.example/request.jwt"}))
    assert error == f"{name}_not_supported"


@guards_must
@pytest.mark.parametrize("mode", ["fragment", "form_post", "query.jwt", "QUERY"])
def test_no_answer_comes_in_another_mode(abel: Client, mcp_client: McpClient, mode: str):
    response = mcp_client.ask(abel, response_mode=mode)
    assert error_at(REDIRECT, response) == "invalid_request"
    assert "#" not in response["Location"]
    assert mcp_client.ask(abel, response_mode="query").status_code == 200


# --- the answer ------------------------------------------------------------------------------

STATES = [
    "a&b=c d/\u00fc?#%41",
    "+ %2B %20",
    '{"j":["s","o\\n"]}',
    "===&&&",
    "\u65e5\u672c \U0001f511",
    "<script>'\"`$",
    " leading and trailing ",
    "0",
    "x" * MOST_STATE,
]


@guards_must
@pytest.mark.parametrize("state", STATES)
def test_no_state_comes_back_changed(abel: Client, mcp_client: McpClient, state: str):
    page = mcp_client.ask(abel, state=state)
    refused = mcp_client.ask(abel, state=state, scope="unknown")
    denied = answered(abel, mcp_client.ask(abel, state=state), decision="deny")
    for response in (refused, denied, answered(abel, page)):
        assert query_of(response["Location"])["state"] == state


@pytest.mark.parametrize("state", ["x" * (MOST_STATE + 1), "a\x00b", "a\r\nb", "\x7f"])
def test_a_state_beyond_measure_or_with_control_characters_is_refused(
    abel: Client, mcp_client: McpClient, state: str
):
    response = mcp_client.ask(abel, state=state)
    assert error_at(REDIRECT, response, state=state) == "invalid_request"


@pytest.mark.parametrize("query", ["state=%ff", "state=%c3%28", "x=1&" * 60])
def test_a_query_that_could_not_be_given_back_as_it_is_is_refused(abel: Client, query: str):
    client = McpClient.registered(redirect_uris=[WEB_REDIRECT])
    whole = f"client_id={client.client_id}&response_type=code&{query}"
    assert is_page_of_ours(abel.get(f"/o/authorize/?{whole}"))


@guards_must
def test_no_answer_leaves_out_who_answers(abel: Client):
    client = McpClient.registered(redirect_uris=[WEB_REDIRECT + "?tenant=1"])
    answers = [
        answered(abel, client.ask(abel)),
        answered(abel, client.ask(abel), decision="deny"),
        client.ask(abel, scope="unknown"),
        client.ask(abel, resource=EVIL),
        client.ask(abel, response_type="token"),
        client.ask(abel, code_challenge_method="plain"),
        client.ask(abel, prompt="none"),
        client.ask(Client(), prompt="none"),
    ]
    for response in answers:
        assert response["Location"].count("iss=") == 1
        assert query_of(response["Location"])["iss"] == ISSUER


@guards_must
def test_no_query_of_a_redirect_is_lost(abel: Client):
    client = McpClient.registered(redirect_uris=[WEB_REDIRECT + "?tenant=1&a=%26&empty="])
    for response in (
        answered(abel, client.ask(abel)),
        answered(abel, client.ask(abel), decision="deny"),
        client.ask(abel, scope="unknown"),
    ):
        assert response["Location"].startswith(WEB_REDIRECT + "?tenant=1&a=%26&empty=&")


@guards_must
def test_no_answer_makes_the_browser_send_the_form_on(abel: Client, mcp_client: McpClient):
    for decision in ("allow", "deny"):
        response = answered(abel, mcp_client.ask(abel), decision=decision)
        assert response.status_code == 302


@guards_must
def test_no_script_of_another_site_reads_an_answer(abel: Client, mcp_client: McpClient):
    origin = {"origin": "https://evil.example"}
    answers = [
        abel.get("/o/authorize/", mcp_client.question(), headers=origin),
        abel.get("/o/authorize/", mcp_client.question(scope="unknown"), headers=origin),
        abel.options("/o/authorize/", headers=origin | {"access-control-request-method": "GET"}),
    ]
    for response in answers:
        assert not [name for name in response.headers if name.lower().startswith("access-control")]


# --- redirects -------------------------------------------------------------------------------


@guards_must
@pytest.mark.parametrize(
    "client_id", ["unknown", "", None, "\x00", "x" * 300, "https://127.0.0.1/client", "\u0430"]
)
def test_no_unknown_client_gets_a_redirect(
    abel: Client, mcp_client: McpClient, client_id: str | None
):
    assert is_page_of_ours(mcp_client.ask(abel, client_id=client_id, redirect_uri=EVIL))


@guards_must
def test_no_redirect_that_was_not_registered_is_followed(abel: Client):
    client = McpClient.registered(redirect_uris=[WEB_REDIRECT])
    for uri in (EVIL, WEB_REDIRECT + "/", WEB_REDIRECT + "?x", WEB_REDIRECT.upper()):
        for mistake in ({}, {"scope": "unknown"}, {"response_type": None}, {"state": ["1", "2"]}):
            assert is_page_of_ours(client.ask(abel, redirect_uri=uri, **mistake))


@guards_must
def test_no_part_of_a_local_address_but_its_port_varies(abel: Client, mcp_client: McpClient):
    assert mcp_client.ask(abel, redirect_uri=REDIRECT.replace("33418", "5")).status_code == 200
    for part, other in (("127.0.0.1", "localhost"), ("callback", "other"), ("http", "https")):
        assert is_page_of_ours(mcp_client.ask(abel, redirect_uri=REDIRECT.replace(part, other)))


@guards_must
def test_no_redirect_has_a_fragment(abel: Client, mcp_client: McpClient):
    for fragment in ("#", "#x", "#/callback"):
        assert is_page_of_ours(mcp_client.ask(abel, redirect_uri=REDIRECT + fragment))


@guards_must
@pytest.mark.parametrize("prompt", [None, "none"])
def test_no_redirect_leads_elsewhere_over_plain_http(
    abel: Client, mcp_client: McpClient, prompt: str | None
):
    for uri in ("http://client.example/callback", "http://127.0.0.1.evil.example:33418/callback"):
        assert is_page_of_ours(mcp_client.ask(abel, redirect_uri=uri, prompt=prompt))


@guards_must
def test_no_link_sends_a_stranger_on(db: None, mcp_client: McpClient):
    for mistake in ({"scope": "unknown"}, {"response_type": "token"}, {"resource": EVIL}):
        response = mcp_client.ask(Client(), **mistake)
        assert response["Location"].startswith("/oauth/authorize?next=")
    assert not ConsentQuestion.objects.exists()
