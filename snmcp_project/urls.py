"""Every address but `/mcp`, which is an ASGI application of its own (`mcp_app/routing.py`)."""

from django.contrib import admin
from django.urls import include, path

handler400 = "mcp_app.portal.errors.bad_request"
handler403 = "mcp_app.portal.errors.permission_denied"
handler404 = "mcp_app.portal.errors.not_found"
handler500 = "mcp_app.portal.errors.server_error"

urlpatterns = [
    path("", include("oauth_app.urls")),
    path("", include("mcp_app.portal.urls")),
    path("admin/", admin.site.urls),
]
