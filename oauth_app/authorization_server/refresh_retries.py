"""A refresh whose answer was lost: for a minute, the same request gets the same answer again.

A refresh token is good for one exchange. When the answer gets lost on its way, or two windows of
one client refresh at the same moment, the client shows a token that is spent already, which looks
like theft. So the answer is kept for a minute, encrypted under a key that only the spent refresh
token yields. It is given again only

- to the client that the token belongs to, which has authenticated itself anew,
- for the same request: same scope and resource, letter for letter,
- while the consent stands, and until the new refresh token is itself exchanged.

Everything else that shows a spent token is a reuse, and ends the consent (RFC 9700 4.14.2).
"""

import json
import secrets
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.utils import timezone
from oauthlib.common import Request

from oauth_app.encryption import KEY_BYTES, NONCE_BYTES
from oauth_app.hashing import stored_hash
from oauth_app.models import GrantedToken, RefreshAnswer

RETRIES_LAST: Final = timedelta(seconds=60)


def keep_answer(granted: GrantedToken, request: Request, answer: Mapping[str, Any]) -> None:
    """Keep what this refresh is answered, in place of the answer to the one before it.

    The caller holds the transaction in which the refresh token is spent.
    """
    nonce = secrets.token_bytes(NONCE_BYTES)
    clear = json.dumps(answer).encode()
    sealed = nonce + _cipher(request).encrypt(nonce, clear, _sameness(request))
    RefreshAnswer.objects.update_or_create(
        granted_token=granted,
        defaults={
            "spent_checksum": stored_hash(request.refresh_token),
            "sealed": sealed,
            "given_at": timezone.now(),
        },
    )


def kept_answer(granted: GrantedToken, request: Request) -> dict[str, Any] | None:
    """Return what the same request was answered within the last minute; None if it was not."""
    kept = RefreshAnswer.objects.filter(
        granted_token=granted,
        spent_checksum=stored_hash(request.refresh_token),
        given_at__gt=timezone.now() - RETRIES_LAST,
    ).first()
    if kept is None:
        return None
    nonce, sealed = kept.sealed[:NONCE_BYTES], kept.sealed[NONCE_BYTES:]
    try:
        clear = _cipher(request).decrypt(bytes(nonce), bytes(sealed), _sameness(request))
    except InvalidTag:  # it was answered to another client, or to another request
        return None
    answer: dict[str, Any] = json.loads(clear)
    return answer


def forget_old_answers() -> int:
    """Remove the answers that are too old to be given again and return how many there were."""
    removed, _ = RefreshAnswer.objects.filter(given_at__lte=timezone.now() - RETRIES_LAST).delete()
    return removed


def _cipher(request: Request) -> AESGCM:
    derivation = HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=b"refresh answer 1")
    return AESGCM(derivation.derive(request.refresh_token.encode("utf-8", "surrogatepass")))


def _sameness(request: Request) -> bytes:
    """Return what two requests share that are one and its retry."""
    asked = [pair for pair in request.decoded_body if pair[0] in {"scope", "resource"}]
    return json.dumps([request.client.client_id, sorted(asked)]).encode()
