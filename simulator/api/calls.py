"""Which REST API a call is to, and whether a rule of the instance covers it.

Auth scopes, access policies and rate limits all name APIs alike: a path such as `now/table`, and
optionally a method, a version, a resource and a table; what is left empty means every one.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import Scope

API_PATHS = {
    "Table API": "now/table",
    "Aggregate API": "now/stats",
    "Attachment API": "now/attachment",
    "Batch API": "now/batch",
    "Import Set API": "now/import",
    "Service Catalog API": "sn_sc/servicecatalog",
    "Knowledge Management REST API": "sn_km_api/knowledge",
    "Change Management": "sn_chg_rest/change",
    "CMDB Instance API": "now/cmdb/instance",
    "CMDB Meta API": "now/cmdb/meta",
    "Identification and Reconciliation API": "now/identifyreconcile",
    "User Role Inheritance": "global/user_role_inheritance",
}

OVERRIDING = frozenset({"GET", "PUT", "PATCH", "DELETE", "POST"})
"""The methods that `X-HTTP-Method-Override` may put in the place of POST."""

_PREFIX = "/api/"
_VERSION = re.compile(r"v[0-9]+")
_OF_TABLES = frozenset({"now/table", "now/stats", "now/import"})


@dataclass(frozen=True)
class ApiCall:
    """One call. `path` is without `/api/` and version: `now/table/incident`."""

    method: str
    path: str
    version: str

    @property
    def table(self) -> str:
        """The table that the Table, Aggregate or Import Set API is asked about, or nothing."""
        parts = self.path.split("/")
        return parts[2] if len(parts) > 2 and "/".join(parts[:2]) in _OF_TABLES else ""

    @property
    def api(self) -> str:
        """What the API is called; an unknown one by its path."""
        names = (name for name, path in API_PATHS.items() if is_within(self.path, path))
        return next(names, "/".join(self.path.split("/")[:2]))

    def is_covered_by(self, row: Mapping[str, str], *, resource: str = "resource") -> bool:
        """Whether a row is about this call; `resource` is how its field of resources is called."""
        path = row.get("api_path") or API_PATHS.get(row.get("api") or row.get("rest_api", ""), "")
        if not is_within(self.path, unversioned(path)[0]):
            return False
        return (
            _fits(row, "http_method", self.method, unless="apply_all_methods")
            and _fits(row, "version", self.version, unless="apply_all_versions")
            and _fits(row, "table", self.table, unless="apply_all_tables")
            and self._is_of_resource(row, resource)
        )

    def _is_of_resource(self, row: Mapping[str, str], field: str) -> bool:
        wanted = row.get(field, "")
        if not wanted or row.get("apply_all_resources") == "true":
            return True
        parts, given = unversioned(wanted)[0].split("/"), self.path.split("/")
        return len(parts) == len(given) and all(
            part.startswith("{") or part == one for part, one in zip(parts, given, strict=True)
        )


def call_of(scope: Scope) -> ApiCall:
    """The call that an ASGI request makes."""
    override = Headers(scope=scope).get("x-http-method-override", "").upper()
    is_overridden = scope["method"] == "POST" and override in OVERRIDING
    method = override if is_overridden else scope["method"]
    path, version = unversioned(scope["path"])
    return ApiCall("GET" if method == "HEAD" else method, path, version)


def unversioned(path: str) -> tuple[str, str]:
    """A path without `/api/` and version, and the version."""
    parts = path.removeprefix(_PREFIX).strip("/").removeprefix("api/").split("/")
    if len(parts) > 1 and _VERSION.fullmatch(parts[1]):
        return "/".join([parts[0], *parts[2:]]), parts[1]
    return "/".join(parts), ""


def api_of(request: Request) -> str:
    """Where the platform's APIs begin, in the version of the request: `/api/now/v2`."""
    version = unversioned(request.scope["path"])[1]
    return f"/api/now/{version}" if version else "/api/now"


def is_within(path: str, within: str) -> bool:
    """Whether a path is the other one or below it; everything is below an empty one."""
    return not within or path == within or path.startswith(f"{within}/")


def _fits(row: Mapping[str, str], field: str, given: str, *, unless: str) -> bool:
    wanted = row.get(field, "")
    return not wanted or row.get(unless) == "true" or wanted.lower() == given.lower()
