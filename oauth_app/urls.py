"""Addresses of signing in and of reconnect tokens."""

from django.urls import path

from oauth_app import api, views

app_name = "oauth_app"

urlpatterns = [
    path("", views.welcome, name="welcome"),
    path("oauth/authorize", views.authorize, name="authorize"),
    path("oauth/callback", views.callback, name="callback"),
    path("oauth/sign-out", views.sign_out, name="sign_out"),
    path("oauth/reconnect-token", api.reconnect_token, name="reconnect_token"),
]
