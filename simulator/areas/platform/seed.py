"""Demo data."""

from simulator.areas.every import built_in_acls
from simulator.areas.platform.navigation import plant_navigation
from simulator.areas.platform.query_rules import plant_query_rules
from simulator.areas.platform.views import plant_views
from simulator.instance import Instance
from simulator.records.mirrored import link_roles


def plant(instance: Instance) -> None:
    """What configures the demo instance."""
    plant_views(instance)
    plant_query_rules(instance)
    plant_navigation(instance)
    link_roles(instance.store, built_in_acls(instance.switches), moment=instance.now())
