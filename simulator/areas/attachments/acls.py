"""ACLs of attachments: what a person may do to a file is what they may do to its record."""

from collections.abc import Mapping, Sequence

from simulator.access.acls import CREATE, DELETE, READ, WRITE, Acl, Condition, Operation
from simulator.access.people import Person
from simulator.access.roles import ADMIN
from simulator.records.reader import Reader

# Image fields keep their files as attachments that lists of attachments do not show.
HIDDEN_PREFIX = "ZZ_YY"

_NEEDED = ("table_name", "table_sys_id")
_OWN_TABLES = frozenset({"sys_attachment", "sys_attachment_attribute", "sys_attachment_doc"})
# What hangs a file on another record, or says something else of it than its content does.
_FIXED = ("table_name", "table_sys_id", "size_bytes", "size_compressed", "compressed", "hash")


def acls(reader: Reader) -> Sequence[Acl]:
    """Reading needs read access to the record, adding, renaming and deleting write access."""
    reading, writing = _follows(reader, READ), _follows(reader, WRITE)
    return (
        Acl(
            table="sys_attachment",
            operation=READ,
            condition=reading,
            needs=_NEEDED,
            for_outsiders=True,
        ),
        *(
            Acl(table="sys_attachment", operation=operation, condition=writing, needs=_NEEDED)
            for operation in (CREATE, WRITE, DELETE)
        ),
        *(
            Acl(table="sys_attachment", operation=WRITE, field=field, roles=ADMIN)
            for field in _FIXED
        ),
        *(
            Acl(
                table="sys_attachment_attribute",
                operation=operation,
                condition=_of_file(reader, READ if operation is READ else WRITE),
                needs=("attachment",),
            )
            for operation in (READ, CREATE, WRITE, DELETE)
        ),
        *(
            Acl(table="sys_attachment_doc", operation=operation, roles=ADMIN)
            for operation in (READ, CREATE, WRITE, DELETE)
        ),
    )


def _of_file(reader: Reader, operation: Operation) -> Condition:
    """An attribute is for whoever may do the same to its attachment."""

    def may(person: Person, row: Mapping[str, str]) -> bool:
        sys_id = row.get("attachment", "")
        return reader.may(person, operation, table="sys_attachment", sys_id=sys_id)

    return may


def _follows(reader: Reader, operation: Operation) -> Condition:
    needed = (READ,) if operation is READ else (READ, operation)

    def may(person: Person, row: Mapping[str, str]) -> bool:
        table = row.get("table_name", "").removeprefix(HIDDEN_PREFIX)
        if table in _OWN_TABLES:
            return False  # a file on a file would ask the same again
        sys_id = row.get("table_sys_id", "")
        return all(reader.may(person, one, table=table, sys_id=sys_id) for one in needed)

    return may
