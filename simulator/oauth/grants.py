"""What each grant of `/oauth_token.do` asks before it gives tokens."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hmac import compare_digest

from simulator.instance import Row
from simulator.oauth.assertions import asserted_person
from simulator.oauth.challenges import challenge_of
from simulator.oauth.clients import ANY_GRANT, OAuthClient
from simulator.oauth.credentials import REFRESH, Granted
from simulator.oauth.scopes import granted_scope
from simulator.sign_in.people import is_served, may_sign_in, proven_person
from simulator.world import World

JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"

Fields = Mapping[str, str]

# What a registry made for one grant takes; the others take any.
_TAKEN = {
    "authz_code": frozenset({"authorization_code", "refresh_token"}),
    "ropc": frozenset({"password", "refresh_token"}),
    "client_credential": frozenset({"client_credentials"}),
    "jwt": frozenset({JWT_BEARER}),
}


@dataclass(frozen=True)
class Refused:
    """No token. ServiceNow does not say why; with `rfc_errors` the error of RFC 6749 does."""

    error: str


def outcome_of(world: World, fields: Fields) -> Granted | Refused:
    """The tokens a request to the token endpoint is given, or none."""
    if not world.is_on("oauth_active"):
        return Refused("invalid_request")
    name = fields.get("grant_type", "")
    grant = _GRANTS.get(name)
    if grant is None:
        return Refused("unsupported_grant_type")
    client = world.clients.find(fields.get("client_id", ""))
    if client is None or not client.proves_itself(fields.get("client_secret", "")):
        return Refused("invalid_client")
    if not _takes(world, client, grant=name):
        return Refused("unauthorized_client")
    return grant(world, client, fields)


def _takes(world: World, client: OAuthClient, *, grant: str) -> bool:
    if client.inbound_grant_type == "multiple":
        rows = world.instance.query("oauth_entity_profile", f"oauth_entity={client.sys_id}")
        given = {row["grant_type"] for row in rows}
        return not given or grant in given or grant == "refresh_token"
    taken = _TAKEN.get(client.inbound_grant_type)
    return client.inbound_grant_type == ANY_GRANT or taken is None or grant in taken


def _by_code(world: World, client: OAuthClient, fields: Fields) -> Granted | Refused:
    code = world.codes.spend(fields.get("code", ""))
    if code is None or code.asked.client_id != client.client_id:
        return Refused("invalid_grant")
    if fields.get("redirect_uri", "") != code.asked.redirect:
        return Refused("invalid_grant")
    challenge = code.asked.code_challenge
    if client.public and not challenge:  # it was not public when the code was asked for
        return Refused("invalid_grant")
    if not _shows_verifier(challenge, fields.get("code_verifier", "")):
        return Refused("invalid_grant")
    person = world.instance.row("sys_user", code.user)
    if person is None or not may_sign_in(person):
        return Refused("invalid_grant")
    return world.credentials.grant(client, user=code.user, scope=code.asked.scope)


def _shows_verifier(challenge: str, verifier: str) -> bool:
    return not challenge or compare_digest(challenge_of(verifier).encode(), challenge.encode())


def _by_refresh(world: World, client: OAuthClient, fields: Fields) -> Granted | Refused:
    if world.switches.refresh_fail_once:
        world.switches.refresh_fail_once = False
        return Refused("invalid_grant")
    presented = fields.get("refresh_token", "")
    known = world.credentials.live(presented, type_=REFRESH)
    if known is None:
        world.credentials.reused(presented)
    person = world.instance.row("sys_user", known.user) if known else None
    if person is None or not may_sign_in(person):
        return Refused("invalid_grant")
    return world.credentials.refresh(client, refresh_token=presented) or Refused("invalid_grant")


def _by_password(world: World, client: OAuthClient, fields: Fields) -> Granted | Refused:
    person = proven_person(
        world, user_name=fields.get("username", ""), password=fields.get("password", "")
    )
    if person is None or not may_sign_in(person):
        return Refused("invalid_grant")
    return _granted(world, client, fields, person=person)


def _by_client(world: World, client: OAuthClient, fields: Fields) -> Granted | Refused:
    person = world.instance.find_user(client.acts_as) if client.acts_as else None
    if not world.is_on("client_credentials") or client.public:
        return Refused("unauthorized_client")
    if person is None or not is_served(person):
        return Refused("invalid_grant")
    return _granted(world, client, fields, person=person, with_refresh=False)


def _by_assertion(world: World, client: OAuthClient, fields: Fields) -> Granted | Refused:
    person = asserted_person(world, client, fields.get("assertion", ""))
    if person is None or not is_served(person):
        return Refused("invalid_grant")
    acting = world.instance.person(person["sys_id"])
    if acting is None or (acting.is_admin and not world.switches.jwt_for_admins):
        return Refused("invalid_grant")
    return _granted(world, client, fields, person=person, with_refresh=False)


def _granted(
    world: World, client: OAuthClient, fields: Fields, *, person: Row, with_refresh: bool = True
) -> Granted | Refused:
    scope = granted_scope(world.instance, client.sys_id, asked=fields.get("scope", "").strip())
    if scope is None:
        return Refused("invalid_scope")
    return world.credentials.grant(
        client, user=person["sys_id"], scope=scope, with_refresh=with_refresh
    )


_GRANTS: dict[str, Callable[[World, OAuthClient, Fields], Granted | Refused]] = {
    "authorization_code": _by_code,
    "refresh_token": _by_refresh,
    "password": _by_password,
    "client_credentials": _by_client,
    JWT_BEARER: _by_assertion,
}
