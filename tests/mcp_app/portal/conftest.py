"""People with browsers, for the pages."""

from tests.oauth_app.authorization_server.conftest import (
    _no_registrations_counted,
    abel,
    beth,
    charlie,
    mcp_client,
)

__all__ = ["_no_registrations_counted", "abel", "beth", "charlie", "mcp_client"]
