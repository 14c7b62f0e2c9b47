"""Demo data: applications, their default update sets, and two sets of work."""

from simulator.areas.update_sets.current import GLOBAL
from simulator.areas.update_sets.payloads import payload
from simulator.data.sys_ids import stable_sys_id
from simulator.instance import Instance
from simulator.seed import ids

Values = dict[str, str]

APPLICATION = stable_sys_id("sys_app", "Hardware Desk")
SOURCE = stable_sys_id("sys_update_set_source", "Acme Development")

_ROLES = ("sn_cicd.sys_ci_automation", "delegated_developer")


def plant(instance: Instance) -> None:
    """Insert them."""
    _insert_missing(instance, "sys_scope", [_global()])
    _insert_missing(instance, "sys_app", [_application()])
    _insert_missing(instance, "sys_user_role", [_role(name) for name in _ROLES])
    instance.insert_many("sys_update_set", [*_defaults(), *_sets(instance)])
    instance.insert_many("sys_update_set_source", [_source()])
    instance.insert_many("sys_update_xml", [_update(instance)])


def _insert_missing(instance: Instance, table: str, rows: list[Values]) -> None:
    """Other areas may have planted some of them."""
    names = {row["name"] for row in instance.query(table)}
    instance.insert_many(table, [row for row in rows if row["name"] not in names])


def _global() -> Values:
    return {
        "sys_id": GLOBAL,
        "sys_class_name": "sys_scope",
        "name": "Global",
        "scope": "global",
        "source": "global",
    }


def _application() -> Values:
    return {
        "sys_id": APPLICATION,
        "sys_class_name": "sys_app",
        "name": "Hardware Desk",
        "scope": "x_acme_hw_desk",
        "source": "x_acme_hw_desk",
        "version": "1.0.0",
        "vendor": "Acme Example Group",
        "vendor_prefix": "acme",
        "short_description": "Loans of equipment",
    }


def _role(name: str) -> Values:
    return {"sys_id": stable_sys_id("sys_user_role", name), "name": name}


def _defaults() -> list[Values]:
    return [
        {
            "sys_id": stable_sys_id("sys_update_set", "Default", application),
            "sys_class_name": "sys_update_set",
            "name": "Default",
            "application": application,
            "is_default": "true",
        }
        for application in (GLOBAL, APPLICATION)
    ]


def _sets(instance: Instance) -> list[Values]:
    return [
        {
            "sys_id": stable_sys_id("sys_update_set", "Incident form"),
            "sys_class_name": "sys_update_set",
            "name": "Incident form",
            "description": "Fields that the service desk asked for",
        },
        {
            "sys_id": _COMPLETE,
            "sys_class_name": "sys_update_set",
            "name": "Mail notifications",
            "description": "Shorter texts",
            "state": "complete",
            "completed_on": instance.now(),
            "completed_by": ids.person_id("admin"),
        },
    ]


_COMPLETE = stable_sys_id("sys_update_set", "Mail notifications")


def _source() -> Values:
    return {
        "sys_id": SOURCE,
        "name": "Acme Development",
        "url": "https://acmedev.example.com",
        "instance_id": stable_sys_id("instance", "acmedev"),
        "instance_name": "acmedev",
        "type": "dev",
        "username": "admin",
    }


def _update(instance: Instance) -> Values:
    sys_id = stable_sys_id("sys_properties", "acme.mail.footer")
    row = {"sys_id": sys_id, "name": "acme.mail.footer", "value": "Sent by Acme", "type": "string"}
    return {
        "sys_id": stable_sys_id("sys_update_xml", "acme.mail.footer"),
        "name": f"sys_properties_{sys_id}",
        "type": "System Property",
        "target_name": "acme.mail.footer",
        "table": "sys_properties",
        "payload": payload("sys_properties", [row], action="INSERT_OR_UPDATE"),
        "update_set": _COMPLETE,
        "sys_recorded_at": instance.now(),
    }
