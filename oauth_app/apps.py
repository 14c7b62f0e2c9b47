"""The app's configuration."""

from django.apps import AppConfig


class OauthAppConfig(AppConfig):
    """Who a person is on an instance, and the tokens that prove it."""

    name = "oauth_app"
    verbose_name = "People and connections"

    def ready(self) -> None:
        """Register the system checks."""
        from oauth_app import checks  # noqa: F401, PLC0415  # needs the models, loaded by now
