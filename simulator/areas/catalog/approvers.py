"""ACLs by which those who have to approve an order may read it."""

from collections.abc import Mapping, Sequence

from simulator.access.acls import READ, Acl
from simulator.access.people import Person
from simulator.queries.compiler import ALIAS, SelectText
from simulator.records.reader import Reader


def acls_of_approvers(reader: Reader) -> Sequence[Acl]:
    """An approver, or who stands in for them, reads what they are asked to approve."""

    def is_asked(person: Person, row: Mapping[str, str]) -> bool:
        source = f'FROM "sysapproval_approver" {ALIAS} WHERE {ALIAS}."sysapproval" = ?'
        select = SelectText(source, "", (row["sys_id"],))
        approvals = reader.rows("sysapproval_approver", select, limit=None, offset=0)
        asked = {approval["approver"] for approval in approvals}
        return bool(asked & {person.sys_id, *person.approves_for})

    return [
        Acl(table=table, operation=READ, condition=is_asked, needs=("sys_id",))
        for table in ("sc_request", "sc_req_item")
    ]
