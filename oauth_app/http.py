"""The request of a person who is signed in, and the decorator that proves it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import wraps
from typing import Concatenate, Final, ParamSpec, cast
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from oauth_app.models import Connection, User
from oauth_app.services import SignedIn

FRESH_SIGN_IN: Final = timedelta(minutes=5)
_CONNECTION = "connection_id"
_SIGNED_IN_AT = "signed_in_at"

Rest = ParamSpec("Rest")


class SignedInRequest(HttpRequest):
    """What `sign_in_required` has proved: a person from ServiceNow in their own browser."""

    user: User
    connection: Connection
    signed_in_at: datetime


def sign_in_required(
    view: Callable[Concatenate[SignedInRequest, Rest], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, Rest], HttpResponseBase]:
    """Let only people from ServiceNow through; send everybody else to sign in and then back.

    Operators who came with a password are not such people. A disconnected person still gets
    through, so that the page can say so.
    """

    @wraps(view)
    def guarded(
        request: HttpRequest, /, *args: Rest.args, **named: Rest.kwargs
    ) -> HttpResponseBase:
        proved = signed_in(request)
        if proved is None:
            return HttpResponseRedirect(sign_in_path(request))
        return view(proved, *args, **named)

    return guarded


def signed_in(request: HttpRequest) -> SignedInRequest | None:
    """Return the request as that of a signed-in person, or None."""
    connection_id = request.session.get(_CONNECTION)
    if connection_id is None or not request.user.is_authenticated:
        return None
    connection = (
        Connection.objects.select_related("instance", "user")
        .filter(pk=connection_id, user_id=request.user.pk)
        .first()
    )
    if connection is None:
        return None
    person = cast(SignedInRequest, request)
    person.connection = connection
    person.signed_in_at = _signed_in_at(request)
    return person


def is_fresh(request: HttpRequest) -> bool:
    """Whether this browser's sign-in is younger than five minutes."""
    moment = _signed_in_at(request)
    return timezone.now() - FRESH_SIGN_IN < moment <= timezone.now()


def sign_in_path(request: HttpRequest) -> str:
    """Return where to sign in and come back to this page; forms come back to their own page."""
    back = request.get_full_path() if request.method == "GET" else ""
    return sign_in_address(next_path=back)


def sign_in_address(*, next_path: str = "", instance_id: int | None = None) -> str:
    """Return the path that starts a sign-in, at the default instance where none is named.

    It then leads to `next_path`, or to the page after sign-in.
    """
    asked = {"instance": instance_id, "next": next_path}
    query = urlencode({name: value for name, value in asked.items() if value})
    return f"{settings.LOGIN_URL}?{query}" if query else str(settings.LOGIN_URL)


def local_path(text: str) -> str:
    """Return `text` where it is a path on this server, else the page after sign-in."""
    # Our own addresses are escaped; NUL, which PostgreSQL does not take, is in none of them.
    is_escaped = text.isascii() and text.isprintable()
    is_path = text.startswith("/") and url_has_allowed_host_and_scheme(text, allowed_hosts=None)
    if is_escaped and is_path:
        return text
    return str(settings.LOGIN_REDIRECT_URL)


def start_session(request: HttpRequest, *, done: SignedIn) -> None:
    """Log the person in: a new session key, and nothing left of whoever was here before.

    Django's `login` does both: it empties the session of anybody else.
    """
    login(request, done.user, backend="django.contrib.auth.backends.ModelBackend")
    request.session[_CONNECTION] = done.connection.pk
    request.session[_SIGNED_IN_AT] = timezone.now().timestamp()


def _signed_in_at(request: HttpRequest) -> datetime:
    return datetime.fromtimestamp(request.session.get(_SIGNED_IN_AT, 0), tz=UTC)
