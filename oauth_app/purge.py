"""Removing what is over: nothing here is needed by anybody any more."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from oauth2_provider.models import clear_expired, get_refresh_token_model

from oauth_app import service_clients
from oauth_app.authorization_server.refresh_retries import forget_old_answers
from oauth_app.authorization_server.unused_clients import remove_unused_clients
from oauth_app.models import (
    AuthorizationRequest,
    BrowserSession,
    ConsentQuestion,
    GrantedToken,
    ReconnectToken,
)

# Long enough to tell someone who comes back late why their sign-in failed.
_REQUESTS_KEPT: Final = timedelta(days=1)
# Long enough to see in the admin what an ended token was last used for.
_TOKENS_KEPT: Final = timedelta(days=30)


@dataclass(frozen=True)
class Purged:
    """How many rows were removed."""

    authorization_requests: int
    reconnect_tokens: int
    sessions: int
    granted_tokens: int
    clients: int
    consent_questions: int
    refresh_answers: int
    service_clients: int


def purge_expired() -> Purged:
    """Remove old sign-ins, ended credentials, sessions, and the authorization server's rows.

    Safe to run twice, also at the same time.
    """
    now = timezone.now()
    requests, _ = AuthorizationRequest.objects.over_before(now - _REQUESTS_KEPT).delete()
    tokens, _ = ReconnectToken.objects.over_before(now - _TOKENS_KEPT).delete()
    sessions, _ = BrowserSession.objects.filter(expire_date__lt=now).delete()
    clear_expired()
    family = get_refresh_token_model().objects.filter(token_family=OuterRef("token_family"))
    leads_nowhere = Q(token_family=None) | ~Exists(family)
    granted, _ = GrantedToken.objects.filter(
        leads_nowhere, created_at__lt=now - _REQUESTS_KEPT
    ).delete()
    clients = remove_unused_clients(now=now)
    questions, _ = ConsentQuestion.objects.over_before(now - _REQUESTS_KEPT).delete()
    answers = forget_old_answers()
    services = service_clients.remove_ended(before=now - _TOKENS_KEPT)
    return Purged(requests, tokens, sessions, granted, clients, questions, answers, services)
