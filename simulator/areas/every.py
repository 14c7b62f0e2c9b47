"""Every area of the simulator, and a number that changes when a table or choice does."""

from zlib import crc32

from simulator.access.acls import Acl
from simulator.areas.agile import area as agile
from simulator.areas.agile import planned as planned_tasks
from simulator.areas.agile import projects
from simulator.areas.approvals import area as approvals
from simulator.areas.assets import area as assets
from simulator.areas.attachments import area as attachments
from simulator.areas.automation import area as automation
from simulator.areas.catalog import area as catalog
from simulator.areas.changes import area as changes
from simulator.areas.cmdb import area as cmdb
from simulator.areas.imports import area as imports
from simulator.areas.incidents import area as incidents
from simulator.areas.integration import area as integration
from simulator.areas.knowledge import area as knowledge
from simulator.areas.organisation import area as organisation
from simulator.areas.platform import area as platform
from simulator.areas.problems import area as problems
from simulator.areas.service_levels import area as service_levels
from simulator.areas.tasks import area as tasks
from simulator.areas.update_sets import area as update_sets
from simulator.records.rules import BusinessRule
from simulator.schema import ChoiceLists
from simulator.switches import Switches

AREAS = tuple(
    area.AREA
    for area in (
        platform,
        organisation,
        cmdb,
        tasks,
        incidents,
        problems,
        changes,
        approvals,
        service_levels,
        catalog,
        knowledge,
        update_sets,
        assets,
        planned_tasks,
        agile,
        projects,
        automation,
        attachments,
        imports,
        integration,
    )
)

TABLES = tuple(table for area in AREAS for table in area.tables)
CHOICES: ChoiceLists = {where: labels for area in AREAS for where, labels in area.choices.items()}
PLUGINS = {table.name: area.plugin for area in AREAS for table in area.tables if area.plugin}


def built_in_rules(switches: Switches) -> list[BusinessRule]:
    """The business rules of every area."""
    return [rule for area in AREAS for rule in area.rules(switches)]


def built_in_acls(switches: Switches) -> list[Acl]:
    """The ACLs of every area that do not ask for other records."""
    return [acl for area in AREAS for acl in area.acls(switches)]


def _fingerprint() -> int:
    """A number that changes with tables, choices, business rules and ACLs."""
    switches = Switches()
    rules = [(one.name, one.table, one.after, one.order) for one in built_in_rules(switches)]
    acls = [
        (one.table, one.field, str(one.operation), sorted(one.roles))
        for one in built_in_acls(switches)
    ]
    # SQLite's user_version, where it is kept, is a signed 32-bit number.
    return crc32(repr((TABLES, CHOICES, rules, acls)).encode()) >> 1


FINGERPRINT = _fingerprint()
