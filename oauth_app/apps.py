"""The app's configuration."""

from django.apps import AppConfig


class OauthAppConfig(AppConfig):
    """Who a person is on an instance, and the tokens that prove it."""

    name = "oauth_app"
    verbose_name = "People and connections"
