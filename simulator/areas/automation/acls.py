"""ACLs of scripts, workflows, flows, logs and mail."""

from collections.abc import Mapping, Sequence

from simulator.access.acls import READ, Acl
from simulator.access.people import Person
from simulator.access.roles import ADMIN, ITIL
from simulator.switches import Switches

_WORKFLOW = ITIL | {"workflow_admin", "workflow_publisher", "workflow_creator"}
_FLOW = frozenset({"flow_designer", "flow_operator", "sn_process_automation_designer"})

_BY_ROLE = {
    **dict.fromkeys(("wf_workflow", "wf_workflow_version", "wf_activity"), _WORKFLOW),
    **dict.fromkeys(("wf_activity_definition", "wf_transition", "wf_condition"), _WORKFLOW),
    **dict.fromkeys(("wf_context", "wf_history"), _WORKFLOW),
    **dict.fromkeys(("sys_hub_flow_base", "sys_hub_action_type_base"), _FLOW),
    **dict.fromkeys(("sys_hub_flow_component", "sys_flow_context"), _FLOW),
    **dict.fromkeys(("sys_trigger", "sysauto", "sysevent", "syslog", "syslog_transaction"), ADMIN),
    **dict.fromkeys(("sys_email", "sys_email_attachment", "sys_audit"), ADMIN),
    **dict.fromkeys(("sys_audit_delete", "sys_history_set", "sys_history_line"), ADMIN),
    "sys_user_session": ADMIN,
}
_OPEN = ("sys_template",)


def acls(_: Switches) -> Sequence[Acl]:
    """Logs and mail are for administrators, workflows for those who work with them."""
    return (
        *(Acl(table=table, operation=READ, roles=roles) for table, roles in _BY_ROLE.items()),
        *(Acl(table=table, operation=READ) for table in _OPEN),
        Acl(table="sys_report", operation=READ, condition=_is_shared, needs=("user",)),
    )


def _is_shared(person: Person, row: Mapping[str, str]) -> bool:
    """A report is for everybody, or for one person."""
    return row.get("user") in ("GLOBAL", person.sys_id)
