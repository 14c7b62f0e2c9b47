"""ACLs of agile development: a scrum user reads all of it, each role makes its own part."""

from collections.abc import Sequence

from simulator.access.acls import CREATE, DELETE, READ, WRITE, Acl
from simulator.switches import Switches

_ADMIN = frozenset({"scrum_admin"})
_PLANNERS = _ADMIN | {"scrum_product_owner", "scrum_release_planner"}
_SPRINTS = _ADMIN | {"scrum_master", "scrum_sprint_planner"}
_CREATORS = _PLANNERS | _SPRINTS | {"scrum_story_creator", "scrum_team_member"}
_EDITORS = _CREATORS | {"scrum_story_editor"}
_TASKS = _EDITORS | {"rm_scrum_task_admin"}
_READERS = _TASKS | {"scrum_user", "sn_agile_read"}

_MAKERS = {
    "scrum_theme": (_PLANNERS, _PLANNERS),
    "rm_epic": (_CREATORS, _CREATORS),
    "rm_release": (_PLANNERS, _PLANNERS),
    "rm_sprint": (_SPRINTS, _SPRINTS),
    "rm_story": (_CREATORS, _EDITORS),
    "rm_scrum_task": (_TASKS, _TASKS),
    "rm_feature": (_CREATORS, _CREATORS),
    "rm_doc": (_TASKS, _TASKS),
    "rm_test": (_TASKS, _TASKS),
    "m2m_product_group": (_PLANNERS, _PLANNERS),
    "m2m_release_group": (_PLANNERS, _PLANNERS),
    "m2m_product_release": (_PLANNERS, _PLANNERS),
    "m2m_story_dependencies": (_CREATORS, _EDITORS),
    "scrum_pp_team": (_PLANNERS, _PLANNERS),
    "scrum_pp_team_name": (_PLANNERS, _PLANNERS),
    "scrum_pp_release_team_member": (_PLANNERS, _PLANNERS),
    "scrum_pp_sprint_team_member": (_SPRINTS, _SPRINTS),
}


def acls(_: Switches) -> Sequence[Acl]:
    """For each table: who reads, who makes, who changes, and only administrators delete."""
    return tuple(
        Acl(table=table, operation=operation, roles=roles)
        for table, (creators, writers) in _MAKERS.items()
        for operation, roles in (
            (READ, _READERS),
            (CREATE, creators),
            (WRITE, writers),
            (DELETE, _ADMIN),
        )
    )
