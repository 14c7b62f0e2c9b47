"""Where an answer may go: the same policy when a client registers and when it asks."""

import json

import pytest
from django.test import Client
from oauth2_provider.models import Application

from oauth_app.authorization_server.client_metadata import (
    RegistrationRefused,
    read_client_metadata,
)
from oauth_app.authorization_server.redirects import (
    Destination,
    RedirectNotAllowed,
    is_registered,
    read_redirect,
)
from tests.oauth_app.authorization_server.mcp_client import McpClient

WEBSITE, HERE, APP = Destination.WEBSITE, Destination.THIS_COMPUTER, Destination.APPLICATION

ALLOWED = [
    ("https://client.example/callback", WEBSITE, "client.example"),
    ("https://client.example", WEBSITE, "client.example"),
    ("https://client.example:8443/callback", WEBSITE, "client.example:8443"),
    ("https://client.example/callback?tenant=1", WEBSITE, "client.example"),
    ("https://acme.service-now.com/oauth_redirect.do", WEBSITE, "acme.service-now.com"),
    ("HTTPS://Client.Example/callback", WEBSITE, "client.example"),
    ("https://xn--80ak6aa92e.com/callback", WEBSITE, "xn--80ak6aa92e.com"),
    ("https://203.0.113.9/callback", WEBSITE, "203.0.113.9"),
    ("https://[2001:db8::1]:8443/callback", WEBSITE, "[2001:db8::1]:8443"),
    ("http://localhost:33418/callback", HERE, "localhost"),
    ("http://127.0.0.1/callback", HERE, "127.0.0.1"),
    ("http://[::1]:33418/callback", HERE, "[::1]"),
    ("https://localhost:8443/callback", HERE, "localhost:8443"),
    ("https://app.localhost/callback", HERE, "app.localhost"),
    ("https://127.0.0.2/callback", HERE, "127.0.0.2"),
    ("https://0.0.0.0/callback", HERE, "0.0.0.0"),
    ("https://[::1]/callback", HERE, "[::1]"),
    ("https://[0:0:0:0:0:0:0:1]/callback", HERE, "[0:0:0:0:0:0:0:1]"),
    ("https://[::ffff:127.0.0.1]/callback", HERE, "[::ffff:127.0.0.1]"),
    ("cursor://anysphere.cursor-mcp/oauth/callback", APP, "cursor://anysphere.cursor-mcp"),
    ("vscode://vscode.github-authentication/did", APP, "vscode://vscode.github-authentication"),
    ("vscode:/callback", APP, "vscode://"),
]

REFUSED = [
    # plain http, and what only looks like this computer
    "http://client.example/callback",
    "http://127.0.0.2/callback",
    "http://0.0.0.0/callback",
    "http://10.0.0.1/callback",
    "http://localhost.evil.example/callback",
    "http://localhost.:33418/callback",
    "http://127.0.0.1.evil.example/callback",
    "http://127.1/callback",
    "http://2130706433/callback",
    "http://0x7f000001/callback",
    "http://0177.0.0.1/callback",
    "http://[::ffff:127.0.0.1]/callback",
    "http://[0:0:0:0:0:0:0:1]/callback",
    # schemes
    "javascript:alert(1)",
    "data:text/html,x",
    "file:///etc/passwd",
    "ftp://client.example/callback",
    "evil-app://callback",
    "vscode-evil://callback",
    "vscode:alert(1)",
    "//client.example/callback",
    "/callback",
    "callback",
    "",
    # userinfo
    "https://claude.ai@evil.example/callback",
    "https://user:secret@client.example/callback",
    "https://@client.example/callback",
    "http://127.0.0.1:33418@evil.example/callback",
    "http://localhost:1@evil.example/callback",
    # backslashes, spaces and controls
    "https://evil.example\\@client.example/callback",
    "https://client.example\\.evil.example/callback",
    "https:\\\\evil.example/callback",
    "https:/\\evil.example/callback",
    "https://client.example/call back",
    "https://client.example/callback\n",
    "https://client.example/\tcallback",
    "https://client.example/\x00",
    # no host, or a second spelling of one
    "https:///client.example/callback",
    "https:client.example/callback",
    "https://client.example./callback",
    "https://.client.example/callback",
    "https://client..example/callback",
    "https://2130706433/callback",
    "https://0x7f.1/callback",
    "https://127.1/callback",
    "https://client.example%2eevil.example/callback",
    "https://%63lient.example/callback",
    "https://*.example/callback",
    "https://" + "a" * 250 + ".example/callback",
    # letters that look like others
    "https://cl\u0430ude.ai/callback",
    "https://client.example\u3002evil.example/callback",
    "https://client.example/\u202ecallback",
    # ports
    "https://client.example:0/callback",
    "https://client.example:99999/callback",
    "https://client.example:/callback",
    "https://client.example:80:80/callback",
    "https://client.example:-1/callback",
    # brackets
    "https://[::1/callback",
    "https://[::1]evil.example/callback",
    "https://[fe80::1%25eth0]/callback",
    # fragments
    "https://client.example/callback#",
    "https://client.example/callback#code",
    "http://127.0.0.1:33418/#/callback",
    # what a browser takes away
    "https://client.example/a/../callback",
    "https://client.example/./callback",
    "https://client.example/a/%2e%2E/callback",
    "https://client.example/a/.%2e",
    # what the answer says
    "https://client.example/callback?code=x",
    "https://client.example/callback?tenant=1&iss=https://other.example",
    "https://client.example/callback?state",
    # length
    "https://client.example/" + "a" * 1_000,
]


@pytest.mark.parametrize(("uri", "destination", "host"), ALLOWED)
def test_an_address_that_may_be_answered_names_who_receives_it(
    uri: str, destination: Destination, host: str
):
    found = read_redirect(uri)
    assert (found.destination, found.host) == (destination, host)
    assert found.can_be_posed_as is (destination is not WEBSITE)


@pytest.mark.parametrize("uri", REFUSED)
def test_an_address_that_is_not_what_it_looks_like_is_not_answered(uri: str):
    with pytest.raises(RedirectNotAllowed):
        read_redirect(uri)


@pytest.mark.parametrize("uri", REFUSED)
def test_no_refused_address_can_be_registered(uri: str):
    good = "https://client.example/callback"
    with pytest.raises(RegistrationRefused) as refusal:
        read_client_metadata(json.dumps({"redirect_uris": [good, uri]}).encode())
    assert refusal.value.code == "invalid_redirect_uri"


def test_no_refused_address_is_answered_whoever_registered_it(abel: Client):
    application = Application.objects.create(
        client_type=Application.CLIENT_PUBLIC,
        authorization_grant_type=Application.GRANT_AUTHORIZATION_CODE,
    )
    client = McpClient(application.client_id)
    for uri in (uri for uri in REFUSED if uri.isprintable() and " " not in uri):
        Application.objects.update(redirect_uris=uri)
        for asked in (uri, None):
            response = client.ask(abel, redirect_uri=asked)
            assert response.status_code == 400, uri
            assert "Location" not in response, uri


@pytest.mark.parametrize(
    "uri",
    [
        "http://127.0.0.1:1/callback",
        "http://127.0.0.1:65535/callback",
        "http://127.0.0.1/callback",
        "http://localhost:5000/callback?tenant=1",
        "http://[::1]:5000",
        "https://client.example/callback",
    ],
)
def test_of_addresses_on_this_computer_the_port_is_free(uri: str):
    registered = [
        "http://127.0.0.1:33418/callback",
        "http://localhost/callback?tenant=1",
        "http://[::1]",
        "https://client.example/callback",
    ]
    assert is_registered(uri, registered)


NOT_REGISTERED = [
    "http://127.0.0.1:33418/callback/",
    "http://127.0.0.1:33418/Callback",
    "http://127.0.0.1:33418/callback?x=1",
    "http://127.0.0.1:33418/callback?",
    "http://127.0.0.1:33418//callback",
    "http://127.0.0.1:33418/%63allback",
    "http://127.0.0.1:33418",
    "http://localhost:33418/callback",
    "http://[::1]:33418/callback",
    "HTTP://127.0.0.1:33418/callback",
    "https://127.0.0.1:33418/callback",
    "https://Client.example/callback",
    "HTTPS://client.example/callback",
    "https://client.example:443/callback",
    "https://client.example:8443/callback",
    "https://client.example/callback/",
    "https://client.example/callback;x",
    "https://client.example/callback?x=1",
    "https://client.example/CALLBACK",
    "https://sub.client.example/callback",
    "https://client.example.evil.example/callback",
    "https://client.example/callback/../evil",
    "cursor://anysphere.cursor-mcp/oauth/callback/other",
    "vscode://anysphere.cursor-mcp/oauth/callback",
]


def test_an_address_is_followed_only_as_it_was_registered(abel: Client):
    client = McpClient.registered(
        redirect_uris=[
            "http://127.0.0.1:33418/callback",
            "https://client.example/callback",
            "cursor://anysphere.cursor-mcp/oauth/callback",
        ]
    )
    for uri in NOT_REGISTERED:
        response = client.ask(abel, redirect_uri=uri)
        assert response.status_code == 400, uri
        assert "Location" not in response, uri


def test_leading_zeros_of_a_port_are_another_address(abel: Client):
    client = McpClient.registered(redirect_uris=["https://client.example:8443/callback"])
    response = client.ask(abel, redirect_uri="https://client.example:08443/callback")
    assert response.status_code == 400
