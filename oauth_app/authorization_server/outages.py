"""What programs are told while the database is away: come back, in JSON as everything else."""

import json
from collections.abc import Callable
from functools import wraps
from typing import Final

import structlog
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

log = structlog.get_logger(__name__)

View = Callable[..., HttpResponseBase]
RETRY_AFTER_SECONDS: Final = 5
_BODY: Final = json.dumps(
    {
        "error": "temporarily_unavailable",
        "error_description": "The server cannot reach its database. Send the request again.",
    }
)


def try_again_without_database(view: View) -> View:
    """Answer 503 with Retry-After where the database is away.

    A client that reads an error page, or an error it does not know, may take its tokens for
    worthless and send the person to sign in.
    """

    @wraps(view)
    def answer(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except (OperationalError, InterfaceError):
            log.exception("database_away")
            return HttpResponse(
                _BODY,
                status=503,
                content_type="application/json",
                headers={"Retry-After": str(RETRY_AFTER_SECONDS), "Cache-Control": "no-store"},
            )

    return answer
