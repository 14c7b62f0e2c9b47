"""Pages for what went wrong: what happened, what to do, and a reference id for the log."""

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from structlog.contextvars import get_contextvars

from oauth_app.authorization_server.outages import RETRY_AFTER_SECONDS


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001  # Django names it
    """Answer what could not be understood."""
    return _page(
        request,
        400,
        _("This request could not be understood"),
        _("Go back and try again. If a link brought you here, it may be damaged."),
    )


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001  # Django names it
    """Answer what this person may not do."""
    return _page(
        request,
        403,
        _("You may not do this"),
        _("You are signed in as somebody without the right to see this page."),
    )


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001  # Django names it
    """Answer a form that did not come from a page of ours in this browser."""
    return _page(
        request,
        403,
        _("This form is no longer valid"),
        _(
            "It was opened before you signed in, in another browser, or on another site. "
            "Nothing was done. Open the page again and repeat it."
        ),
    )


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001  # Django names it
    """Answer an address with nothing behind it."""
    return _page(
        request,
        404,
        _("There is nothing here"),
        _("The address may be mistyped, or what it led to is gone."),
    )


def server_error(_request: HttpRequest) -> HttpResponse:
    """Answer a fault of ours. The page knows nothing of the session, which may be the fault.

    Django calls this while it handles the fault; without a database it is one that passes.
    """
    if isinstance(sys.exc_info()[1], (OperationalError, InterfaceError)):
        return _database_away()
    return _page(
        None,
        500,
        _("Something went wrong here"),
        _("The fault is ours. Try again in a moment; if it stays, tell whoever runs this server."),
    )


def _database_away() -> HttpResponse:
    response = _page(
        None,
        503,
        _("Not available at the moment"),
        _("The database cannot be reached. Try again in a minute."),
    )
    response["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return response


def _page(request: HttpRequest | None, status: int, title: str, advice: str) -> HttpResponse:
    context = {
        "status": status,
        "title": title,
        "advice": advice,
        "reference_id": get_contextvars().get("request_id", ""),
    }
    return HttpResponse(render_to_string("error.html", context, request), status=status)
