"""Who has to approve a task may read it."""

from collections.abc import Mapping, Sequence

from simulator.access.acls import READ, Acl
from simulator.access.people import Person
from simulator.queries.compiler import ALIAS, SelectText
from simulator.records.reader import Reader

# The tasks with ACLs of their own for reading: those of `task` do not count for them.
_TASKS = (
    *("task", "incident", "problem", "problem_task", "change_request", "change_task"),
    *("std_change_proposal", "sc_request", "sc_req_item", "planned_task"),
    *("pm_program", "pm_project", "pm_project_task", "dmn_demand"),
    *("rm_doc", "rm_epic", "rm_feature", "rm_release", "rm_scrum_task", "rm_sprint", "rm_story"),
    "rm_test",
)


def acls_of_approvers(reader: Reader) -> Sequence[Acl]:
    """An approver, or who stands in for them now, reads what they are asked to approve."""

    def is_approver(person: Person, of_task: str = "", *tasks: str) -> bool:
        people = (person.sys_id, *person.approves_for)
        source = (
            f'FROM "sysapproval_approver" {ALIAS}'
            f' WHERE {ALIAS}."approver" IN ({", ".join("?" for _ in people)}){of_task}'
        )
        return reader.has_any(SelectText(source, "", (*people, *tasks)))

    def is_asked(person: Person, row: Mapping[str, str]) -> bool:
        return is_approver(person, f' AND {ALIAS}."sysapproval" = ?', row["sys_id"])

    return [
        Acl(
            table=task,
            operation=READ,
            condition=is_asked,
            needs=("sys_id",),
            concerns=is_approver,
        )
        for task in _TASKS
    ]
