"""People with browsers, for the authorization server and the pages."""

import pytest
from django.test import Client

from tests.oauth_app.authorization_server.mcp_client import McpClient
from tests.oauth_app.authorization_server.people import browser_of, connected_person


@pytest.fixture
def abel(db: None) -> Client:
    return browser_of(connected_person("abel.tuter", "Abel Tuter"))


@pytest.fixture
def beth(db: None) -> Client:
    return browser_of(connected_person("beth.anglin", "Beth Anglin"))


@pytest.fixture
def charlie(db: None) -> Client:
    return browser_of(connected_person("charlie.whitherspoon", "Charlie Whitherspoon"))


@pytest.fixture
def mcp_client(db: None) -> McpClient:
    return McpClient.registered()
