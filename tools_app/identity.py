"""Who is acting, and the guard that keeps everybody else out of writes.

The server says who is acting; the model never does. Four fences, each in one place: `Caller` is
built from the verified credential of one request; no argument of a tool may be named like an
actor (`says_who_is_acting`, enforced by `spec.py` at import); every write passes `guard`, which
drops what only the server or ServiceNow may set; and the field that says on whose behalf a record
is made is filled in here.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal
from urllib.parse import unquote

from tools_app.exceptions import ArgumentProblem, InvalidArguments, NothingToWrite
from tools_app.journal_text import JOURNAL_FIELDS, as_one_entry


@dataclass(frozen=True)
class Caller:
    """The signed-in person behind one request, and what the credential lets them do.

    `sys_id`, `user_name` and `name` are the person's on the instance; `toolsets` is None where
    the credential does not narrow them. Built for each request and never kept.
    """

    user_id: int
    connection_id: int
    instance_id: int
    sys_id: str
    user_name: str
    name: str
    instance_url: str
    access: Literal["read", "write"]
    toolsets: frozenset[str] | None
    credential: Literal["oauth", "reconnect", "service"]
    client_name: str
    sign_in_url: str


# Names are compared without case, separators and look-alike forms: see `spelt_plainly`.
_ACTOR_NAMES = (
    "account accountid actingas actinguser actor actas approvedby approver approverid asuser "
    "author authorid behalfof caller callerid calleremail callername callersysid client clientid "
    "closedby connection connectionid createdby credential credentials customer customerid "
    "email employee employeeid forperson foruser identity impersonate impersonateuser instance "
    "instanceid instancename instanceurl login me myemail myid myself myuser myuserid myusername "
    "onbehalf onbehalfof openedby openedfor operator operatorid owner ownerid person personid "
    "principal reopenedby reportedby reporter reporterid requestedby requestedfor requester "
    "requesterid requestor requestorid resolvedby runas session sessionid signedinas "
    "submittedby submitter subject subjectid syscreatedby sysupdatedby tenant tenantid token "
    "updatedby user useremail userid username usersysid whoami"
)
_ACTORS = frozenset(_ACTOR_NAMES.split())
_PROTECTED_NAMES = (
    "approval approvalhistory approvalset approvedby approver approverid approvers caller "
    "callerid calleremail callername closedat closedby correlationdisplay correlationid createdby "
    "createdon impersonate impersonateuser number onbehalfof openedat openedby openedfor priority "
    "reopencount reopenedby reopenedtime reportedby requestedby requestedfor requester requestor "
    "resolvedat resolvedby runas submittedby updatedby updatedon userpassword"
)
_PROTECTED = frozenset(_PROTECTED_NAMES.split())
# Fields that an administrator added begin with one of these.
_ADDED = frozenset({"u", "x"})
# Every field of the platform's own begins like this, and `sysparm_` would be a directive.
_PLATFORM = re.compile(
    r"sys(?:[_\W]|parm|created|updated|modcount|domain|(?:id|tags|scope|package|policy|classname)$)"
)
_FIELD_NAME = re.compile(r"[a-z][a-z0-9_]{0,79}")
_SEPARATOR = re.compile(r"[\s.:/\\\[\]]+")
_JAVASCRIPT = re.compile(r"\s*javascript\s*:", re.IGNORECASE)

# The field in which a table keeps on whose behalf a record exists: always the signed-in person.
ON_WHOSE_BEHALF = {"incident": "caller_id", "change_request": "requested_by"}


def spelt_plainly(name: str) -> str:
    """`name` with case, separators, percent-encoding and look-alike forms taken away.

    `Caller-ID`, `callerId`, `CALLER ID`, `caller%5Fid` and full-width letters all give `callerid`.
    """
    folded = unicodedata.normalize("NFKC", unquote(name)).casefold()
    return "".join(letter for letter in folded if letter.isalnum())


def says_who_is_acting(name: str) -> bool:
    """Whether an argument of this name would let the model say who acts, or where."""
    return spelt_plainly(name) in _ACTORS


def is_protected(name: str) -> bool:
    """Whether only the server or ServiceNow may set this field, however it is spelt.

    Dotted names are looked at whole, part by part, and from each part on: `caller_id.name`,
    `incident.caller_id` and `caller.id` are all refused. So is a field that an administrator added
    for the same: `u_requested_for`, `x_acme_opened_by`.
    """
    folded = unicodedata.normalize("NFKC", unquote(name)).casefold().strip()
    parts = [part for part in _SEPARATOR.split(folded) if part]
    ends = range(1, len(parts) + 1)
    spellings = {"".join(parts[start:end]) for end in ends for start in range(end)}
    return any(
        spelt_plainly(spelling) in _PROTECTED
        or _PLATFORM.match(spelling)
        or _PLATFORM.match(spelt_plainly(spelling))
        or _is_added_identity(spelling)
        for spelling in spellings
    )


def _is_added_identity(spelling: str) -> bool:
    first, *words = spelling.split("_")
    ends = ("".join(words[start:]) for start in range(len(words)))
    return first in _ADDED and any(end in _PROTECTED & _ACTORS for end in ends)


@dataclass(frozen=True)
class GuardedWrite:
    """What may be written, and the names of what was dropped, as the model spelt them."""

    values: Mapping[str, str]
    dropped: tuple[str, ...]


def guard(values: Mapping[str, str]) -> GuardedWrite:
    """Drop every identity, audit and system field from a write and name it.

    A work note or comment stays one entry: nothing in it looks like somebody else's. Raises
    `InvalidArguments` if there is nothing to write, for a name that no field can have and for a
    value that ServiceNow might evaluate; `NothingToWrite` if nothing is left.
    """
    if not values:
        raise InvalidArguments(ArgumentProblem("arguments", "name nothing to change"))
    kept: dict[str, str] = {}
    dropped: list[str] = []
    for name, value in values.items():
        if is_protected(name):
            dropped.append(name)
        else:
            literal = _literal(name, value)
            kept[_field_name(name)] = as_one_entry(literal) if name in JOURNAL_FIELDS else literal
    if not kept:
        raise NothingToWrite(dropped)
    return GuardedWrite(kept, tuple(dropped))


def filled_in(table: str, guarded: GuardedWrite, *, caller: Caller) -> dict[str, str]:
    """The values of a new record of `table`, made on behalf of the caller and nobody else."""
    field = ON_WHOSE_BEHALF.get(table)
    return {**guarded.values, field: caller.sys_id} if field else dict(guarded.values)


def _field_name(name: str) -> str:
    if _FIELD_NAME.fullmatch(name):
        return name
    raise InvalidArguments(
        ArgumentProblem(
            name[:80], "is not the name of a field", "lower-case letters, digits and underscores"
        )
    )


def _literal(name: str, value: str) -> str:
    if _JAVASCRIPT.match(value):
        raise InvalidArguments(
            ArgumentProblem(name, "begins with `javascript:`, which is never sent", "plain text")
        )
    return value
