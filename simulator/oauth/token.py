"""`/oauth_token.do`, the two addresses of revocation, and the keys that tokens are signed with."""

import asyncio
import binascii
from base64 import b64decode
from urllib.parse import unquote_plus

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from simulator.control.fault_answers import oauth_refused
from simulator.oauth.grants import JWT_BEARER, Refused, outcome_of
from simulator.oauth.signing_keys import JWKS_PATH
from simulator.sign_in.forms import form_of, is_form
from simulator.world import World, world_of


async def token(request: Request) -> Response:
    """POST /oauth_token.do: only a form, whose fields may stand in the query string too."""
    world = world_of(request)
    if not is_form(request):
        return _refusal(world, Refused("invalid_request"))
    fields = {**request.query_params, **await form_of(request)}
    fields |= _from_headers(world, request, fields)
    if fields.get("grant_type") == "refresh_token":
        await asyncio.sleep(world.switches.refresh_latency)
    outcome = outcome_of(world, fields)
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


async def jwks(request: Request) -> Response:
    """GET /api/now/oauth/jwks: the public keys of JWT access tokens. Needs no authentication."""
    return JSONResponse(world_of(request).keys.published())


def _from_headers(world: World, request: Request, fields: dict[str, str]) -> dict[str, str]:
    """What clients send in headers: their id and secret by Basic, an assertion as PySNC does."""
    found: dict[str, str] = {}
    scheme, _, credential = request.headers.get("authorization", "").partition(" ")
    if world.switches.client_by_basic and scheme.lower() == "basic" and "client_id" not in fields:
        found |= _by_basic(credential)
    scheme, _, assertion = request.headers.get("authentication", "").partition(" ")
    is_asserted = fields.get("grant_type") == JWT_BEARER and "assertion" not in fields
    if is_asserted and scheme.lower() == "bearer":
        found["assertion"] = assertion.strip()
    return found


def _by_basic(credential: str) -> dict[str, str]:
    try:
        client_id, _, secret = b64decode(credential, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return {}
    # RFC 6749, section 2.3.1: both are form-encoded before they are put together.
    return {"client_id": unquote_plus(client_id), "client_secret": unquote_plus(secret)}


def _refusal(world: World, refused: Refused) -> Response:
    if not world.switches.rfc_errors:
        return oauth_refused()
    return JSONResponse(
        {"error": refused.error, "error_description": "access_denied"},
        status_code=401 if refused.error == "invalid_client" else 400,
        headers={"Cache-Control": "no-store"},
    )


ROUTES = [
    Route("/oauth_token.do", token, methods=["POST"]),
    Route("/oauth_revoke_token.do", revoke, methods=["GET", "POST"]),
    Route("/oauth_revoke.do", revoke, methods=["GET", "POST"]),
    Route(JWKS_PATH, jwks, methods=["GET"]),
]
