"""The app's configuration."""

from importlib import import_module

from django.apps import AppConfig


class OauthAppConfig(AppConfig):
    """Who a person is on an instance, and the tokens that prove it."""

    name = "oauth_app"
    verbose_name = "People and connections"

    def ready(self) -> None:
        """Register the system checks."""
        import_module("oauth_app.checks")
