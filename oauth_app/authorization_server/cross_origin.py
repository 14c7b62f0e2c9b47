"""Cross-origin access for MCP clients that run in a browser."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

View = Callable[..., HttpResponseBase]


def open_to_browsers(*methods: str) -> Callable[[View], View]:
    """Let pages of any origin send `methods` to the view, never with cookies.

    Safe only for views that look at no cookie: what they need stands in the request itself.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def answer(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
            if request.method == "OPTIONS":
                response: HttpResponseBase = HttpResponse(status=204)
                response["Access-Control-Allow-Methods"] = ", ".join((*methods, "OPTIONS"))
                response["Access-Control-Allow-Headers"] = (
                    "Authorization, Content-Type, MCP-Protocol-Version"
                )
                response["Access-Control-Max-Age"] = "86400"
            else:
                response = view(request, *args, **kwargs)
            response["Access-Control-Allow-Origin"] = "*"
            response["Access-Control-Expose-Headers"] = (
                "Retry-After, WWW-Authenticate, "
                "RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset"
            )
            return response

        return answer

    return decorate
