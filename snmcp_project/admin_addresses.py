"""Addresses of the admin that nobody's browser makes by itself."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect

NUL = "\x00"


class WithoutNullCharacters:
    """Leaves out a query of an admin page that holds NUL, as the admin does with unknown filters.

    PostgreSQL takes NUL in no text, so any filter of any list would end as a fault of ours.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer as without this; the work is in `process_view`, which knows the page."""
        return self._get_response(request)

    def process_view(self, request: HttpRequest, *_view: object) -> HttpResponseBase | None:
        """Redirect to the page with `?e=1`, the admin's own mark of a query it did not take."""
        match = request.resolver_match
        if match is None or match.app_name != "admin":
            return None
        texts = [text for name, values in request.GET.lists() for text in (name, *values)]
        return redirect(f"{request.path}?e=1") if NUL in "".join(texts) else None
