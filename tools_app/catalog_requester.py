"""Which answers to an item say for whom, or by whom, something is requested.

Such an answer can only be the signed-in person, whatever the item would take. What stands for the
requester is told by a variable's type, name, label and default, and of a form by the field of the
new record that it fills in.
"""

import re
from collections.abc import Iterable, Mapping

from servicenow.exceptions import NotAuthorized, QueryRefused
from servicenow.query import Query
from tools_app.catalog_items import Item, Variable
from tools_app.identity import Caller, is_protected, says_who_is_acting
from tools_app.record_texts import is_sys_id
from tools_app.spec import ToolCall

REQUESTED_FOR = "requested_for"

_PRODUCER = "record_producer"
# The tables of people in the base system: users, and what extends them.
_PEOPLE = frozenset({"sys_user", "customer_contact", "csm_consumer_user"})
# Types of variables that hold nobody: `requested_by` may well be a date.
_NOBODY = frozenset(
    {"check_box", "date", "date_time", "duration", "ip_address", "numeric_scale", "url", "yes_no"}
)
_SAYS_SO = re.compile(
    r"\b(?:req|requests?|requested|requesting|ordered|opened) for\b|\bon behalf\b|\bcaller\b"
    r"|\brequest[eo]r\b|\b(?:requested|ordered|opened|submitted|reported|raised|created) by\b"
    r"|\bwho is .*\bfor\b|\bfor whom\b",
    re.IGNORECASE,
)
# Somebody who decides about a request is not the one who makes it.
_DECIDES = frozenset({"approver", "approvers", "approver id"})
_WORD_ENDS = re.compile(r"(?<=[a-z])(?=[A-Z])|[\W_]+")


def own_answers(variable: Variable, *, caller: Caller) -> list[str]:
    """What the variable stores for the signed-in person; empty where its choices lack them."""
    if not variable.options:
        return [caller.sys_id]
    own = (caller.sys_id, caller.user_name, caller.name)
    return [one.value for one in variable.options if one.value and one.value in own]


def stands_for_requester(variable: Variable, *, caller: Caller) -> bool:
    """Whether the answer says for whom, or by whom, something is requested."""
    if variable.kind == REQUESTED_FOR:
        return True
    if variable.kind in _NOBODY:
        return False
    if _is_actors_field(variable.name):
        return True
    if not _takes_people(variable, caller=caller) or _words(variable.name) in _DECIDES:
        return False
    is_self_by_default = bool(caller.sys_id) and variable.default == caller.sys_id
    says_so = any(_SAYS_SO.search(_words(text)) for text in (variable.name, variable.label))
    return is_self_by_default or says_so or says_who_is_acting(variable.name)


async def requesters_of(call: ToolCall, item: Item, given: Mapping[str, str]) -> frozenset[str]:
    """Which variables of the item stand for the requester; `given` are answers. All by sys_id.

    A form maps any variable to any field of the record it makes, so that is looked at. Where it
    cannot be read, every answer about people counts, and every text that is a sys_id.
    """
    found = {one.sys_id for one in item.variables if stands_for_requester(one, caller=call.caller)}
    doubtful = [
        one
        for one in item.variables
        if item.kind == _PRODUCER
        and one.sys_id not in found
        and one.kind not in _NOBODY
        and (one.sys_id in given or one.mandatory)
    ]
    filled = await _fields_filled_in(call, doubtful) if doubtful else {}
    for one in doubtful:
        if one.sys_id in filled:
            stands = _is_actors_field(filled[one.sys_id])
        else:
            about_people = one.reference in _PEOPLE or not one.reference
            answer = given.get(one.sys_id, "")
            stands = about_people and bool(answer) and (bool(one.reference) or is_sys_id(answer))
        found |= {one.sys_id} if stands else set()
    return frozenset(found)


async def _fields_filled_in(call: ToolCall, variables: Iterable[Variable]) -> Mapping[str, str]:
    """The field that each variable fills in, by the variables' sys_ids, where it can be read."""
    wanted = [one.sys_id for one in variables]
    query = Query().is_in("sys_id", wanted)
    try:
        page = await call.tables.list(
            "item_option_new", query=query, fields=("field",), limit=len(wanted)
        )
    except (QueryRefused, NotAuthorized):
        return {}
    return {row.sys_id: row.value("field") for row in page.records if row.has("field")}


def _takes_people(variable: Variable, *, caller: Caller) -> bool:
    """Whether answers are people: by what they refer to, or since one choice is the caller."""
    chosen = bool(variable.options) and bool(own_answers(variable, caller=caller))
    return variable.reference in _PEOPLE or chosen


def _is_actors_field(name: str) -> bool:
    """Whether a name is that of an identity field, also one of somebody's own making (`u_…`)."""
    words = _words(name).split()
    ends = (" ".join(words[first:]) for first in range(len(words)))
    return any(
        is_protected(one) and says_who_is_acting(one) and one not in _DECIDES for one in ends
    )


def _words(text: str) -> str:
    """A name or a label as words: `requestedFor`, `u_requested_for` and `Requested-For` alike."""
    return _WORD_ENDS.sub(" ", text).strip().casefold()
