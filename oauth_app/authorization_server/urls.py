"""Addresses of the authorization server, but for the consent page, which needs the tools too.

Only what MCP clients need is here: none of django-oauth-toolkit's pages, grants or OpenID parts.
They belong to its namespace, because its metadata looks its addresses up by these names.
"""

from django.urls import path

from oauth_app.authorization_server import metadata, registration, tokens
from oauth_app.authorization_server.resources import MCP_PATH, SERVICENOW_PATH

urlpatterns = [
    path("o/token/", tokens.token, name="token"),
    path("o/revoke_token/", tokens.revoke, name="revoke-token"),
    path("o/register/", registration.register, name="dcr-register"),
    path("o/register/<str:client_id>/", registration.manage, name="dcr-register-management"),
    path(
        ".well-known/oauth-authorization-server",
        metadata.authorization_server_metadata,
        name="oauth-server-metadata",
    ),
    path(
        ".well-known/oauth-protected-resource",
        metadata.protected_resource_metadata,
        name="oauth-resource-metadata",
    ),
    *(
        path(
            f".well-known/oauth-protected-resource{resource_path}",
            metadata.protected_resource_metadata,
            {"path": resource_path},
            name="oauth-resource-metadata-path",
        )
        for resource_path in (MCP_PATH, SERVICENOW_PATH)
    ),
]
