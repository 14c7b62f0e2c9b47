"""The pieces that console pages are made of: tables, small forms, facts. Everything is escaped."""

from collections.abc import Iterable, Mapping, Sequence
from html import escape

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from simulator.pages.templates import Html, fill, join, page

ADDRESS = "/simulator/console"

Cell = str | Html

_PAGES = {
    "": "Overview",
    "/requests": "Requests",
    "/records": "Records",
    "/people": "People",
    "/tokens": "Tokens",
    "/faults": "Faults",
    "/switches": "Switches",
    "/clock": "Clock",
}

# What a page may say after something was done: only these sentences, never what an address holds.
NOTES = {
    "done": "Done.",
    "cleared": "The journal is empty.",
    "reset": "The demo data are as they were at first.",
    "refused": "That was not understood; nothing was changed.",
}


def console_page(request: Request, *content: Html, title: str, status: int = 200) -> Response:
    """A whole page with the console's navigation."""
    here = request.url.path.removeprefix(ADDRESS)
    links = [
        fill("console_link", address=ADDRESS + path, name=name, current=_current(here, path))
        for path, name in _PAGES.items()
    ]
    note = NOTES.get(request.query_params.get("note", ""), "")
    whole = fill(
        "console",
        navigation=join(links),
        note=fill("console_note", sentence=note) if note else Html(""),
        title=title,
        content=join(list(content)),
    )
    return page(whole, title=f"{title} · Console", status=status)


def _current(here: str, path: str) -> Html:
    is_here = here == path or (path and here.startswith(path))
    return Html(' aria-current="page"' if is_here else "")


def back_to(path: str, *, note: str = "done") -> Response:
    """After something was done: the page `path` of the console, with one of NOTES."""
    return RedirectResponse(f"{ADDRESS}{path}?note={note}", status_code=303)


def table(headings: Sequence[str], rows: Iterable[Sequence[Cell]], *, empty: str) -> Html:
    """A table, or the sentence `empty` where there are no rows."""
    lines = [
        Html("<tr>" + "".join(f"<td>{_text(cell)}</td>" for cell in row) + "</tr>") for row in rows
    ]
    if not lines:
        return Html(f'<p class="quiet">{escape(empty)}</p>')
    heads = "".join(f'<th scope="col">{escape(heading)}</th>' for heading in headings)
    return Html(
        f'<div class="scroll"><table><thead><tr>{heads}</tr></thead>'
        f"<tbody>{join(lines)}</tbody></table></div>"
    )


def facts(pairs: Mapping[str, Cell]) -> Html:
    """Names with what they are."""
    rows = [fill("record_fact", label=name, shown=shown) for name, shown in pairs.items()]
    return Html(f"<dl>{join(rows)}</dl>")


def link(address: str, text: str) -> Html:
    """A link within the console."""
    return Html(f'<a href="{escape(ADDRESS + address)}">{escape(text)}</a>')


def code(text: str) -> Html:
    """Text as a machine writes it."""
    return Html(f"<code>{escape(text)}</code>")


def button(address: str, text: str, **values: str) -> Html:
    """A form of one button that posts `values`."""
    hidden = join(
        [fill("console_hidden", name=name, value=value) for name, value in values.items()]
    )
    return fill("console_button", address=ADDRESS + address, text=text, hidden=hidden)


def form(address: str, *fields: Html, submit: str, method: str = "post") -> Html:
    """A form of several fields."""
    return fill(
        "console_form",
        address=ADDRESS + address,
        fields=join(list(fields)),
        submit=submit,
        method=method,
    )


def field(name: str, label: str, *, value: str = "", kind: str = "text", hint: str = "") -> Html:
    """One line to fill in."""
    more = Html(f'<span class="quiet">{escape(hint)}</span>') if hint else Html("")
    return fill("console_field", name=name, label=label, value=value, kind=kind, hint=more)


def choice(name: str, label: str, options: Iterable[str], *, chosen: str = "") -> Html:
    """One of several."""
    found = [
        Html(f"<option{' selected' if option == chosen else ''}>{escape(option)}</option>")
        for option in options
    ]
    return fill("console_choice", name=name, label=label, options=join(found))


def heading(text: str) -> Html:
    """The heading of a part of a page."""
    return Html(f"<h2>{escape(text)}</h2>")


def paragraph(text: str) -> Html:
    """A sentence."""
    return Html(f'<p class="quiet">{escape(text)}</p>')


def _text(cell: Cell) -> str:
    return cell if isinstance(cell, Html) else escape(cell)
