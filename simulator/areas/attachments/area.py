"""Attachments."""

from simulator.area import Area
from simulator.areas.attachments.acls import acls
from simulator.areas.attachments.choices import CHOICES
from simulator.areas.attachments.rules import rules
from simulator.areas.attachments.tables import (
    SYS_ATTACHMENT,
    SYS_ATTACHMENT_ATTRIBUTE,
    SYS_ATTACHMENT_DOC,
)

AREA = Area(
    name="attachments",
    tables=(SYS_ATTACHMENT, SYS_ATTACHMENT_ATTRIBUTE, SYS_ATTACHMENT_DOC),
    choices=CHOICES,
    rules=rules,
    acls_by_record=acls,
)
