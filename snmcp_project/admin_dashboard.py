"""What an operator sees first: how the server does, who is connected, what was called."""

from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit_app.models import RUNNING, Outcome, ToolCall
from oauth_app.models import Connection
from oauth_app.models.connections import State
from oauth_app.refresh_health import last_sweep_at
from snmcp_project.admin_site import may_open
from snmcp_project.health.examination import examination

WINDOW = timedelta(hours=24)
LATEST = 10


def dashboard(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Add the numbers and calls this operator may see to the first page."""
    if may_open(request, "oauth_app.Connection"):
        context["people"] = _people()
    if may_open(request, "audit_app.ToolCall"):
        since = timezone.now() - WINDOW
        context["calls"] = _calls(since)
        context["went_wrong"] = _went_wrong(since)
    if "people" in context or "calls" in context:
        context["server"] = _server()
    return context


def _server() -> dict[str, Any]:
    """What an operator has to mend, worst first, and when tokens were last refreshed in time."""
    health = examination.health_here()
    failed = [each for each in health.findings if each.fault]
    return {
        "down": [each.fault for each in failed if each.check.vital],
        "degraded": [each.fault for each in failed if not each.check.vital],
        "last_sweep_at": None if "token_refresh" in health.faults else last_sweep_at(),
    }


def _people() -> list[dict[str, Any]]:
    connections = Connection.objects.all()
    address = reverse("admin:oauth_app_connection_changelist")
    return [
        {
            "title": title,
            "number": connections.filter(state=state).count(),
            "link": f"{address}?state__exact={state}",
        }
        for state, title in [
            (State.ACTIVE, _("Connected")),
            (State.NEEDS_SIGN_IN, _("Need to sign in")),
        ]
    ]


def _calls(since: datetime) -> list[dict[str, Any]]:
    numbers = ToolCall.objects.opened_since(since).count_by_result()
    address = reverse("admin:audit_app_toolcall_changelist") + f"?opened_at_from={since:%Y-%m-%d}"
    return [
        {"title": title, "number": numbers.get(result, 0), "link": f"{address}&outcome={result}"}
        for result, title in [*Outcome.choices, (RUNNING, _("running"))]
    ]


def _went_wrong(since: datetime) -> list[dict[str, Any]]:
    calls = ToolCall.objects.opened_since(since).gone_wrong()
    return [
        {
            "call": call,
            "result": Outcome(call.result).label,
            "link": reverse("admin:audit_app_toolcall_change", args=[call.pk]),
        }
        for call in calls[:LATEST]
    ]
