"""ACLs of the tables that describe the instance, and those every other table falls back to."""

from collections.abc import Mapping, Sequence

from simulator.access.acls import CREATE, DELETE, READ, WRITE, Acl
from simulator.access.conditions import is_any
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
_FOR_ADMINISTRATORS = ("sys_metadata", "sys_properties", "sys_plugins", "v_plugin")
_FOR_EVERYBODY = (
    *("sys_ui_view", "sys_ui_section", "sys_ui_element", "sys_ui_form", "sys_ui_form_section"),
    *("sys_ui_list", "sys_ui_list_element", "sys_ui_related_list", "sys_ui_related_list_entry"),
    *("sys_ui_message", "sys_app_application", "sys_app_module", "sys_app_category"),
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
        *(Acl(table=table, operation=READ) for table in _FOR_EVERYBODY),
        Acl(table="incident_sla", operation=READ, roles=ITIL),
        *_of_tags(),
    )


def _of_tags() -> Sequence[Acl]:
    """People tag for themselves; some tags are for all to see."""
    mine = is_any("owner")
    return (
        Acl(table="label", operation=CREATE),
        Acl(table="label", operation=READ, condition=_is_seen, needs=("owner", "viewable_by")),
        *(
            Acl(table="label", operation=operation, condition=mine, needs=("owner",))
            for operation in (WRITE, DELETE)
        ),
        Acl(table="label_entry", operation=CREATE),
        *(
            Acl(
                table="label_entry",
                operation=operation,
                condition=is_any("label.owner"),
                needs=("label.owner",),
            )
            for operation in (WRITE, DELETE)
        ),
    )


def _is_seen(person: Person, row: Mapping[str, str]) -> bool:
    return row.get("viewable_by") == "everyone" or row.get("owner") == person.sys_id
