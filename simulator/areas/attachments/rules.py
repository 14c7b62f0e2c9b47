"""Business rules of attachments."""

from collections.abc import Sequence

from simulator.areas.attachments.events import tell
from simulator.records.rules import ON_DELETE, ON_INSERT, ON_UPDATE, BusinessRule, rule
from simulator.switches import Switches


def rules(_: Switches) -> Sequence[BusinessRule]:
    """What happens to a file leaves an event."""
    always = ON_INSERT | ON_UPDATE | ON_DELETE
    return (rule("Tell of attachments", "sys_attachment", tell, order=100, on=always, after=True),)
