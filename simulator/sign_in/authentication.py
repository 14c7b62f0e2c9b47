"""Who is acting: a session cookie, a bearer token, or a user name and password.

Only `/api/` needs it; the pages look at their session themselves. As the real thing may, a session
cookie that is presented wins over the token, and every API answer hands one out.
"""

import binascii
from base64 import b64decode
from typing import NamedTuple
from urllib.parse import parse_qsl

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from simulator.control.fault_answers import not_authenticated, scope_not_allowed
from simulator.control.request_journal import JournalEntry
from simulator.instance import Row
from simulator.oauth.credentials import ACCESS
from simulator.sign_in.people import is_served, proven_person
from simulator.sign_in.sessions import presented, set_cookie
from simulator.world import World


class Proof(NamedTuple):
    """Who is acting and by which credential: `session`, `bearer` or `basic`."""

    person: Row
    by: str


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
        proof = self._proof(scope)
        if proof is None:
            await not_authenticated()(scope, receive, send)
            return
        _note(scope, proof)
        scope["snow_user"] = proof.person["sys_id"]
        answer = self._gate(scope, proof)
        await (answer or self._app)(scope, receive, self._with_cookie(scope, proof, send))

    def _proof(self, scope: Scope) -> Proof | None:
        headers = Headers(scope=scope)
        scheme, _, credential = headers.get("authorization", "").partition(" ")
        token = dict(parse_qsl(scope["query_string"].decode("latin-1"))).get("access_token", "")
        if scheme.lower() == "bearer":
            token = credential.strip()
        by_token = _proven(self._by_token(token), by="bearer") if token else None
        if scheme.lower() == "basic" and by_token is None:
            by_token = _proven(self._by_password(credential), by="basic")
        return self._by_session(scope, brings_token=bool(token or scheme)) or by_token

    def _by_session(self, scope: Scope, *, brings_token: bool) -> Proof | None:
        """The person of a presented cookie; one that comes alone needs its CSRF token with it."""
        session = presented(scope)
        user = self._world.sessions.person(session) if self._world.switches.api_cookies else None
        if user is None:
            return None
        if not brings_token and Headers(scope=scope).get("x-usertoken") != session:
            return None
        return _proven(self._world.instance.row("sys_user", user), by="session")

    def _by_token(self, token: str) -> Row | None:
        credential = self._world.credentials.live(token, type_=ACCESS)
        return self._world.instance.row("sys_user", credential.user) if credential else None

    def _by_password(self, credential: str) -> Row | None:
        if not self._world.switches.basic_auth:
            return None
        try:
            user_name, _, password = b64decode(credential, validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            return None
        return proven_person(self._world, user_name=user_name, password=password)

    def _gate(self, scope: Scope, proof: Proof) -> Response | None:
        switches = self._world.switches
        if switches.scope_gate and proof.by != "basic":
            return scope_not_allowed()
        if scope["path"].startswith("/api/now/ui/") and not switches.user_interface_api:
            return scope_not_allowed()
        return None

    def _with_cookie(self, scope: Scope, proof: Proof, send: Send) -> Send:
        sessions = self._world.sessions
        is_known = sessions.person(presented(scope)) is not None
        if is_known or not self._world.switches.api_cookies:
            return send
        cookie = set_cookie(
            sessions.of_api(proof.person["sys_id"]), https=scope["scheme"] == "https"
        )

        async def send_with_cookie(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).append("Set-Cookie", cookie)
            await send(message)

        return send_with_cookie


def _proven(person: Row | None, *, by: str) -> Proof | None:
    return Proof(person, by) if person is not None and is_served(person) else None


def _note(scope: Scope, proof: Proof) -> None:
    entry: JournalEntry = scope["simulator_entry"]
    entry.acting_user = proof.person["user_name"]
    entry.acting_user_sys_id = proof.person["sys_id"]
    entry.acted_by = proof.by
