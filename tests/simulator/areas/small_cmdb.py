"""A few configuration items in a small instance, with the rules that tell items apart."""

from simulator.areas.cmdb import seed
from simulator.areas.cmdb.relation_types import type_id
from tests.simulator.small_instance import MAIL, NETWORK, Api

WEB, SERVICE, DATABASE = ("8" * 31 + digit for digit in "123")
DEPENDS, RUNS = type_id("Depends on::Used by"), type_id("Runs on::Runs")
BELONGS = "6" * 32


def cmdb() -> Api:
    """An instance in which a service depends on a server, on which a database runs."""
    api = Api()
    instance = api.instance
    seed.plant_rules(instance)
    web = {"sys_id": WEB, "name": "web-01", "serial_number": "SN-1", "support_group": NETWORK}
    instance.insert("cmdb_ci_linux_server", web)
    instance.insert("cmdb_ci_service", {"sys_id": SERVICE, "name": "Portal"})
    instance.insert("cmdb_ci_db_mysql_instance", {"sys_id": DATABASE, "name": "mysql@web-01"})
    for sys_id, parent, kind, child in (
        (BELONGS, SERVICE, DEPENDS, WEB),
        ("6" * 31 + "1", DATABASE, RUNS, WEB),
        ("6" * 31 + "2", WEB, DEPENDS, MAIL),
    ):
        values = {"sys_id": sys_id, "parent": parent, "type": kind, "child": child}
        instance.insert("cmdb_rel_ci", values)
    return api
