"""The app's configuration."""

from django.apps import AppConfig


class ToolsAppConfig(AppConfig):
    """What a person may ask for."""

    name = "tools_app"
    verbose_name = "Tools"
