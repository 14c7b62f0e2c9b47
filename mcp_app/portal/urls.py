"""Addresses of a person's pages, and of the authorization server with its consent page."""

from django.urls import include, path

from mcp_app.portal import (
    client_pages,
    connection,
    consent,
    reconnect_token_pages,
    service_client_pages,
)
from oauth_app.authorization_server import urls as authorization_server

# One namespace: django-oauth-toolkit's metadata looks up `authorize` beside `token`.
authorization_server_urls = (
    [path("o/authorize/", consent.authorize, name="authorize"), *authorization_server.urlpatterns],
    "oauth2_provider",
)

portal_urls = (
    [
        path("connection", connection.connection, name="connection"),
        path("connection/tokens", reconnect_token_pages.tokens, name="tokens"),
        path("connection/tokens/revoke", reconnect_token_pages.revoke, name="revoke_tokens"),
        path("connection/services", service_client_pages.services, name="services"),
        path("connection/services/revoke", service_client_pages.revoke, name="revoke_services"),
        path("connection/clients", client_pages.clients, name="clients"),
    ],
    "portal",
)

urlpatterns = [
    path("", include(authorization_server_urls)),
    path("", include(portal_urls)),
]
