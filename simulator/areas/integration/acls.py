"""ACLs of registries, tokens, keys and limits."""

from collections.abc import Sequence

from simulator.access.acls import CREATE, DELETE, READ, WRITE, Acl, Operation
from simulator.access.conditions import own_rows
from simulator.access.roles import ADMIN
from simulator.areas.integration.access_tables import ACCESS_TABLES
from simulator.areas.integration.limit_tables import LIMIT_TABLES
from simulator.areas.integration.oauth_tables import OAUTH_TABLES
from simulator.schema import Table
from simulator.switches import Switches

_OAUTH_ADMINS = frozenset({"oauth_admin", "mi_admin"})
_API_ADMINS = frozenset({"api_service_admin", "oauth_admin"})
_LIMIT_ADMINS = frozenset({"rate_limit_admin"})

_SECRETS = (
    ("oauth_credential", "token"),
    ("jwt_verifier_map", "shared_key"),
    ("api_key", "token"),
)


def acls(_: Switches) -> Sequence[Acl]:
    """Each part has its administrators; people see and end the tokens that act as them."""
    return (
        *_administered(OAUTH_TABLES, roles=_OAUTH_ADMINS),
        *_administered(ACCESS_TABLES, roles=_API_ADMINS),
        *_administered(LIMIT_TABLES, roles=_LIMIT_ADMINS),
        *own_rows("oauth_credential", (READ, DELETE)),
        *(Acl(table=table, operation=READ, field=field, roles=ADMIN) for table, field in _SECRETS),
    )


def _administered(tables: Sequence[Table], *, roles: frozenset[str]) -> list[Acl]:
    operations: tuple[Operation, ...] = (READ, CREATE, WRITE, DELETE)
    return [
        Acl(table=table.name, operation=operation, roles=roles)
        for table in tables
        for operation in operations
    ]
