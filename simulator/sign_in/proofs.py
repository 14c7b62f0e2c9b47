"""Who an API call is from: each way to prove it."""

import binascii
from base64 import b64decode
from dataclasses import dataclass

from starlette.datastructures import Headers
from starlette.types import Scope

from simulator.instance import Row
from simulator.oauth.credentials import ACCESS, Credential
from simulator.query_strings import pairs_of
from simulator.sign_in.people import is_served, known_person, needs_code, proven_person
from simulator.sign_in.sealing import opened, sealed
from simulator.world import World

KEY_NAME = "x-sn-apikey"

BASIC, BEARER, SESSION, KEY = "basic", "bearer", "session", "api_key"


@dataclass(frozen=True, kw_only=True)
class Proof:
    """Who is acting, by which way, and what came with it.

    `credential` is the token of a bearer; `scope` the auth scope (a sys_id) of an API key, and
    `place` where that key stood: `auth_header` or `query_param`. `showed_code`: a one-time code
    came with the password.
    """

    person: Row
    by: str
    credential: Credential | None = None
    scope: str = ""
    place: str = ""
    showed_code: bool = False


class SecondFactorMissing(Exception):  # a situation, not an error
    """The password is right, and the person has to show a one-time code too."""


def parameters_of(scope: Scope) -> dict[str, str]:
    """The query parameters."""
    return dict(pairs_of(scope["query_string"].decode("latin-1")))


def by_token(world: World, scope: Scope) -> Proof | None:
    """`Authorization: Bearer`; without that header at all, `access_token` in the query."""
    authorization = Headers(scope=scope).get("authorization", "")
    scheme, _, credential = authorization.partition(" ")
    token = "" if authorization else parameters_of(scope).get("access_token", "")
    if scheme.lower() == "bearer":
        token = credential.strip()
    known = world.credentials.live(token, type_=ACCESS) if token else None
    if known is None or not world.is_on("oauth_active"):
        return None
    person = known_person(world, known.user)
    if person is None or not _is_active(world, known.peer):
        return None
    return Proof(person=person, by=BEARER, credential=known)


def by_password(world: World, scope: Scope) -> Proof | None:
    """`Authorization: Basic`. Raises SecondFactorMissing."""
    headers = Headers(scope=scope)
    scheme, _, credential = headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic" or not world.switches.basic_auth:
        return None
    try:
        user_name, _, password = b64decode(credential, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    code = headers.get("x-mfa_token", "")
    proven = proven_person(world, user_name=user_name, password=password, code=code)
    person = world.instance.find_user(user_name) if user_name else None
    is_coded = person is not None and needs_code(person)
    if proven is None and is_coded:
        raise SecondFactorMissing
    return Proof(person=proven, by=BASIC, showed_code=is_coded) if proven else None


def by_api_key(world: World, scope: Scope) -> Proof | None:
    """The header or the query parameter `x-sn-apikey`."""
    header = Headers(scope=scope).get(KEY_NAME, "")
    token = header or parameters_of(scope).get(KEY_NAME, "")
    if not token:
        return None
    rows = world.instance.store.rows(
        'SELECT "token", "user", "expires", "auth_scope" FROM "api_key"'
        ' WHERE "token" = ? AND "active" = \'true\'',
        (sealed(token),),
    )
    for kept, user, expires, auth_scope in rows:
        person = known_person(world, user)
        is_over = bool(expires) and expires <= world.instance.now()
        if opened(kept) == token and person is not None and not is_over:
            place = "auth_header" if header else "query_param"
            return Proof(person=person, by=KEY, scope=auth_scope, place=place)
    return None


def served(proof: Proof | None) -> Proof | None:
    """The proof, if the person is active and not locked out."""
    return proof if proof is not None and is_served(proof.person) else None


def _is_active(world: World, client: str) -> bool:
    active = world.instance.store.scalar(
        'SELECT "active" FROM "oauth_entity" WHERE "sys_id" = ?', (client,)
    )
    return active == "true"
