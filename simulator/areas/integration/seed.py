"""What every instance has for inbound integrations: roles, scopes, policies that are off."""

from collections.abc import Iterator

from simulator.areas.integration.services import definitions, operations
from simulator.data.sys_ids import stable_sys_id
from simulator.instance import Instance

ROLES = (
    "oauth_admin",
    "mi_admin",
    "api_service_admin",
    "rate_limit_admin",
    "snc_platform_rest_api_access",
    "snc_basic_auth_api_access",
    "snc_external",
    "import_admin",
    "import_transformer",
    "import_set_loader",
)
KNOWLEDGE_LIMIT = 500  # requests an hour, as documented of the Knowledge API

_POLICIES = (
    ("Table GET API Access Policy", "now/table", "GET"),
    ("Table POST API Access Policy", "now/table", "POST"),
    ("Table PUT API Access Policy", "now/table", "PUT"),
    ("Table PATCH API Access Policy", "now/table", "PATCH"),
    ("Table DELETE API Access Policy", "now/table", "DELETE"),
)

_QUOTAS = (
    ("REST Batch API request timeout", "now/batch", 30),
    ("REST Table API request timeout", "now/table", 60),
    ("REST Aggregate API request timeout", "now/stats", 60),
    ("REST Import Set API request timeout", "now/import", 120),
    ("REST and JSON Catch All", "", 60),
)

Values = dict[str, str]


def plant(instance: Instance) -> None:
    """Insert them."""
    for role in ROLES:
        if not instance.count("sys_user_role", f"name={role}"):
            sys_id = stable_sys_id("sys_user_role", role)
            instance.insert("sys_user_role", {"sys_id": sys_id, "name": role})
    for table, rows in _tables():
        instance.insert_many(table, list(rows))


def _tables() -> Iterator[tuple[str, Iterator[Values]]]:
    yield "sys_auth_scope", _scopes()
    yield "sys_token_auth_parameter", _parameters()
    yield "sys_api_access_policy", _policies()
    yield "sys_rate_limit_rules", _rate_limits()
    yield "sysrule_quota", _quotas()
    yield "sys_ws_definition", definitions()
    yield "sys_ws_operation", operations()


def _scopes() -> Iterator[Values]:
    yield {
        "sys_id": stable_sys_id("sys_auth_scope", "useraccount"),
        "name": "useraccount",
        "description": "Everything the user may do",
    }


def _parameters() -> Iterator[Values]:
    for kind in ("auth_header", "query_param"):
        yield {
            "sys_id": stable_sys_id("sys_token_auth_parameter", "x-sn-apikey", kind),
            "parameter_name": "x-sn-apikey",
            "type": kind,
        }


def _policies() -> Iterator[Values]:
    for name, path, method in _POLICIES:
        yield {
            "sys_id": stable_sys_id("sys_api_access_policy", name),
            "name": name,
            "active": "false",
            "rest_api": "Table API",
            "api_path": path,
            "http_method": method,
            "apply_all_resources": "true",
            "apply_all_versions": "true",
        }


def _rate_limits() -> Iterator[Values]:
    name = "Knowledge API for external users"
    yield {
        "sys_id": stable_sys_id("sys_rate_limit_rules", name),
        "name": name,
        "api": "Knowledge Management REST API",
        "api_path": "sn_km_api/knowledge",
        "request_limit": str(KNOWLEDGE_LIMIT),
        "type": "role",
        "role": stable_sys_id("sys_user_role", "snc_external"),
    }


def _quotas() -> Iterator[Values]:
    for place, (name, url, seconds) in enumerate(_QUOTAS):
        yield {
            "sys_id": stable_sys_id("sysrule_quota", name),
            "name": name,
            "url": f"/api/{url}" if url else "",
            "max_duration": str(seconds),
            "order": str(100 * (place + 1)),
        }
