"""Every address but `/mcp`, which is an ASGI application of its own (`mcp_app/routing.py`)."""

from django.contrib import admin
from django.urls import path

urlpatterns = [
    path("admin/", admin.site.urls),
]
