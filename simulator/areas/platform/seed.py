"""Demo data."""

from simulator.areas.every import built_in_acls
from simulator.areas.platform.database_views import INCIDENT_SLA, JOINED
from simulator.areas.platform.query_rules import plant_query_rules
from simulator.areas.platform.views import plant_views
from simulator.data.dictionary_rows import stable_sys_id
from simulator.instance import Instance
from simulator.records.mirrored import link_roles


def plant(instance: Instance) -> None:
    """What configures the demo instance."""
    plant_views(instance)
    _plant_database_views(instance)
    plant_query_rules(instance)
    link_roles(instance.store, built_in_acls(instance.switches), moment=instance.now())


def _plant_database_views(instance: Instance) -> None:
    name, label = INCIDENT_SLA.name, INCIDENT_SLA.label
    sys_id = stable_sys_id("sys_db_view", name)
    view = {"sys_id": sys_id, "name": name, "label": label, "plural": f"{label}s"}
    instance.insert("sys_db_view", view)
    for joined in JOINED:
        joint = stable_sys_id("sys_db_view_table", name, joined["table"])
        instance.insert("sys_db_view_table", {**joined, "sys_id": joint, "view": sys_id})
