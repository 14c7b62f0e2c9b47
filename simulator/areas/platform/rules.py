"""Business rules of the instance itself."""

from collections.abc import Sequence

from simulator.areas.platform import column_rules, mirror_rules, table_rules
from simulator.records.rules import BusinessRule
from simulator.switches import Switches


def rules(switches: Switches) -> Sequence[BusinessRule]:
    """Those of tables, of columns, and of what is built in."""
    return (
        *table_rules.rules(switches),
        *column_rules.rules(switches),
        *mirror_rules.rules(switches),
    )
