"""Addresses of a person's pages, and of the authorization server with its consent page."""

from django.urls import include, path

from mcp_app.portal import consent
from oauth_app.authorization_server import urls as authorization_server

# One namespace: django-oauth-toolkit's metadata looks up `authorize` beside `token`.
authorization_server_urls = (
    [path("o/authorize/", consent.authorize, name="authorize"), *authorization_server.urlpatterns],
    "oauth2_provider",
)

urlpatterns = [
    path("", include(authorization_server_urls)),
]
