"""ACLs of the tables that describe the instance, and those every other table falls back to."""

from collections.abc import Mapping, Sequence

from simulator.access.acls import CREATE, DELETE, READ, WRITE, Acl
from simulator.access.people import Person
from simulator.access.roles import ADMIN, ITIL, PERSONALIZE_CHOICES, PERSONALIZE_DICTIONARY
from simulator.switches import Switches

_DESCRIPTIONS = (
    *("sys_dictionary", "sys_db_object", "sys_choice", "sys_number", "sys_dictionary_override"),
    *("sys_documentation", "sys_choice_set", "sys_glide_object"),
)
_DEFINITIONS = (
    *("sys_db_object", "sys_dictionary", "sys_dictionary_override", "sys_documentation"),
    "sys_number",
)
_FOR_ADMINISTRATORS = (
    *("sys_properties", "sys_script", "sys_script_include", "sys_script_fix", "sys_plugins"),
    *("v_plugin", "sys_trigger", "sysauto", "sysevent", "syslog", "syslog_transaction"),
    *("sys_email", "sys_audit", "sys_audit_delete", "sys_history_set", "sys_history_line"),
    *("sys_security_acl", "sys_security_acl_role", "sys_user_session", "sys_flow_context"),
)


def acls(switches: Switches) -> Sequence[Acl]:
    """Everybody reads what no ACL of its own closes; only admins write it."""

    def itil_reads_dictionary(person: Person, _: Mapping[str, str]) -> bool:
        return switches.dictionary_readable and person.has_any(ITIL)

    def itil_reads_journals(person: Person, _: Mapping[str, str]) -> bool:
        return switches.journal_rows_readable and person.has_any(ITIL)

    return (
        Acl(table="*", operation=READ),
        *(
            Acl(table="*", operation=operation, roles=ADMIN)
            for operation in (CREATE, WRITE, DELETE)
        ),
        *(
            Acl(table=table, operation=READ, condition=itil_reads_dictionary)
            for table in _DESCRIPTIONS
        ),
        Acl(table="sys_journal_field", operation=READ, condition=itil_reads_journals),
        *(
            Acl(table=table, operation=operation, roles=PERSONALIZE_DICTIONARY)
            for table in _DEFINITIONS
            for operation in (CREATE, WRITE, DELETE)
        ),
        *(
            Acl(table="sys_choice", operation=operation, roles=PERSONALIZE_CHOICES)
            for operation in (CREATE, WRITE, DELETE)
        ),
        *(Acl(table=table, operation=READ, roles=ADMIN) for table in _FOR_ADMINISTRATORS),
    )
