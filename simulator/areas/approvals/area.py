"""Approvals and delegation."""

from simulator.area import Area
from simulator.areas.approvals.acls import acls
from simulator.areas.approvals.choices import CHOICES
from simulator.areas.approvals.readers import acls_of_approvers
from simulator.areas.approvals.rules import rules
from simulator.areas.approvals.tables import APPROVAL_TABLES

AREA = Area(
    name="approvals",
    tables=APPROVAL_TABLES,
    choices=CHOICES,
    rules=rules,
    acls=acls,
    acls_by_record=acls_of_approvers,
)
