"""How a connection stands, in the words and the colour its page shows."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from oauth_app.models import Connection
from oauth_app.models.connections import State

SOON = timedelta(days=7)


@dataclass(frozen=True)
class ConnectionState:
    """`level` is `good`, `warn` or `bad`, as the stylesheet names them."""

    level: str
    title: Promise
    sentence: Promise
    asks_for_sign_in: bool


def connection_state(connection: Connection, *, now: datetime) -> ConnectionState:
    """Return how `connection` stands at `now`: green, amber or red."""
    if connection.state == State.DISCONNECTED:
        return _bad(_("Disconnected"), _("No client can do anything as you until you sign in."))
    if connection.state == State.NEEDS_SIGN_IN:
        return _bad(
            _("Sign in again"), _("Your clients are refused until you sign in at ServiceNow again.")
        )
    if connection.instance.is_paused:
        return _warn(
            _("Paused"),
            _("Whoever runs this server has paused the instance: nothing is sent to it just now."),
            asks_for_sign_in=False,
        )
    if connection.refresh_failures:
        return _warn(
            _("Renewal is failing"),
            _("ServiceNow could not be asked to renew your sign-in. It is tried again by itself."),
            asks_for_sign_in=False,
        )
    ends = connection.refresh_token_expires_at
    if ends is not None and ends < now + SOON:
        return _warn(
            _("Ends soon"),
            _("Sign in again before it ends, and every client goes on as it is."),
            asks_for_sign_in=True,
        )
    return ConnectionState(
        "good", _("Connected"), _("Your clients work in ServiceNow as you."), asks_for_sign_in=False
    )


def _bad(title: Promise, sentence: Promise) -> ConnectionState:
    return ConnectionState("bad", title, sentence, asks_for_sign_in=True)


def _warn(title: Promise, sentence: Promise, *, asks_for_sign_in: bool) -> ConnectionState:
    return ConnectionState("warn", title, sentence, asks_for_sign_in=asks_for_sign_in)
