"""Business rules of registries, keys and limits."""

import secrets
from collections.abc import Callable, Sequence
from uuid import uuid4

from simulator.queries.parsing import literal
from simulator.records.rules import ON_INSERT, ON_UPDATE, Aborted, BusinessRule, Change, rule
from simulator.sign_in.sealing import sealed
from simulator.switches import Switches

_SECRET_FIELDS = (
    ("oauth_entity", "client_secret"),
    ("oauth_credential", "token"),
    ("jwt_verifier_map", "shared_key"),
    ("api_key", "token"),
    ("user_multifactor_auth", "multifactor_secret"),
)


def rules(_: Switches) -> Sequence[BusinessRule]:
    """What a registry gets by itself, secrets put away, limits that make sense."""
    return (
        rule("Give client its id and secret", "oauth_entity", _identify, order=10, on=ON_INSERT),
        rule("Client id is unique", "oauth_entity", _stay_unique, order=20),
        rule("Generate REST API key", "api_key", _generate_token, order=10, on=ON_INSERT),
        *(
            rule(f"Encrypt {field} of {table}", table, _encrypting(field), order=900)
            for table, field in _SECRET_FIELDS
        ),
        rule(
            "Prevent negative/zero value of Requests",
            "sys_rate_limit_rules",
            _limit_something,
            order=100,
        ),
        rule(
            "Reset rate limit when it changes",
            "sys_rate_limit_rules",
            _start_counting_anew,
            order=100,
            on=ON_UPDATE,
            after=True,
        ),
    )


def _identify(change: Change) -> None:
    if not change.get("client_id"):
        change.set("client_id", uuid4().hex)
    if not change.get("client_secret") and change.get("public_client") != "true":
        change.set("client_secret", secrets.token_urlsafe(24))


def _stay_unique(change: Change) -> None:
    if not change.changes("client_id"):
        return
    client_id = literal(change.get("client_id"))
    same = change.records.query("oauth_entity", f"client_id={client_id}")
    if any(row["sys_id"] != change.sys_id for row in same):
        raise Aborted


def _generate_token(change: Change) -> None:
    change.set("token", f"now_{secrets.token_urlsafe(64)}")


def _encrypting(field: str) -> Callable[[Change], None]:
    def encrypt(change: Change) -> None:
        if change.changes(field):
            change.set(field, sealed(change.get(field)))

    return encrypt


def _limit_something(change: Change) -> None:
    text = change.get("request_limit")
    if not text or int(text) <= 0:
        raise Aborted


def _start_counting_anew(change: Change) -> None:
    if not change.changes("request_limit"):
        return
    for table in ("sys_rate_limit_count", "sys_rate_limit_violations"):
        for row in change.records.query(table, f"rate_limit_rule={change.sys_id}"):
            change.records.delete(table, row["sys_id"])
