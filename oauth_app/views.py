"""The pages of signing in: welcome, to ServiceNow and back, and out again."""

import re
import secrets
from collections.abc import Callable
from functools import wraps
from typing import Final
from uuid import uuid4

import structlog
from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST, require_safe

from oauth_app.address_limits import AddressLimit, WithoutRedis, address_of
from oauth_app.http import local_path, signed_in, start_session
from oauth_app.instances import seems_unreachable
from oauth_app.models.authorization_requests import LIFE
from oauth_app.services import Returned, begin_sign_in, complete_sign_in, sign_in_instance
from oauth_app.sign_in_failures import (
    InstanceClosed,
    SignInFailure,
    SignInsUncounted,
    TooManySignIns,
)
from oauth_app.token_buckets import Allowance

log = structlog.get_logger(__name__)

# Each leaves a row for a day; whole offices stand behind one address.
SIGN_INS: Final = AddressLimit("sign-ins", most=600)
# Each belongs to a sign-in that was counted when it began, or looks for one in vain.
CALLBACKS: Final = AddressLimit(
    "callbacks", most=600, seconds=60, without_redis=WithoutRedis.COUNT_HERE
)
_BROWSER: Final = re.compile(r"[\w-]{43}", re.ASCII)

View = Callable[[HttpRequest], HttpResponse]


def _counted_by(limit: AddressLimit) -> Callable[[View], View]:
    """Serve an address so often and no more, tell it in each answer, and fail on a page."""

    def decorate(view: View) -> View:
        @wraps(view)
        def counted(request: HttpRequest) -> HttpResponse:
            allowance = limit.spend(address_of(request))
            try:
                _require_room(allowance)
                answer = view(request)
            except SignInFailure as failure:
                answer = _failed(request, failure)
            for name, value in allowance.headers().items():
                answer.setdefault(name, value)
            return answer

        return counted

    return decorate


@require_safe
@never_cache
def welcome(request: HttpRequest) -> HttpResponse:
    """Show the one button, or My connection to whoever is signed in."""
    if signed_in(request) is not None:
        return redirect(settings.LOGIN_REDIRECT_URL)
    try:
        instance = sign_in_instance(None)
    except InstanceClosed as closed:
        return render(request, "oauth/welcome.html", {"closed": closed}, status=closed.status)
    known = {"instance": instance, "seems_unreachable": seems_unreachable(instance)}
    return render(request, "oauth/welcome.html", known)


@require_GET
@never_cache
@_counted_by(SIGN_INS)
def authorize(request: HttpRequest) -> HttpResponse:
    """Start signing in at ServiceNow; `?next=` is a path here, `?instance=` an instance's id."""
    asked = request.GET.get("instance", "")
    if asked and not asked.isdecimal():
        raise InstanceClosed("not an id")
    instance = sign_in_instance(int(asked[:19]) if asked else None)
    browser = _browser(request) or secrets.token_urlsafe(32)
    address = begin_sign_in(
        instance=instance, browser=browser, next_path=local_path(request.GET.get("next", ""))
    )
    response = HttpResponseRedirect(address)
    response.set_cookie(
        browser_cookie(),
        browser,
        max_age=LIFE,
        path="/",
        secure=settings.IS_HTTPS,
        httponly=True,
        samesite="Lax",  # sent when ServiceNow sends the browser back, and on no foreign form
    )
    return response


@require_GET
@never_cache
@_counted_by(CALLBACKS)
def callback(request: HttpRequest) -> HttpResponse:
    """Finish signing in when ServiceNow sends the browser back."""
    done = complete_sign_in(
        returned=Returned(
            state=request.GET.get("state", ""),
            code=request.GET.get("code", ""),
            error=request.GET.get("error", ""),
        ),
        browser=_browser(request),
    )
    start_session(request, done=done)
    return HttpResponseRedirect(done.next_path)


@require_POST
@never_cache
def sign_out(request: HttpRequest) -> HttpResponse:
    """End this browser's session. The connection and its clients go on."""
    logout(request)
    return redirect("oauth_app:welcome")


def browser_cookie() -> str:
    """Return the name of the cookie that ties a sign-in to its browser.

    It is not the session: its key changes at login, and a sign-in in a second tab has to survive
    that. `__Host-` keeps other hosts of the domain from planting one.
    """
    return "__Host-signing-in" if settings.IS_HTTPS else "signing-in"


def _require_room(allowance: Allowance) -> None:
    """Raise `TooManySignIns`, or `SignInsUncounted` while Redis is away."""
    if not allowance.is_counted:
        raise SignInsUncounted(retry_after=allowance.retry_after)
    if not allowance.is_allowed:
        raise TooManySignIns(retry_after=allowance.retry_after)


def _browser(request: HttpRequest) -> str:
    held = request.COOKIES.get(browser_cookie(), "")
    return held if _BROWSER.fullmatch(held) else ""


def _failed(request: HttpRequest, failure: SignInFailure) -> HttpResponse:
    reference_id = uuid4().hex
    log.warning(
        "sign_in_failed", code=failure.code, detail=failure.detail, reference_id=reference_id
    )
    page = render(
        request,
        "oauth/sign_in_failed.html",
        {"failure": failure, "reference_id": reference_id},
        status=failure.status,
    )
    if failure.retry_after:
        page["Retry-After"] = str(failure.retry_after)
    return page
