"""Who is acting: a session cookie, a bearer token, an API key, or a user name and password.

Only `/api/` needs it; the pages look at their session themselves. As the real thing may, a session
cookie that is presented wins over the token, and every API answer hands one out.
"""

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from simulator.access.people import GUEST
from simulator.control.fault_answers import error, not_authenticated
from simulator.control.request_journal import JournalEntry
from simulator.oauth.signing_keys import JWKS_PATH
from simulator.sign_in.gates import is_bounded, refusal_of
from simulator.sign_in.guests import as_guest, is_open_to_guests
from simulator.sign_in.people import known_person
from simulator.sign_in.proofs import (
    KEY_NAME,
    SESSION,
    Proof,
    SecondFactorMissing,
    by_api_key,
    by_password,
    by_token,
    served,
)
from simulator.sign_in.sessions import presented, set_cookies
from simulator.world import World

# No page elsewhere can make a browser send one of these.
_PROVING = ("authorization", KEY_NAME)
OPEN_PATHS = frozenset({JWKS_PATH})


class CrossSiteRequest(Exception):  # a situation, not an error
    """A session cookie came alone, without the token that only the instance's own pages know."""


class AuthenticationMiddleware:
    """Sets `scope["snow_user"]` (a sys_id) for API calls, or answers 401 or 403."""

    def __init__(self, app: ASGIApp, *, world: World) -> None:
        self._app = app
        self._world = world

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on as somebody's, or refuse it."""
        if scope["type"] != "http" or not scope["path"].startswith("/api/"):
            await self._app(scope, receive, send)
            return
        if scope["path"] in OPEN_PATHS:
            await self._app(scope, receive, send)
            return
        try:
            brought = self._brought(scope)
            proof = self._by_session(scope, brought=brought) or brought
        except SecondFactorMissing:
            answer = not_authenticated()
            answer.headers["X-MFA_TOKEN"] = "invalid"  # noqa: S105  # the documented answer
            await answer(scope, receive, send)
            return
        except CrossSiteRequest:
            await self._with_token(scope)(scope, receive, send)
            return
        if proof is None:
            await self._without_proof(scope, receive, send)
            return
        _note(scope, proof)
        scope["snow_user"] = proof.person["sys_id"]
        # Whatever a cookie makes of the caller: it opens no API that the token does not.
        refusal = refusal_of(self._world, scope, brought or proof)
        if refusal is not None:
            await refusal(scope, receive, send)
            return
        if not is_bounded(self._world, brought or proof):
            send = self._with_cookie(scope, proof, send)
        await self._app(scope, receive, send)

    async def _without_proof(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not is_open_to_guests(self._world.instance, scope):
            await not_authenticated()(scope, receive, send)
            return
        scope["snow_user"] = GUEST.sys_id
        await self._app(scope, receive, as_guest(send))

    def _brought(self, scope: Scope) -> Proof | None:
        """What a token, a key or a password proves."""
        return (
            served(by_token(self._world, scope))
            or served(by_api_key(self._world, scope))
            or served(by_password(self._world, scope))
        )

    def _by_session(self, scope: Scope, *, brought: Proof | None) -> Proof | None:
        """The person of a presented cookie; one that comes alone needs its CSRF token with it.

        What stands in the address proves nothing for a cookie: any page can make a link.
        """
        session = presented(scope)
        user = self._world.sessions.person(session) if self._world.switches.api_cookies else None
        person = known_person(self._world, user) if user else None
        if person is None:
            return None
        headers = Headers(scope=scope)
        is_alone = not any(name in headers for name in _PROVING)
        token = headers.get("x-usertoken")
        if is_alone and token != self._world.sessions.token(session):
            if brought is not None:
                return None
            raise CrossSiteRequest
        return served(Proof(person=person, by=SESSION))

    def _with_token(self, scope: Scope) -> Response:
        return error(
            401,
            message="User Not Authenticated",
            detail="Required to provide Auth information",
            headers={
                "X-Is-Logged-In": "true",
                "X-UserToken-Response": self._world.sessions.token(presented(scope)),
            },
        )

    def _with_cookie(self, scope: Scope, proof: Proof, send: Send) -> Send:
        sessions = self._world.sessions
        is_known = sessions.person(presented(scope)) is not None
        if is_known or not self._world.switches.api_cookies:
            return send
        cookies = set_cookies(
            sessions.of_api(proof.person["sys_id"]), https=scope["scheme"] == "https"
        )

        async def send_with_cookie(message: Message) -> None:
            if message["type"] == "http.response.start":
                for cookie in cookies:
                    MutableHeaders(scope=message).append("Set-Cookie", cookie)
            await send(message)

        return send_with_cookie


def _note(scope: Scope, proof: Proof) -> None:
    entry: JournalEntry = scope["simulator_entry"]
    entry.acting_user = proof.person["user_name"]
    entry.acting_user_sys_id = proof.person["sys_id"]
    entry.acted_by = proof.by
