"""The records of sessions in the database; synchronous, for a thread.

A session belongs to the person and the client that opened it. For everybody else, and once it is
over, it does not exist: the answer is the same, so that an id tells nothing.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

import orjson
from django.utils import timezone

from mcp_app.credentials import Credential
from mcp_app.exceptions import ClientInfoTooLarge
from mcp_app.models import McpSession
from oauth_app.hashing import stored_hash

IDLE: Final = timedelta(days=7)
MOST_OF_A_PERSON: Final = 100
# A client describes itself in some hundred bytes; a stranger's novel is not kept.
MOST_BYTES: Final = 16 * 1024
_TOUCH_EVERY: Final = timedelta(minutes=1)


@dataclass(frozen=True)
class Session:
    """An open session, as a request finds it."""

    id_hash: str
    user_id: int
    protocol_version: str
    client_info: Mapping[str, Any]
    capabilities: Mapping[str, Any]


def open_session(
    credential: Credential,
    *,
    protocol_version: str,
    client_info: Mapping[str, Any],
    capabilities: Mapping[str, Any],
) -> str:
    """Keep what was agreed on and return the new session's id.

    The person's least recently used sessions end where they have too many. Raises
    `ClientInfoTooLarge`.
    """
    if len(orjson.dumps([client_info, capabilities])) > MOST_BYTES:
        raise ClientInfoTooLarge("The client describes itself at too great a length")
    session_id = secrets.token_urlsafe(32)
    McpSession.objects.create(
        id_hash=stored_hash(session_id),
        user_id=credential.user_id,
        client_id=credential.client_id,
        client_info=dict(client_info),
        capabilities=dict(capabilities),
        protocol_version=protocol_version,
    )
    _end_the_oldest(credential.user_id)
    return session_id


def find_session(session_id: str, credential: Credential) -> Session | None:
    """Return the session with this id if it is open and this credential's, and note its use."""
    found = McpSession.objects.filter(
        id_hash=stored_hash(session_id),
        user_id=credential.user_id,
        client_id=credential.client_id,
        last_used_at__gt=timezone.now() - IDLE,
    ).first()
    if found is None:
        return None
    if found.last_used_at < timezone.now() - _TOUCH_EVERY:
        McpSession.objects.filter(pk=found.pk).update(last_used_at=timezone.now())
    return Session(
        id_hash=found.id_hash,
        user_id=found.user_id,
        protocol_version=found.protocol_version,
        client_info=found.client_info,
        capabilities=found.capabilities,
    )


def end_session(session: Session) -> None:
    """Forget a session: its id is unknown from now on."""
    McpSession.objects.filter(id_hash=session.id_hash).delete()


def purge_idle_sessions() -> int:
    """Remove sessions nobody has used for a week; return how many."""
    _, removed = McpSession.objects.filter(last_used_at__lte=timezone.now() - IDLE).delete()
    return removed.get("mcp_app.McpSession", 0)


def _end_the_oldest(user_id: int) -> None:
    of_person = McpSession.objects.filter(user_id=user_id).order_by("-last_used_at", "-pk")
    too_many = list(of_person.values_list("pk", flat=True)[MOST_OF_A_PERSON:])
    if too_many:
        McpSession.objects.filter(pk__in=too_many).delete()
