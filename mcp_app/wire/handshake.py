"""Requests of the handshake revisions (2024-11-05 to 2025-11-25): `initialize`, then a session.

The session is in the database, so each request may come to another worker. A request without a
session is served too, on its own: some clients never keep the id they were given.
"""

from collections.abc import Mapping

from mcp_types import DEFAULT_NEGOTIATED_VERSION

from mcp_app.bodies import is_id
from mcp_app.exceptions import AlreadyInitialized, NobodyAsked, RelayDown
from mcp_app.service import McpService
from mcp_app.sessions.finding import SESSION_HEADER, opened_session, put_session, session_of
from mcp_app.sessions.records import Session
from mcp_app.sessions.relay import RelayUnavailable
from mcp_app.sessions.worker import Worker
from mcp_app.wire.conversation import Asking, Conversation
from mcp_app.wire.http import HttpExchange
from mcp_app.wire.messages import Message
from mcp_app.wire.sdk import Connection
from mcp_app.wire.serving import Serving, serve
from mcp_app.wire.standing import StandingOutbound


async def serve_handshake(exchange: HttpExchange, message: Message, *, service: McpService) -> None:
    """Answer one POST of these revisions. Raises one of the refusals of `mcp_app.exceptions`."""
    session = await session_of(exchange.scope)
    if "method" not in message:
        await _take_answer(message, session=session, worker=service.worker)
        await exchange.answer(status=202)
    elif "id" not in message:
        await _take_notification(message, session=session, worker=service.worker)
        await exchange.answer(status=202)
    elif message["method"] == "initialize":
        await _initialize(exchange, message, session=session, service=service)
    else:
        await serve(exchange, _serving(exchange, message, session=session, service=service))


async def _initialize(
    exchange: HttpExchange, message: Message, *, session: Session | None, service: McpService
) -> None:
    """Agree on a revision and open a session, whose id the answer carries."""
    if session is not None:
        raise AlreadyInitialized("This session is initialized already")
    await serve(exchange, beginning(exchange, message, service=service, served=_Opening))


class _Opening(Serving):
    """`initialize` where sessions are kept."""

    async def headers_of(self, reply: Message) -> Mapping[str, str]:
        """The new session's id, if the kernel agreed."""
        if "result" not in reply:
            return {}
        return {SESSION_HEADER: await opened_session(self.scope, self.connection)}


def beginning(
    exchange: HttpExchange,
    message: Message,
    *,
    service: McpService,
    served: type[Serving] = Serving,
) -> Serving:
    """What `initialize` is served with: a connection on which nothing is agreed yet."""
    connection = Connection.for_loop(StandingOutbound(service.worker, ""))
    return served(service, connection, Conversation(exchange, message), message)


def alone(exchange: HttpExchange, message: Message, *, service: McpService) -> Serving:
    """What a request without a session is served with: only its header says the revision."""
    revision = exchange.header("mcp-protocol-version") or DEFAULT_NEGOTIATED_VERSION
    connection = Connection.from_envelope(revision, None, None)
    return Serving(service, connection, Conversation(exchange, message), message)


def _serving(
    exchange: HttpExchange, message: Message, *, session: Session | None, service: McpService
) -> Serving:
    if session is None:
        return alone(exchange, message, service=service)
    put_session(exchange.scope, session)
    connection = Connection.from_envelope(
        session.protocol_version,
        session.client_info,
        session.capabilities,
        outbound=StandingOutbound(service.worker, session.id_hash),
    )
    asking = Asking(session.id_hash, service.worker.questions)
    conversation = Conversation(exchange, message, asking=asking)
    return Serving(service, connection, conversation, message, session=session.id_hash)


async def _take_answer(message: Message, *, session: Session | None, worker: Worker) -> None:
    """Bring an answer to the request of the server that waits for it, on whichever worker."""
    if session is None:
        raise NobodyAsked("An answer belongs to a session, and this request names none")
    try:
        await worker.answered(session.id_hash, message)
    except RelayUnavailable as fault:
        text = "The answer cannot be passed on at the moment: send it again"
        raise RelayDown(text) from fault


async def _take_notification(message: Message, *, session: Session | None, worker: Worker) -> None:
    """Act on the two notifications that concern an open request; the others change nothing here."""
    params = message.get("params") or {}
    if session is None:
        return
    if message["method"] == "notifications/cancelled":
        # All workers hear it, so nothing else is passed on, however long.
        if is_id(request_id := params.get("requestId")):
            await worker.cancelled(session.id_hash, request_id)
    elif message["method"] == "notifications/progress":
        await worker.progressed(session.id_hash, params)
