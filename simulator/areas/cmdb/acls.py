"""ACLs of configuration items, their relations and models."""

from collections.abc import Mapping, Sequence

from simulator.access.acls import CREATE, DELETE, READ, WRITE, Acl
from simulator.access.people import Person
from simulator.access.roles import ITIL
from simulator.records.reader import Reader
from simulator.switches import Switches

ASSET = frozenset({"asset"})
_KEEPERS = ITIL | ASSET

_BESIDE_ITEMS = ("cmdb_serial_number", "cmdb_ci_outage", "svc_ci_assoc", "cmdb_software_instance")


def acls(_: Switches) -> Sequence[Acl]:
    """People who work on tasks or keep assets keep configuration items, too."""
    return (
        *(
            Acl(table=table, operation=operation, roles=_KEEPERS)
            for table in ("cmdb", *_BESIDE_ITEMS)
            for operation in (CREATE, WRITE)
        ),
        *(
            Acl(table="cmdb_rel_ci", operation=operation, roles=_KEEPERS)
            for operation in (CREATE, WRITE, DELETE)
        ),
        *(
            Acl(table=table, operation=operation, roles=ASSET | frozenset({"model_manager"}))
            for table in ("cmdb_model", "cmdb_model_category")
            for operation in (CREATE, WRITE)
        ),
        *(
            Acl(table=table, operation=READ, roles=_KEEPERS)
            for table in ("sys_object_source", "cmdb_ire_incomplete_payloads")
        ),
    )


def acls_by_record(reader: Reader) -> Sequence[Acl]:
    """Nobody learns of an item they may not read from what it is related to."""

    def both_ends_are_readable(person: Person, row: Mapping[str, str]) -> bool:
        return all(
            reader.may(person, READ, table="cmdb_ci", sys_id=row[end])
            for end in ("parent", "child")
        )

    return (
        Acl(
            table="cmdb_rel_ci",
            operation=READ,
            condition=both_ends_are_readable,
            needs=("parent", "child"),
        ),
    )
