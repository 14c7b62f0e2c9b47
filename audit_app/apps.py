"""The app's configuration."""

from django.apps import AppConfig


class AuditAppConfig(AppConfig):
    """What happened: a record of each tool call."""

    name = "audit_app"
    verbose_name = "Audit"
