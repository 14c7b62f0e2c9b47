"""The request journal: what clients asked for, as whom, and how it was answered."""

from collections.abc import Iterable
from urllib.parse import unquote_plus, urlencode

from starlette.requests import Request
from starlette.responses import Response

from simulator.console.parts import (
    Cell,
    back_to,
    button,
    code,
    console_page,
    facts,
    field,
    form,
    heading,
    link,
    table,
)
from simulator.control.request_journal import JournalEntry
from simulator.pages.templates import Html
from simulator.world import world_of

LATEST = 15
SHOWN = 100


async def requests(request: Request) -> Response:
    """GET /simulator/console/requests: `?path=` a prefix, `?user=`, `?method=`, `?before=` id."""
    asked = request.query_params
    before = asked.get("before", "")
    entries = world_of(request).journal.latest(
        SHOWN,
        path=asked.get("path", ""),
        user=asked.get("user", ""),
        method=asked.get("method", ""),
        before=int(before) if before.isdecimal() and len(before) < 19 else None,
    )
    return console_page(
        request,
        form(
            "/requests",
            field("path", "Path begins with", value=asked.get("path", "")),
            field("user", "Person", value=asked.get("user", "")),
            field("method", "Method", value=asked.get("method", "")),
            submit="Filter",
            method="get",
        ),
        request_table(entries),
        *_further(request, entries),
        button("/requests/clear", "Empty the journal"),
        title="Requests",
    )


async def one_request(request: Request) -> Response:
    """GET /simulator/console/requests/{id}: everything the journal has about it."""
    entry = world_of(request).journal.find(request.path_params["id"])
    if entry is None:
        return console_page(
            request,
            heading("The journal has no such request any more."),
            title="Request",
            status=404,
        )
    return console_page(request, *_whole(entry), title=f"{entry.method} {entry.path}")


async def clear(request: Request) -> Response:
    """POST /simulator/console/requests/clear."""
    world_of(request).journal.clear()
    return back_to("/requests", note="cleared")


def request_table(entries: Iterable[JournalEntry]) -> Html:
    """Requests, one a line."""
    return table(
        ("", "At", "Method", "Address", "Acting", "By", "Answer", "ms"),
        (_line(entry) for entry in entries),
        empty="No request yet.",
    )


def _line(entry: JournalEntry) -> tuple[Cell, ...]:
    return (
        link(f"/requests/{entry.id}", f"#{entry.id}"),
        entry.at[11:19],
        entry.method,
        code(_address(entry)),
        entry.acting_user or "",
        entry.acted_by or "",
        _answer(entry),
        _milliseconds(entry),
    )


def _whole(entry: JournalEntry) -> list[Html]:
    query = [(name, code(value)) for name, value in entry.query.items()]
    return [
        facts(
            {
                "At": entry.at,
                "From": entry.client,
                "Acting": entry.acting_user or "nobody",
                "Shown by": entry.acted_by or "",
                "Answer": _answer(entry),
                "Milliseconds": _milliseconds(entry),
                "Bytes of the answer": str(entry.answer_bytes),
                "Credential": code(entry.authorization_fingerprint or ""),
                "Fault": entry.fault or "none",
            }
        ),
        heading("Parameters"),
        table(("Name", "Value"), query, empty="None."),
        heading("Headers"),
        Html(f"<p>{code(', '.join(entry.headers))}</p>"),
        heading("Body"),
        Html(f"<pre>{code(entry.body or 'None.')}</pre>"),
    ]


def _further(request: Request, entries: list[JournalEntry]) -> list[Html]:
    if len(entries) < SHOWN:
        return []
    kept = {name: text for name, text in request.query_params.items() if name != "before"}
    return [
        Html("<p>"),
        link(f"/requests?{urlencode({**kept, 'before': entries[-1].id})}", "Older requests"),
        Html("</p>"),
    ]


def _address(entry: JournalEntry) -> str:
    shown = f"{entry.path}?{unquote_plus(entry.query_string)}" if entry.query_string else entry.path
    return shown if len(shown) <= 160 else f"{shown[:160]}…"


def _answer(entry: JournalEntry) -> Cell:
    said = "dropped" if entry.status is None else str(entry.status)
    if entry.fault:
        said = f"{said} ({entry.fault})"
    is_bad = entry.status is None or entry.status >= 400
    return Html(f'<span class="bad">{said}</span>') if is_bad else said


def _milliseconds(entry: JournalEntry) -> str:
    return "" if entry.milliseconds is None else f"{entry.milliseconds:.1f}"
