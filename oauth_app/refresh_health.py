"""How refreshing does: when the sweep last ran, and what an operator has to mend.

For a readiness endpoint and the operators' pages. None of it makes a server unready: without the
sweep, and whatever is wrong with one client secret, tokens are refreshed on demand.
"""

from datetime import datetime, timedelta
from typing import Final

from django.db.models import Q
from django.utils import timezone

from oauth_app.models import Connection, Heartbeat, Instance
from oauth_app.models.connections import Fault
from oauth_app.refresh import client_is_suspected

_SWEEP: Final = "refresh_sweep"
LATE_AFTER: Final = timedelta(minutes=3)  # two sweeps that did not come
_NEWS_LAST: Final = timedelta(minutes=15)  # longer than the longest pause after a refusal


def note_sweep() -> None:
    """Store that the sweep has just come to its end."""
    Heartbeat.objects.update_or_create(name=_SWEEP, defaults={"beat_at": timezone.now()})


def last_sweep_at() -> datetime | None:
    """Return when the sweep last came to its end; None where it never did. One query."""
    return Heartbeat.objects.filter(name=_SWEEP).values_list("beat_at", flat=True).first()


def sweep_fault() -> str:
    """Return a sentence where the sweep is late, else "": people then wait for their refresh."""
    last = last_sweep_at()
    if last is None:
        return "Tokens have never been refreshed ahead of time: is Celery running?"
    if timezone.now() - last <= LATE_AFTER:
        return ""
    return (
        f"Tokens were last refreshed ahead of time at {last:%Y-%m-%d %H:%M} UTC: is Celery running?"
    )


def client_faults() -> list[str]:
    """Return a sentence for each instance whose OAuth client seems to be what it refuses."""
    now = timezone.now()
    refused = Q(last_fault__in=(Fault.GRANT_REFUSED, Fault.CLIENT_REFUSED))
    recent = Connection.objects.filter(refused, failed_at__gt=now - _NEWS_LAST)
    instances = Instance.objects.filter(is_active=True, pk__in=recent.values("instance"))
    return [
        f"{instance.host} refuses every refresh: check the OAuth client id and secret."
        for instance in instances
        if client_is_suspected(instance, now=now)
        or recent.filter(instance=instance, last_fault=Fault.CLIENT_REFUSED).exists()
    ]
