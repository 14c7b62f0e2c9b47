"""One item of a batch, run through the whole application as the person who sent the batch."""

import base64
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any
from urllib.parse import unquote_plus

import orjson
from starlette.requests import Request
from starlette.types import Message, Scope

from simulator.api.answers import refused
from simulator.api.batch_request import Item
from simulator.api.endpoints import METHODS
from simulator.errors import BadItem, MethodNotSupported, Refusal

# What proves who is acting: the batch's own, never an item's.
_CREDENTIALS = frozenset({"authorization", "cookie", "x-sn-apikey", "x-usertoken", "x-mfa_token"})
_CREDENTIAL_PARAMETERS = frozenset({"access_token", "x-sn-apikey"})
# What belongs to a connection, which an item does not have.
_OF_CONNECTION = frozenset(
    {"host", "content-length", "transfer-encoding", "connection", "accept-encoding", "expect"}
)
_OF_THE_BATCH = ("type", "asgi", "http_version", "scheme", "server", "client", "snow_user")


@dataclass
class Outcome:
    """What an item was answered."""

    status: int = 500
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: bytes = b""

    async def send(self, message: Message) -> None:
        """Take a part of the answer."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = [
                (name.decode("latin-1"), value.decode("latin-1"))
                for name, value in message["headers"]
            ]
        else:
            self.body += message.get("body", b"")

    def as_json(self, item: Item, *, milliseconds: int) -> dict[str, Any]:
        """The item's object in the batch's answer."""
        shown = {
            "id": item.id,
            "body": base64.b64encode(self.body).decode(),
            "status_code": self.status,
            "status_text": _phrase(self.status),
            "headers": self._shown_headers() if item.with_headers else [],
            "execution_time": milliseconds,
        }
        message, location = self._error(), dict(self.headers).get("location")
        if message:
            shown["error_message"] = message
        if location and 300 <= self.status < 400:
            shown["redirect_url"] = location
        return shown

    def _shown_headers(self) -> list[dict[str, str]]:
        return [
            {"name": "-".join(part.capitalize() for part in name.split("-")), "value": value}
            for name, value in self.headers
            if name != "set-cookie"
        ]

    def _error(self) -> str:
        try:
            body = orjson.loads(self.body) if self.status >= 400 else None
        except orjson.JSONDecodeError:
            return ""
        error = body.get("error") if isinstance(body, dict) else None
        return str(error.get("message", "")) if isinstance(error, dict) else ""


async def outcome_of(item: Item, *, batch: Request) -> Outcome:
    """Run an item; what cannot be run is answered 400 or 405.

    The item is authenticated anew with the credentials of the batch: a token's scopes and the
    faults count for it as for a request of its own. `snow_only` makes sure that it acts as nobody
    else, whatever credentials it may bring.
    """
    outcome = Outcome()
    try:
        _check(item)
    except Refusal as refusal:
        response = refused(refusal)
        await response(_scope(item, batch), batch.receive, outcome.send)
        return outcome
    receive = _Body(item.body or b"", batch).receive
    await batch.app(_scope(item, batch), receive, outcome.send)
    return outcome


def _check(item: Item) -> None:
    if not item.path:
        raise BadItem("The url of a batch item is the relative path of an API.")
    if item.is_batch:
        raise BadItem("A batch cannot hold another batch.")
    if item.body is None:
        raise BadItem("The body of a batch item is Base64 encoded.")
    if item.method not in METHODS:
        raise MethodNotSupported(item.method)


class _Body:
    """What an item receives: its body, then what happens to the connection of the batch.

    `transport` is that of the batch: a fault that drops a connection finds it there.
    """

    def __init__(self, body: bytes, batch: Request) -> None:
        self._body: bytes | None = body
        self._batch = batch.scope.get("simulator_receive", batch.receive)
        self.transport = getattr(getattr(self._batch, "__self__", None), "transport", None)

    async def receive(self) -> Message:
        """The next event."""
        if self._body is None:
            message: Message = await self._batch()
            return message
        body, self._body = self._body, None
        return {"type": "http.request", "body": body, "more_body": False}


def _scope(item: Item, batch: Request) -> Scope:
    path = item.path
    kept = {name: batch.scope[name] for name in _OF_THE_BATCH if name in batch.scope}
    return {
        **kept,
        "snow_only": batch.scope["snow_user"],
        "method": item.method,
        "path": path,
        "raw_path": path.encode(errors="replace"),
        "root_path": "",
        "query_string": _query_string(item, batch) if path else b"",
        "headers": _headers(item, batch),
    }


def _query_string(item: Item, batch: Request) -> bytes:
    """The item's own parameters, with the credentials of the batch that travel as such."""
    own = [pair for pair in item.query_string.split(b"&") if not _is_credential(pair)]
    of_batch = [pair for pair in batch.scope["query_string"].split(b"&") if _is_credential(pair)]
    return b"&".join([*own, *of_batch])


def _is_credential(pair: bytes) -> bool:
    name = unquote_plus(pair.partition(b"=")[0].decode("latin-1"))
    return name.strip().lower() in _CREDENTIAL_PARAMETERS


def _headers(item: Item, batch: Request) -> list[tuple[bytes, bytes]]:
    own = dict(item.headers)
    for name in _CREDENTIALS | _OF_CONNECTION:
        own.pop(name, None)
    own.setdefault("accept", "application/json")
    encoded = [
        (name.encode("latin-1", errors="replace"), value.encode("latin-1", errors="replace"))
        for name, value in own.items()
    ]
    of_batch = [
        (name, value)
        for name, value in batch.scope["headers"]
        if name.decode("latin-1") in _CREDENTIALS | {"host"}
    ]
    length = str(len(item.body or b"")).encode()
    return [*encoded, *of_batch, (b"content-length", length)]


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""
