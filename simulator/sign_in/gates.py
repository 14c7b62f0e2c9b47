"""What keeps a proven person from an API: policies, scopes, roles; each gate has its 403 or 401."""

from starlette.responses import Response
from starlette.types import Scope

from simulator.api.calls import ApiCall, call_of
from simulator.control.fault_answers import error, not_authenticated, scope_not_allowed
from simulator.instance import Instance, Row
from simulator.oauth.clients import NOT_RESTRICTED
from simulator.oauth.credentials import Credential
from simulator.oauth.scopes import USER_ACCOUNT, scopes_of
from simulator.sign_in.proofs import BASIC, BEARER, KEY, SESSION, Proof
from simulator.world import World

USER_INTERFACE = "now/ui"
BASIC_RESTRICTED = "glide.authenticate.basic_auth.restriction.enforce"
BASIC_ROLE = "snc_basic_auth_api_access"

_ACCEPTED_BY = {"basic_auth": BASIC, "oauth": BEARER, "id_token": BEARER}
_ANY_POLICY = 'SELECT 1 FROM "sys_api_access_policy" WHERE "active" = \'true\' LIMIT 1'
_LINKED = """
SELECT a."api_path", a."api", a."http_method", a."version", a."api_resource",
       a."apply_all_methods", a."apply_all_versions", a."apply_all_resources",
       a."disable_client_restriction", s."name"
FROM "sys_api_access_scope" a JOIN "sys_auth_scope" s ON s."sys_id" = a."auth_scope"
WHERE a."active" = 'true'
"""
_LINKED_FIELDS = (
    *("api_path", "api", "http_method", "version", "api_resource"),
    *("apply_all_methods", "apply_all_versions", "apply_all_resources"),
    *("disable_client_restriction", "scope"),
)


def refusal_of(world: World, scope: Scope, proof: Proof) -> Response | None:
    """The answer to a call that some gate stops, or None."""
    call = call_of(scope)
    if proof.by == BASIC and not _may_use_basic(world, proof):
        return not_authenticated()
    if proof.by != SESSION and not _is_accepted(world, call, proof):
        return not_authenticated()
    if world.switches.scope_gate and proof.by != BASIC:
        return scope_not_allowed()
    if call.path.startswith(f"{USER_INTERFACE}/") and not world.switches.user_interface_api:
        return scope_not_allowed()
    return _scope_refusal(world, call, proof)


def is_bounded(world: World, proof: Proof) -> bool:
    """Whether auth scopes keep the caller from anything: a session would let them out of that."""
    if proof.credential is None and not proof.scope:
        return False
    return USER_ACCOUNT not in _held(world, proof)[0]


def _may_use_basic(world: World, proof: Proof) -> bool:
    enforced = world.instance.property(BASIC_RESTRICTED) == "true"
    role = world.switches.basic_auth_role or (BASIC_ROLE if enforced else "")
    if not role or proof.showed_code or proof.person["web_service_access_only"] == "true":
        return True
    acting = world.instance.person(proof.person["sys_id"])
    return acting is not None and role in acting.roles


def _is_accepted(world: World, call: ApiCall, proof: Proof) -> bool:
    """Whether the access policy for this API, where there is one, takes this way to prove it."""
    covering = [row for row in _policies(world.instance) if call.is_covered_by(row)]
    profiles = [
        profile
        for policy in _most_specific(covering)
        for profile in _profiles(world.instance, policy)
    ]
    if proof.by == KEY:
        named = any(_takes_key(world.instance, profile, proof) for profile in profiles)
        return named or (not profiles and not world.switches.api_key_needs_policy)
    if not profiles:
        return proof.credential is None or not _needs_policy(world.instance, proof.credential)
    return any(_kind(world.instance, profile) == proof.by for profile in profiles)


def _needs_policy(instance: Instance, credential: Credential) -> bool:
    """Whether tokens of this client are good only where an access policy takes tokens."""
    enforced = instance.store.scalar(
        'SELECT "enforce_token_restriction" FROM "oauth_entity" WHERE "sys_id" = ?',
        (credential.peer,),
    )
    return enforced == "true"


def _policies(instance: Instance) -> list[Row]:
    # Most instances have none that is active, and every call asks.
    if instance.store.scalar(_ANY_POLICY) is None:
        return []
    return instance.query("sys_api_access_policy", "active=true")


def _most_specific(policies: list[Row]) -> list[Row]:
    def weight(policy: Row) -> int:
        named = (policy["resource"], policy["table"], policy["http_method"], policy["version"])
        return sum(1 << place for place, one in enumerate(reversed(named)) if one) + (
            100 if policy["global"] != "true" else 0
        )

    best = max((weight(policy) for policy in policies), default=0)
    return [policy for policy in policies if weight(policy) == best]


def _profiles(instance: Instance, policy: Row) -> list[Row]:
    mapped = instance.query("sys_auth_profile_mapping", f"api_access_policy={policy['sys_id']}")
    rows = (instance.row("inbound_auth_profile", row["inbound_auth_profile"]) for row in mapped)
    return [row for row in rows if row is not None and row["active"] == "true"]


def _kind(instance: Instance, profile: Row) -> str:
    standard = instance.row("std_http_auth", profile["sys_id"])
    return _ACCEPTED_BY.get(standard["type"], "") if standard else ""


def _takes_key(instance: Instance, profile: Row, proof: Proof) -> bool:
    keyed = instance.row("http_key_auth", profile["sys_id"])
    if keyed is None:
        return False
    parameter = instance.row("sys_token_auth_parameter", keyed["auth_parameter"])
    return parameter is None or parameter["type"] == proof.place


def _scope_refusal(world: World, call: ApiCall, proof: Proof) -> Response | None:
    """Auth scopes are asked of tokens and of keys that have one; of nobody else."""
    if proof.credential is None and not proof.scope:
        return None
    if not world.is_on("auth_scope_check"):
        return None
    held, is_secured = _held(world, proof)
    if USER_ACCOUNT in held:
        return None
    linked = [
        row for row in _linked(world.instance) if call.is_covered_by(row, resource="api_resource")
    ]
    if not linked:
        return scope_not_allowed() if is_secured else None
    is_open = all(row["disable_client_restriction"] == "true" for row in linked)
    if held & {row["scope"] for row in linked} or (is_open and not is_secured):
        return None
    return error(
        403,
        message="User Not Authorized",
        detail=f"Missing required api access scope: {linked[0]['scope']}",
        headers={"X-Is-Logged-In": "true"},
    )


def _held(world: World, proof: Proof) -> tuple[frozenset[str], bool]:
    """The scopes that count, and whether APIs without a scope are closed.

    Those of a client are read when the token is used: changing them changes live tokens.
    """
    if proof.credential is None:
        row = world.instance.row("sys_auth_scope", proof.scope) or {"name": ""}
        return frozenset({row["name"]}), True
    own = scopes_of(world.instance, proof.credential.peer)
    restriction = world.instance.store.scalar(
        'SELECT "scope_restriction_status" FROM "oauth_entity" WHERE "sys_id" = ?',
        (proof.credential.peer,),
    )
    is_secured = restriction not in NOT_RESTRICTED
    if not own and not is_secured and world.is_on("unscoped_clients"):
        return frozenset(proof.credential.scope.split()), False
    if not own:
        return frozenset(), True
    return own, is_secured


def _linked(instance: Instance) -> list[Row]:
    return [dict(zip(_LINKED_FIELDS, row, strict=True)) for row in instance.store.rows(_LINKED)]
