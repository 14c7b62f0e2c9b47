"""What a person allowed a client before: shown beside a new question, or the answer to it.

A consent may be remembered, at the person's wish, for a client that takes the answer at an https
address. It answers a later question only where the page would say no more than the person read
then: the same client, person and address, no more scope, and the same toolsets with the same
tools. Whatever changed in between, the client's own description included, the person is asked; and
also where the client was away for so long that its refresh token is over.
"""

import hashlib
import json
from collections.abc import Iterable
from datetime import timedelta

from django.conf import settings
from django.utils import timezone
from oauth2_provider.models import Application

from mcp_app.portal.toolset_choices import ToolsetChoice, toolset_choices
from oauth_app.authorization_server.clients import described
from oauth_app.authorization_server.grants import standing_grant
from oauth_app.authorization_server.requests import ClientRequest
from oauth_app.authorization_server.resources import audience_of
from oauth_app.models import ClientGrant, Connection
from oauth_app.models.reconnect_tokens import TokenAccess


def standing_consent(asked: ClientRequest, *, connection: Connection) -> ClientGrant | None:
    """Return what this person lets the asking client do at present; None if nothing."""
    return standing_grant(
        user=connection.user,
        application=asked.application(),
        redirect_host=asked.redirect.host,
    )


def remembered_consent(asked: ClientRequest, *, connection: Connection) -> ClientGrant | None:
    """Return the consent that answers `asked` without asking; None where the person is asked."""
    application = asked.application()
    grant = standing_grant(
        user=connection.user, application=application, redirect_host=asked.redirect.host
    )
    if grant is None or not grant.is_remembered or asked.redirect.can_be_posed_as:
        return None
    if _was_away_too_long(grant):
        return None
    if asked.asks_to_write and grant.access != TokenAccess.WRITE:
        return None
    offered = toolset_choices(connection)
    read = [choice for choice in offered if choice.name in (grant.toolsets or [])]
    now = what_was_read(asked, application=application, access=grant.access, toolsets=read)
    return grant if now == grant.remembered_as else None


def _was_away_too_long(grant: ClientGrant) -> bool:
    last_seen = grant.last_used_at or grant.created_at
    return last_seen < timezone.now() - timedelta(seconds=settings.MCP_REFRESH_TOKEN_TTL)


def what_was_read(
    asked: ClientRequest,
    *,
    application: Application,
    access: str,
    toolsets: Iterable[ToolsetChoice],
) -> str:
    """Return a hash of all that a consent page says of a client and of what it is allowed."""
    said = [
        described(application),
        audience_of(asked.resources),
        access,
        [[one.name, one.reads, one.writes] for one in (set_.within(access) for set_ in toolsets)],
    ]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()
