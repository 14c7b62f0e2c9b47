"""The app's configuration."""

from importlib import import_module

from django.apps import AppConfig


class AuditAppConfig(AppConfig):
    """What happened: a record of each tool call."""

    name = "audit_app"
    verbose_name = "Audit"

    def ready(self) -> None:
        """Register the system checks."""
        import_module("audit_app.checks")
