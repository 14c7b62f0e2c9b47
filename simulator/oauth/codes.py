"""What lives for a moment: asked consents, issued codes, ids of assertions that were used."""

import secrets
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

CODE_LIFESPAN = 60
KEPT_CONSENTS = 1000
KEPT_ASSERTIONS = 10_000


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What a client asked for at `/oauth_auth.do`. `redirect` is where the answer goes."""

    client_id: str
    redirect: str
    state: str
    scope: str
    response_type: str
    code_challenge: str


@dataclass(frozen=True, kw_only=True)
class Code:
    """An authorization code. `user` is a sys_id, `expires` seconds since 1970."""

    asked: Asked
    user: str
    expires: int


class Consents:
    """Consent pages that were shown and not answered, each bound to its browser's session."""

    def __init__(self) -> None:
        self._waiting: OrderedDict[str, tuple[str, Asked]] = OrderedDict()

    def show(self, asked: Asked, *, session: str) -> str:
        """Remember a page; the secret its form brings back."""
        consent = secrets.token_urlsafe(24)
        self._waiting[consent] = (session, asked)
        while len(self._waiting) > KEPT_CONSENTS:
            self._waiting.popitem(last=False)
        return consent

    def answered(self, consent: str, *, session: str) -> Asked | None:
        """What a form answers, once and only in the browser that was shown it."""
        known = self._waiting.get(consent)
        if known is None or known[0] != session:
            return None
        del self._waiting[consent]
        return known[1]

    def clear(self) -> None:
        """Forget every page."""
        self._waiting.clear()


class Codes:
    """Issued codes: each is good once, for a minute."""

    def __init__(self, *, now: Callable[[], int]) -> None:
        self._now = now
        self._issued: dict[str, Code] = {}

    def issue(self, asked: Asked, *, user: str) -> str:
        """A new code for what a person allowed."""
        code = secrets.token_urlsafe(32)
        self._issued = {
            known: facts for known, facts in self._issued.items() if facts.expires > self._now()
        }
        self._issued[code] = Code(asked=asked, user=user, expires=self._now() + CODE_LIFESPAN)
        return code

    def spend(self, code: str) -> Code | None:
        """What a code stands for; it is gone afterwards. `None` if unknown, spent or expired."""
        facts = self._issued.pop(code, None)
        return facts if facts is not None and facts.expires > self._now() else None

    def clear(self) -> None:
        """Forget every code."""
        self._issued.clear()


class SeenAssertions:
    """The ids (`jti`) of assertions that were used. `now` gives seconds since 1970."""

    def __init__(self, *, now: Callable[[], int]) -> None:
        self._now = now
        self._until: OrderedDict[tuple[str, str], float] = OrderedDict()

    def is_new(self, client: str, jti: str, *, until: float) -> bool:
        """Note an id until its assertion ends; whether it was not used before."""
        if self._until.get((client, jti), 0) > self._now():
            return False
        self._until[client, jti] = until
        while len(self._until) > KEPT_ASSERTIONS:
            self._until.popitem(last=False)
        return True

    def clear(self) -> None:
        """Forget every id."""
        self._until.clear()
