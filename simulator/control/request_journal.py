"""The request journal: what arrived, from whom, and what was answered.

Secrets are never kept: an `Authorization` header, a cookie, a password and a token are there as a
fingerprint only (the first 16 hex digits of the SHA-256), so that two of them can be told apart.
"""

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import datetime
from hashlib import sha256
from itertools import count, islice
from time import perf_counter
from typing import Any
from urllib.parse import urlencode

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from simulator.query_strings import pairs_of

KEPT_ENTRIES = 20_000
KEPT_BODY_BYTES = 65_536
_OWN = ("/simulator", "/favicon.ico")
SECRET_NAMES = frozenset(
    {
        "access_token",
        "assertion",
        "client_secret",
        "code",
        "code_verifier",
        "password",
        "refresh_token",
        "token",
        "user_password",
    }
)


@dataclass(kw_only=True)
class JournalEntry:
    """One request. `status` stays `None` until it is answered, and for ever if it was dropped.

    `milliseconds` is how long it took from its arrival to the end of the answer.
    """

    id: int
    at: str
    method: str
    path: str
    query_string: str
    query: dict[str, str]
    headers: list[str]
    has_authorization: bool
    has_cookie: bool
    authorization_fingerprint: str | None
    cookie_fingerprint: str | None
    content_type: str
    client: str
    body: str = ""
    acting_user: str | None = None
    acting_user_sys_id: str | None = None
    acted_by: str | None = None
    fault: str | None = None
    status: int | None = None
    milliseconds: float | None = None
    answer_bytes: int = 0
    answered: bool = field(default=False)


class RequestJournal:
    """The last requests, oldest first, kept in memory."""

    def __init__(self, *, now: Callable[[], datetime]) -> None:
        self._now = now
        self._entries: deque[JournalEntry] = deque(maxlen=KEPT_ENTRIES)
        self._ids = count(1)

    def __iter__(self) -> Iterator[JournalEntry]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    def open(self, scope: Scope, *, body: bytes) -> JournalEntry:
        """A new entry for a request that has just arrived."""
        headers = Headers(scope=scope)
        query_string = without_secrets(scope["query_string"].decode("latin-1"))
        entry = JournalEntry(
            id=next(self._ids),
            at=self._now().isoformat(),
            method=scope["method"],
            path=scope["path"],
            query_string=query_string,
            query=dict(pairs_of(query_string)),
            headers=sorted(set(headers.keys())),
            has_authorization="authorization" in headers,
            has_cookie="cookie" in headers,
            authorization_fingerprint=fingerprint(headers.get("authorization")),
            cookie_fingerprint=fingerprint(headers.get("cookie")),
            content_type=headers.get("content-type", ""),
            client=_address(scope),
            body=_kept_body(body, content_type=headers.get("content-type", "")),
        )
        self._entries.append(entry)
        return entry

    def clear(self) -> None:
        """Forget every entry; ids go on."""
        self._entries.clear()

    def find(self, entry_id: int) -> JournalEntry | None:
        """The entry with this id, if it is still there."""
        return next((entry for entry in self._entries if entry.id == entry_id), None)

    def latest(
        self,
        count: int,
        *,
        path: str = "",
        user: str = "",
        method: str = "",
        before: int | None = None,
    ) -> list[JournalEntry]:
        """The last entries that fit, newest first; `before` an id, `path` is a prefix."""
        fitting = (
            entry
            for entry in reversed(self._entries)
            if (before is None or entry.id < before)
            and entry.path.startswith(path)
            and user in ("", entry.acting_user)
            and method.upper() in ("", entry.method)
        )
        return list(islice(fitting, count))

    def as_json(self, *, after: int = 0, path: str = "", method: str = "") -> list[dict[str, Any]]:
        """Entries with an id above `after`, whose path begins with `path`, of that method."""
        return [
            asdict(entry)
            for entry in self._entries
            if entry.id > after
            and entry.path.startswith(path)
            and method.upper() in ("", entry.method)
        ]


class JournalMiddleware:
    """Writes every request but those of the simulator's own pages into the journal."""

    def __init__(self, app: ASGIApp, *, journal: RequestJournal) -> None:
        self._app = app
        self._journal = journal

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and note how it was answered."""
        if scope["type"] != "http" or scope["path"].startswith(_OWN):
            await self._app(scope, receive, send)
            return
        body = await whole_body(receive)
        entry = self._journal.open(scope, body=body)
        arrived = perf_counter()

        async def journalled(message: Message) -> None:
            if message["type"] == "http.response.start":
                entry.status = message["status"]
            else:
                entry.answer_bytes += len(message.get("body", b""))
                entry.answered = not message.get("more_body", False)
                entry.milliseconds = (perf_counter() - arrived) * 1000
            await send(message)

        # The fault switches drop connections; only the server's own `receive` knows the transport.
        scope["simulator_receive"] = receive
        scope["simulator_entry"] = entry
        await self._app(scope, replay(body, then=receive), journalled)


async def whole_body(receive: Receive) -> bytes:
    """The request's body, read to its end or to the moment the client left."""
    parts = []
    while True:
        message = await receive()
        parts.append(message.get("body", b""))
        if not message.get("more_body", False):
            return b"".join(parts)


def replay(body: bytes, *, then: Receive) -> Receive:
    """A `receive` that hands out `body` once and after that whatever `then` has."""
    messages: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> Message:
        return messages.pop() if messages else await then()

    return receive


def fingerprint(secret: str | None) -> str | None:
    """The first 16 hex digits of the SHA-256; `None` for nothing."""
    return None if secret is None else sha256(secret.encode()).hexdigest()[:16]


def without_secrets(form: str) -> str:
    """A form-encoded text with the values of secrets replaced by `sha256:` and a fingerprint.

    A text without secrets comes back exactly as it was sent.
    """
    pairs = pairs_of(form)
    if not any(name in SECRET_NAMES for name, _ in pairs):
        return form
    return urlencode(
        [
            (name, f"sha256:{fingerprint(value)}" if name in SECRET_NAMES and value else value)
            for name, value in pairs
        ]
    )


def _kept_body(body: bytes, *, content_type: str) -> str:
    text = body[:KEPT_BODY_BYTES].decode("utf-8", errors="replace")
    if content_type.startswith("application/x-www-form-urlencoded"):
        return without_secrets(text)
    return text


def _address(scope: Scope) -> str:
    client = scope.get("client")
    return f"{client[0]}:{client[1]}" if client else ""
