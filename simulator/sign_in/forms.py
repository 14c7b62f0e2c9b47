"""Form-encoded request bodies."""

from urllib.parse import parse_qsl

from starlette.requests import Request

FORM = "application/x-www-form-urlencoded"


def is_form(request: Request) -> bool:
    """Whether the body says it is a form."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower() == FORM


async def form_of(request: Request) -> dict[str, str]:
    """The fields of a form; nothing if the body is no form. Of a repeated field the last counts."""
    if not is_form(request):
        return {}
    text = (await request.body()).decode("utf-8", errors="replace")
    return dict(parse_qsl(text, keep_blank_values=True))
