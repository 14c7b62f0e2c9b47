"""Clients that registered themselves and that nobody ever let in."""

from datetime import datetime, timedelta
from typing import Final

from oauth2_provider.models import Application

# Registration is open to everybody, so what comes of it must not stay for ever. Who comes back
# later than this registers again, as clients do by themselves on `invalid_client`.
KEPT: Final = timedelta(days=7)


def remove_unused_clients(*, now: datetime) -> int:
    """Remove self-registered clients, a week old, without any consent; return how many.

    A client with a consent stays, also a revoked one: it is what the person's record refers to.
    """
    unused = Application.objects.exclude(
        registration_source=Application.RegistrationSource.MANUAL
    ).filter(client_grants=None, updated__lt=now - KEPT)
    _, removed = unused.delete()
    return int(removed.get(Application._meta.label, 0))  # noqa: SLF001  # documented API
