"""The documented REST APIs as rows of the catalogue.

Only who needs no credentials is read from them; the rest is for people.
"""

from collections.abc import Iterator, Mapping

from simulator.data.sys_ids import stable_sys_id

_CHANGE = "sn_chg_rest/change"
_CATALOG = "sn_sc/servicecatalog"
_OPEN = "sn_km_api/knowledge"  # what guests may ask, too

SERVICES: Mapping[str, tuple[str, Mapping[str, tuple[str, ...]]]] = {
    "Table API": (
        "now/table",
        {
            "/{tableName}": ("GET", "POST"),
            "/{tableName}/{sys_id}": ("GET", "PUT", "PATCH", "DELETE"),
        },
    ),
    "Aggregate API": ("now/stats", {"/{tableName}": ("GET",)}),
    "Batch API": ("now/batch", {"/": ("POST",)}),
    "Attachment API": (
        "now/attachment",
        {
            "/": ("GET",),
            "/{sys_id}": ("GET", "DELETE"),
            "/{sys_id}/file": ("GET",),
            "/file": ("POST",),
            "/upload": ("POST",),
        },
    ),
    "Import Set API": (
        "now/import",
        {
            "/{stagingTableName}": ("POST",),
            "/{stagingTableName}/insertMultiple": ("POST",),
            "/{stagingTableName}/{sys_id}": ("GET",),
        },
    ),
    "User Role Inheritance": ("global/user_role_inheritance", {"/": ("GET",)}),
    "Service Catalog API": (
        _CATALOG,
        {
            "/catalogs": ("GET",),
            "/items": ("GET",),
            "/items/{sys_id}": ("GET",),
            "/items/{sys_id}/order_now": ("POST",),
            "/cart": ("GET",),
        },
    ),
    "Knowledge Management REST API": (
        _OPEN,
        {
            "/articles": ("GET",),
            "/articles/featured": ("GET",),
            "/articles/most_viewed": ("GET",),
            "/articles/{id}": ("GET",),
            "/articles/{id}/attachments/{attachment_id}": ("GET",),
        },
    ),
    "Change Management": (
        _CHANGE,
        {"/": ("GET",), "/{sys_id}": ("GET", "PATCH", "DELETE"), "/normal": ("POST",)},
    ),
}


def definitions() -> Iterator[dict[str, str]]:
    """One row for each API."""
    for name, (path, _) in SERVICES.items():
        yield {
            "sys_id": stable_sys_id("sys_ws_definition", path),
            "name": name,
            "namespace": path.partition("/")[0],
            "service_id": path.rpartition("/")[2],
            "base_uri": f"/api/{path}",
        }


def operations() -> Iterator[dict[str, str]]:
    """One row for each method of each resource."""
    for name, (path, resources) in SERVICES.items():
        for resource, methods in resources.items():
            for method in methods:
                yield {
                    "sys_id": stable_sys_id("sys_ws_operation", path, resource, method),
                    "name": f"{name} - {method} {resource}",
                    "web_service_definition": stable_sys_id("sys_ws_definition", path),
                    "http_method": method,
                    "relative_path": resource,
                    "operation_uri": f"/api/{path}{resource}".rstrip("/"),
                    "requires_authentication": "false" if path == _OPEN else "true",
                }
