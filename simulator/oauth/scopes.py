"""Auth scopes: which of them a client has, and what a token asked for is given."""

from simulator.instance import Instance

USER_ACCOUNT = "useraccount"


def scopes_of(instance: Instance, client: str) -> frozenset[str]:
    """The names of the auth scopes an application registry (a sys_id) is linked to."""
    rows = instance.store.rows(
        'SELECT s."name" FROM "oauth_entity_auth_scope_mapping" m'
        ' JOIN "sys_auth_scope" s ON s."sys_id" = m."auth_scope" WHERE m."oauth_entity" = ?',
        (client,),
    )
    return frozenset(name for (name,) in rows)


def granted_scope(instance: Instance, client: str, *, asked: str) -> str | None:
    """The scope of a token; None when the client may not have what it asks for.

    A client that is linked to no scope gets what it asks for, by default everything the user may
    do; what one that is linked to some gets by default is not verified.
    """
    linked = scopes_of(instance, client)
    if not linked:
        return asked or USER_ACCOUNT
    if not asked:
        return " ".join(sorted(linked))
    return asked if set(asked.split()) <= linked else None
