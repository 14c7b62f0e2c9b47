"""ACLs of the tables that describe the instance, and those every other table falls back to."""

from collections.abc import Mapping, Sequence

from simulator.access.acls import CREATE, DELETE, READ, WRITE, Acl
from simulator.access.people import Person
from simulator.access.roles import ADMIN, ITIL
from simulator.switches import Switches

_DESCRIPTIONS = ("sys_dictionary", "sys_db_object", "sys_choice", "sys_number")


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
        Acl(table="sys_properties", operation=READ, roles=ADMIN),
    )
