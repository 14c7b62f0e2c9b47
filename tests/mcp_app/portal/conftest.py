"""People with browsers, for the pages."""

from tests.oauth_app.authorization_server.conftest import abel, beth, charlie, mcp_client

__all__ = ["abel", "beth", "charlie", "mcp_client"]
