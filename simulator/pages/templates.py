"""The HTML pages: small templates in `simulator/pages/`, filled with escaped text."""

from functools import cache
from html import escape
from pathlib import Path
from string import Template

from starlette.responses import HTMLResponse

PAGES = Path(__file__).parent


class Html(str):
    """Text that is HTML already and is put into a template as it stands."""

    __slots__ = ()


def fill(name: str, /, **values: str) -> Html:
    """The template `name` (without `.html`) with every value escaped, unless it is `Html`."""
    escaped = {
        word: text if isinstance(text, Html) else escape(text) for word, text in values.items()
    }
    return Html(_template(name).substitute(escaped))


def join(pieces: list[Html]) -> Html:
    """Several pieces of HTML, one after the other."""
    return Html("".join(pieces))


def page(content: Html, *, title: str, signed_in_name: str = "", status: int = 200) -> HTMLResponse:
    """A whole page around `content`; never kept in a cache, never shown in a frame."""
    return HTMLResponse(
        page_text(content, title=title, signed_in_name=signed_in_name),
        status_code=status,
        headers={
            "Cache-Control": "no-store",
            "Content-Security-Policy": "default-src 'self'; frame-ancestors 'none'",
            "Referrer-Policy": "same-origin",
            "X-Content-Type-Options": "nosniff",
        },
    )


def page_text(content: Html, *, title: str, signed_in_name: str = "") -> str:
    """The text of a whole page around `content`."""
    navigation = (
        fill("navigation_signed_in", name=signed_in_name)
        if signed_in_name
        else fill("navigation_signed_out")
    )
    return fill("layout", title=title, navigation=navigation, content=content)


def message_page(heading: str, *, sentence: str, status: int = 200) -> HTMLResponse:
    """A page that says one thing."""
    return page(fill("message", heading=heading, sentence=sentence), title=heading, status=status)


@cache
def _template(name: str) -> Template:
    return Template((PAGES / f"{name}.html").read_text(encoding="utf-8"))


@cache
def asset(name: str) -> str:
    """The text of a file that pages refer to."""
    return (PAGES / name).read_text(encoding="utf-8")
