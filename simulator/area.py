"""One part of ServiceNow, as its folder under `areas/` declares it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from simulator.access.acls import Acl
from simulator.jobs import Job
from simulator.records.reader import Reader
from simulator.records.rules import BusinessRule, DataPolicy
from simulator.schema import ChoiceLists, Table
from simulator.switches import Switches


def _none(_: Switches | Reader) -> tuple[()]:
    return ()


@dataclass(frozen=True, kw_only=True)
class Area:
    """Tables, choices, business rules, data policies and ACLs that belong together.

    `plugin` is what they come with; an instance may lack it (`Switches.absent_plugins`).
    `acls_by_record` are ACLs whose conditions ask for what a person may do to another record.
    `jobs` are done as the clock of the instance goes on.
    """

    name: str
    tables: Sequence[Table] = ()
    choices: ChoiceLists = field(default_factory=dict)
    rules: Callable[[Switches], Sequence[BusinessRule]] = _none
    policies: Sequence[DataPolicy] = ()
    acls: Callable[[Switches], Sequence[Acl]] = _none
    acls_by_record: Callable[[Reader], Sequence[Acl]] = _none
    jobs: Sequence[Job] = ()
    plugin: str = ""
