"""Demo data."""

from simulator.areas.every import built_in_acls
from simulator.areas.platform.views import plant_views
from simulator.instance import Instance
from simulator.records.mirrored import link_roles


def plant(instance: Instance) -> None:
    """What configures the demo instance."""
    plant_views(instance)
    link_roles(instance.store, built_in_acls(instance.switches), moment=instance.now())
