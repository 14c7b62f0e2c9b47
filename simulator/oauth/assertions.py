"""The JWT bearer grant (RFC 7523): whom an assertion names, once it is verified.

The key is found by `kid` among the verifier maps of the application registry; issuer and audience
must be the client id. Source: ServiceNow's "Configure an OAuth JSON web token bearer grant".
"""

from collections.abc import Iterator
from math import isfinite

from simulator.instance import Instance, Row
from simulator.oauth.clients import OAuthClient
from simulator.oauth.jwt import Claims, NotAToken, PublicKey, Token, public_key_of, read_token
from simulator.queries.parsing import literal
from simulator.schema import Storage
from simulator.sign_in.sealing import opened
from simulator.world import World

DEFAULT_SKEW = 300


def asserted_person(world: World, client: OAuthClient, assertion: str) -> Row | None:
    """The person an assertion names; None unless everything about it is right."""
    registry = world.instance.row("oauth_jwt", client.sys_id)
    if registry is None:
        return None
    try:
        token = read_token(assertion)
    except NotAToken:
        return None
    if not any(token.is_signed_by(one) for one in _keys(world.instance, registry, token.header)):
        return None
    if not _is_meant(world, registry, token):
        return None
    return _named(world.instance, field=registry["user_field"], value=token.claims.get("sub"))


def _keys(instance: Instance, registry: Row, header: Claims) -> Iterator[PublicKey | bytes]:
    """What may have signed it: the verifiers with its `kid`; without one, any of the client."""
    kid = header.get("kid")
    for row in instance.query("jwt_verifier_map", f"oauth_jwt={registry['sys_id']}"):
        if kid is not None and row["kid"] != kid:
            continue
        shared = opened(row["shared_key"])
        if shared:
            yield shared.encode(errors="surrogatepass")
        certificate = instance.row("sys_certificate", row["sys_certificate"])
        if certificate is None or certificate["active"] != "true":
            continue
        public = public_key_of(certificate["pem_certificate"])
        if public is not None:
            yield public


def _is_meant(world: World, registry: Row, token: Token) -> bool:
    claims, client_id = token.claims, registry["client_id"]
    audience = claims.get("aud")
    meant_for = audience if isinstance(audience, list) else [audience]
    if claims.get("iss") != client_id or client_id not in meant_for:
        return False
    skew, now = _number(registry["clock_skew"], default=DEFAULT_SKEW), world.clock.timestamp()
    expires = _number(claims.get("exp"), default=-1)
    begins = max(_number(claims.get(name), default=0) for name in ("nbf", "iat"))
    if expires + skew <= now or begins - skew > now:
        return False
    if registry["enable_jti_verification"] != "true":
        return True
    jti = claims.get(registry["jti_claim"] or "jti")
    if not isinstance(jti, str) or not jti:
        return False
    return world.assertions.is_new(client_id, jti, until=expires + skew)


def _named(instance: Instance, *, field: str, value: object) -> Row | None:
    known = instance.dictionary.fields_of("sys_user").get(field)
    if known is None or known.storage is not Storage.TEXT or known.type.startswith("password"):
        return None
    if not isinstance(value, str) or not value:
        return None
    rows = instance.query("sys_user", f"{field}={literal(value)}", limit=2)
    if len(rows) != 1 or rows[0][field].casefold() != value.casefold():
        return None
    return rows[0]


def _number(value: object, *, default: float) -> float:
    if not isinstance(value, (int, float, str)):
        return default
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return default
    return number if isfinite(number) else default
