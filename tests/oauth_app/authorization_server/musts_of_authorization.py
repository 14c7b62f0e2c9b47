"""What the authorization endpoint, its redirects and its consent page must never do."""

from tests.oauth_app.authorization_server.musts import Must

# name of the demand and of its test: source, first MCP revision, what it demands
AUTHORIZATION_MUSTS: dict[str, Must] = {}
