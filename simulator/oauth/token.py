"""`/oauth_token.do` and the two addresses of revocation."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from hmac import compare_digest

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from simulator.control.fault_answers import oauth_refused
from simulator.oauth.authorize import DEFAULT_SCOPE, challenge_of
from simulator.oauth.clients import OAuthClient
from simulator.oauth.credentials import REFRESH, Granted
from simulator.sign_in.forms import form_of, is_form
from simulator.sign_in.pages import is_served, may_sign_in, proven_person
from simulator.world import World, world_of


@dataclass(frozen=True)
class Refused:
    """No token. ServiceNow does not say why; with `rfc_errors` the error of RFC 6749 does."""

    error: str


Fields = dict[str, str]


async def token(request: Request) -> Response:
    """POST /oauth_token.do: only a form, whose fields may stand in the query string too."""
    world = world_of(request)
    if not is_form(request):
        return _refusal(world, Refused("invalid_request"))
    fields = {**request.query_params, **await form_of(request)}
    if fields.get("grant_type") == "refresh_token":
        await asyncio.sleep(world.switches.refresh_latency)
    outcome = _outcome(world, fields)
    if isinstance(outcome, Refused):
        return _refusal(world, outcome)
    return JSONResponse(
        outcome.as_json(now=world.clock.timestamp()),
        headers={"Cache-Control": "no-store", "Pragma": "no-cache"},
    )


async def revoke(request: Request) -> Response:
    """GET or POST: mark the token expired. Needs no authentication; 200 and empty in every case."""
    fields = {**request.query_params, **await form_of(request)}
    if fields.get("token"):
        world_of(request).credentials.expire(token=fields["token"])
    return Response(status_code=200)


def _outcome(world: World, fields: Fields) -> Granted | Refused:
    grant = _GRANTS.get(fields.get("grant_type", ""))
    if grant is None:
        return Refused("unsupported_grant_type")
    client = world.clients.find(fields.get("client_id", ""))
    if client is None or not client.proves_itself(fields.get("client_secret", "")):
        return Refused("invalid_client")
    return grant(world, client, fields)


def _by_code(world: World, client: OAuthClient, fields: Fields) -> Granted | Refused:
    code = world.codes.spend(fields.get("code", ""))
    if code is None or code.asked.client_id != client.client_id:
        return Refused("invalid_grant")
    if fields.get("redirect_uri", "") != code.asked.redirect:
        return Refused("invalid_grant")
    if not _shows_verifier(code.asked.code_challenge, fields.get("code_verifier", "")):
        return Refused("invalid_grant")
    return _granted(world, client, user=code.user, scope=code.asked.scope)


def _shows_verifier(challenge: str, verifier: str) -> bool:
    return not challenge or compare_digest(challenge_of(verifier).encode(), challenge.encode())


def _by_refresh(world: World, client: OAuthClient, fields: Fields) -> Granted | Refused:
    if world.switches.refresh_fail_once:
        world.switches.refresh_fail_once = False
        return Refused("invalid_grant")
    presented = fields.get("refresh_token", "")
    known = world.credentials.live(presented, type_=REFRESH)
    person = world.instance.row("sys_user", known.user) if known else None
    if person is None or not may_sign_in(person):
        return Refused("invalid_grant")
    return world.credentials.refresh(client, refresh_token=presented) or Refused("invalid_grant")


def _by_password(world: World, client: OAuthClient, fields: Fields) -> Granted | Refused:
    person = proven_person(
        world, user_name=fields.get("username", ""), password=fields.get("password", "")
    )
    if person is None:
        return Refused("invalid_grant")
    scope = fields.get("scope") or DEFAULT_SCOPE
    return _granted(world, client, user=person["sys_id"], scope=scope)


def _by_client(world: World, client: OAuthClient, fields: Fields) -> Granted | Refused:
    person = world.instance.find_user(client.acts_as) if client.acts_as else None
    if not world.switches.client_credentials or client.public:
        return Refused("unauthorized_client")
    if person is None or not is_served(person):
        return Refused("invalid_grant")
    return world.credentials.grant(
        client,
        user=person["sys_id"],
        scope=fields.get("scope") or DEFAULT_SCOPE,
        with_refresh=False,
    )


def _granted(world: World, client: OAuthClient, *, user: str, scope: str) -> Granted | Refused:
    person = world.instance.row("sys_user", user)
    if person is None or not may_sign_in(person):
        return Refused("invalid_grant")
    return world.credentials.grant(client, user=user, scope=scope)


def _refusal(world: World, refused: Refused) -> Response:
    if not world.switches.rfc_errors:
        return oauth_refused()
    return JSONResponse(
        {"error": refused.error, "error_description": "access_denied"},
        status_code=401 if refused.error == "invalid_client" else 400,
        headers={"Cache-Control": "no-store"},
    )


_GRANTS: dict[str, Callable[[World, OAuthClient, Fields], Granted | Refused]] = {
    "authorization_code": _by_code,
    "refresh_token": _by_refresh,
    "password": _by_password,
    "client_credentials": _by_client,
}

ROUTES = [
    Route("/oauth_token.do", token, methods=["POST"]),
    Route("/oauth_revoke_token.do", revoke, methods=["GET", "POST"]),
    Route("/oauth_revoke.do", revoke, methods=["GET", "POST"]),
]
