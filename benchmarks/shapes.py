"""The kinds of list that clients ask for, each as an encoded query over incidents."""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote

from benchmarks.server import RunningSimulator

FIELDS = (
    "number,short_description,state,priority,impact,urgency,category,opened_at,opened_by,"
    "caller_id,assigned_to,assignment_group,sys_created_on,sys_updated_on,sys_id"
)
PAGE = 10


@dataclass(frozen=True)
class Shape:
    """One kind of list: what it is, and its query."""

    name: str
    query: str

    @property
    def request(self) -> str:
        """The request for its first page."""
        return page_of(self.query)


def page_of(query: str, *, display: str = "false") -> str:
    """The request for the first page of incidents that match: 10 records of 15 fields."""
    return (
        f"GET /api/now/table/incident?sysparm_query={quote(query, safe='')}"
        f"&sysparm_fields={FIELDS}&sysparm_limit={PAGE}&sysparm_display_value={display}"
    )


def shapes(server: RunningSimulator, *, token: str) -> Iterator[Shape]:
    """The kinds of list, with values from the middle of the incidents that are there."""
    middle = server.get(
        "/api/now/table/incident?sysparm_query=assigned_toISNOTEMPTY^ORDERBYnumber"
        f"&sysparm_limit=1&sysparm_offset={server.incidents(token=token) // 2}"
        "&sysparm_exclude_reference_link=true",
        token=token,
    )["result"][0]
    person = server.get(
        f"/api/now/table/sys_user/{middle['caller_id']}?sysparm_exclude_reference_link=true",
        token=token,
    )["result"]
    yield from (Shape(name, query.format(**middle, **_of(person))) for name, query in _QUERIES)


def _of(person: dict[str, str]) -> dict[str, str]:
    return {"department": person["department"], "last_name": person["last_name"]}


_NEWEST = "^ORDERBYDESCopened_at"
_QUERIES = (
    ("all, newest first", "ORDERBYDESCopened_at"),
    ("all, last changed first", "ORDERBYDESCsys_updated_on"),
    ("by number", "number={number}"),
    ("by sys_id", "sys_id={sys_id}"),
    ("by a number that is not there", "number=INC9999999"),
    ("open ones of a group", "active=true^assignment_group={assignment_group}" + _NEWEST),
    (
        "all of a group, last changed",
        "assignment_group={assignment_group}^ORDERBYDESCsys_updated_on",
    ),
    ("open ones of an assignee", "active=true^assigned_to={assigned_to}^ORDERBYDESCsys_updated_on"),
    ("all of an assignee", "assigned_to={assigned_to}^ORDERBYDESCsys_updated_on"),
    ("of a caller", "caller_id={caller_id}" + _NEWEST),
    ("about an item", "cmdb_ci={cmdb_ci}" + _NEWEST),
    ("states IN", "stateIN1,2,3" + _NEWEST),
    ("state=7, most of them", "state=7" + _NEWEST),
    ("critical and open", "active=true^priority=1" + _NEWEST),
    ("open by priority", "active=true^ORDERBYpriority^ORDERBYDESCopened_at"),
    (
        "changed since yesterday",
        "sys_updated_on>javascript:gs.daysAgoStart(1)^ORDERBYsys_updated_on",
    ),
    ("opened today", "opened_atONToday@javascript:gs.daysAgoStart(0)@javascript:gs.daysAgoEnd(0)"),
    ("correlation_id= (none)", "correlation_id=no-such-system"),
    ("group by name, open", "assignment_group.name=Network^active=true" + _NEWEST),
    ("caller's department, open", "caller_id.department={department}^active=true" + _NEWEST),
    ("caller's department, all", "caller_id.department={department}" + _NEWEST),
    ("caller by part of the name", "caller_idLIKE{last_name}^active=true" + _NEWEST),
    ("LIKE, rare", "short_descriptionLIKElap-00101" + _NEWEST),
    ("LIKE, 4 % of them", "short_descriptionLIKEVPN" + _NEWEST),
    ("LIKE, open ones", "short_descriptionLIKEVPN^active=true" + _NEWEST),
    ("full text, rare word", "123TEXTQUERY321=lap-00101" + _NEWEST),
    ("full text, two words", "123TEXTQUERY321=softphone lap-00101" + _NEWEST),
    ("work notes LIKE, open ones", "work_notesLIKEvendor^active=true" + _NEWEST),
    ("no index: category=", "category=network" + _NEWEST),
    ("no index: ORDERBY text", "ORDERBYshort_description"),
)
