"""The navigation of the demo, and the plugins it says are installed."""

from collections.abc import Iterator

from simulator.areas.every import PLUGINS
from simulator.data.sys_ids import stable_sys_id
from simulator.instance import Instance

Values = dict[str, str]

# Menu, roles: modules as title, table, filter; without a filter, one that makes a new record.
_MENUS = {
    ("Self-Service", ""): (
        ("Incidents", "incident", "opened_by=javascript:gs.getUserID()^EQ"),
        ("My Requests", "sc_request", "requested_for=javascript:gs.getUserID()^EQ"),
        ("My Approvals", "sysapproval_approver", "approver=javascript:gs.getUserID()^EQ"),
    ),
    ("Incident", "itil"): (
        ("Create New", "incident", ""),
        ("Assigned to me", "incident", "active=true^assigned_to=javascript:gs.getUserID()^EQ"),
        ("Open", "incident", "active=true^EQ"),
        ("All", "incident", "EQ"),
    ),
    ("Problem", "itil"): (
        ("Create New", "problem", ""),
        ("Open", "problem", "active=true^EQ"),
        ("All", "problem", "EQ"),
    ),
    ("Change", "itil"): (
        ("Create New", "change_request", ""),
        ("Open", "change_request", "active=true^EQ"),
        ("All", "change_request", "EQ"),
    ),
    ("Knowledge", "itil"): (("All", "kb_knowledge", "EQ"),),
    ("Configuration", "itil"): (("All", "cmdb_ci", "EQ"), ("Servers", "cmdb_ci_server", "EQ")),
    ("User Administration", "user_admin"): (
        ("Users", "sys_user", "EQ"),
        ("Groups", "sys_user_group", "EQ"),
        ("Roles", "sys_user_role", "EQ"),
    ),
    ("System Definition", "admin"): (
        ("Tables", "sys_db_object", "EQ"),
        ("Business Rules", "sys_script", "EQ"),
        ("Scheduled Jobs", "sysauto", "EQ"),
    ),
}
_NAMES = {
    "com.glideapp.servicecatalog": "Service Catalog",
    "com.snc.incident": "Incident",
    "com.snc.problem": "Problem Management",
    "com.snc.change_request": "Change Management",
    "com.snc.sla": "Service Level Management",
    "com.snc.cmdb": "Configuration Management (CMDB)",
}


def plant_navigation(instance: Instance) -> None:
    """Insert menus with their modules, and the plugins."""
    instance.insert_many("sys_app_application", _menus())
    instance.insert_many("sys_app_module", _modules())
    plugins = {**dict.fromkeys(sorted(set(PLUGINS.values()))), **_NAMES}
    instance.insert_many(
        "sys_plugins", [_plugin(one, name or one) for one, name in plugins.items()]
    )
    instance.insert_many("v_plugin", [_listed(one, name or one) for one, name in plugins.items()])


def _menus() -> Iterator[Values]:
    for at, (title, roles) in enumerate(_MENUS, start=1):
        yield {
            "sys_id": stable_sys_id("sys_app_application", title),
            "title": title,
            "sys_name": title,
            "roles": roles,
            "order": str(100 * at),
        }


def _modules() -> Iterator[Values]:
    for (menu, roles), modules in _MENUS.items():
        for at, (title, table, condition) in enumerate(modules, start=1):
            yield {
                "sys_id": stable_sys_id("sys_app_module", menu, title),
                "application": stable_sys_id("sys_app_application", menu),
                "title": title,
                "sys_name": title,
                "roles": roles,
                "order": str(100 * at),
                "name": table,
                "filter": condition,
                "link_type": "LIST" if condition else "NEW",
            }


def _plugin(one: str, name: str) -> Values:
    sys_id = stable_sys_id("sys_plugins", one)
    return {"sys_id": sys_id, "source": one, "name": name, "active": "true", "version": "1.0.0"}


def _listed(one: str, name: str) -> Values:
    sys_id = stable_sys_id("v_plugin", one)
    return {"sys_id": sys_id, "id": one, "name": name, "active": "active", "version": "1.0.0"}
