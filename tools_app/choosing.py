"""From labels to the values that fields store, as this instance labels them, and whole writes.

Labels depend on the person's language and on what an administrator made of them, so they are
asked of the instance, never written down here.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from difflib import get_close_matches

from servicenow.dictionary import Choice, FieldInfo
from servicenow.records import Record, servicenow_time, to_servicenow_time
from tools_app.arguments import MOMENT_ACCEPTED, read_moment
from tools_app.cleaning import clean_line
from tools_app.exceptions import AmbiguousMatch, ArgumentProblem, Candidate, InvalidArguments
from tools_app.finding import FIELD_OF, KINDS, NUMBERED, Kind, look_up, one_of, pointed_to
from tools_app.identity import is_protected
from tools_app.record_texts import is_sys_id
from tools_app.results import iso
from tools_app.spec import ToolCall
from tools_app.validation import shown

_MOST_LISTED = 40
# Free text, for whose choices nobody needs to ask.
_PLANS = {"justification", "implementation_plan", "backout_plan", "test_plan"}
_PROSE = frozenset({"short_description", "description", "close_notes", *_PLANS})
_MAY_HAVE_CHOICES = frozenset({"", "string", "integer", "choice"})
_LIST = "glide_list"
_TIMES = frozenset({"glide_date_time", "due_date"})
# The choices of the first depend on the value of the second.
_DEPENDS_ON = {"subcategory": "category"}
_RANK = re.compile(r"^\d+\s*-\s*")


async def choice(
    call: ToolCall, table: str, field: str, text: str, *, argument: str = "", under: str = ""
) -> str:
    """The stored value of the choice that `text` labels, or is; `text` where there are none.

    `High` fits the label `1 - High`. `under` is the value on which the choice depends, such as
    the category of a subcategory. Raises `InvalidArguments` listing the right labels, and
    `AmbiguousMatch` if one label stands for several values.
    """
    choices = await _choices(call, table, field, under=under)
    sought = text.strip().casefold()
    if not choices or any(one.value == text.strip() for one in choices):
        return text.strip()
    for reading in (_value, _label, _label_without_rank):
        fitting = {one.value: one for one in choices if reading(one) == sought}
        if len(fitting) > 1:
            candidates = [
                Candidate(clean_line(one.value), clean_line(one.label)) for one in fitting.values()
            ]
            raise AmbiguousMatch(argument or field, shown(text), candidates=candidates)
        if fitting:
            return next(iter(fitting))
    raise InvalidArguments(
        ArgumentProblem(argument or field, f"is {shown(text)!r}", _listed(choices))
    )


async def labels_of(call: ToolCall, table: str, field: str) -> str:
    """What a failure says a field takes: `one of` its labels, as the instance has them."""
    choices = await call.tables.choices(table, field)
    return _listed(choices) if choices else "one of its labels"


async def _choices(call: ToolCall, table: str, field: str, *, under: str) -> list[Choice]:
    choices = list(await call.tables.choices(table, field))
    dependent = [one for one in choices if one.dependent_value in {"", under}]
    return dependent if under and dependent else choices


async def values_to_write(
    call: ToolCall,
    table: str,
    given: Mapping[str, str | datetime | None],
    other_fields: Mapping[str, str] | None = None,
    *,
    stored_as: Mapping[str, str] | None = None,
    before: Record | None = None,
) -> dict[str, str]:
    """What to send: `given` maps arguments to what the model wrote; absent ones are left out.

    `stored_as` names the fields of arguments that the table calls otherwise. Names become sys_ids
    and labels values, by the field's type in the dictionary. Protected fields in `other_fields`
    stay as they are: the guard drops and names them. Raises `InvalidArguments` for a field that
    the table does not have, or that is given twice.
    """
    fields = {**FIELD_OF, **(stored_as or {})}
    wanted = [
        (name, fields.get(name, name), iso(one) if isinstance(one, datetime) else one)
        for name, one in given.items()
        if one is not None
    ]
    others = [
        (f"other_fields.{shown(name)}", name, text) for name, text in (other_fields or {}).items()
    ]
    await look_up(call, await _names_in(call, table, wanted + others))
    values: dict[str, str] = {}
    for argument, field, text in wanted + others:
        if is_protected(field):
            values[field] = text
            continue
        if field in values:
            raise InvalidArguments(
                ArgumentProblem(argument, "is also given as an argument", "each field once")
            )
        if not await _is_field(call, table, field):
            raise await _no_such_field(call, table, field, argument=argument)
        leading = _DEPENDS_ON.get(field, "")
        under = values.get(leading, before.value(leading) if before else "")
        values[field] = await _stored(call, table, field, text, argument=argument, under=under)
    return values


async def _names_in(
    call: ToolCall, table: str, given: Sequence[tuple[str, str, str]]
) -> list[tuple[Kind, str]]:
    """The names of people, groups and things among what is to be written."""
    fields = await call.tables.fields_of(table)
    names = []
    for _, field, text in given:
        info = fields.get(field)
        kind = KINDS.get(info.reference) if info and not is_protected(field) else None
        if info and kind:
            names += [(kind, name) for name in _names_of(info, text)]
    return names


def _names_of(info: FieldInfo, text: str) -> list[str]:
    if info.type != _LIST:
        return [text]
    return [part for part in _parts(text) if "@" not in part]


async def _is_field(call: ToolCall, table: str, name: str) -> bool:
    """Whether a write may name this field. Other records are not written through this one."""
    return "." not in name and await call.tables.has_field(table, name)


async def _no_such_field(
    call: ToolCall, table: str, field: str, *, argument: str
) -> InvalidArguments:
    near = get_close_matches(field, await call.tables.fields_of(table), n=5, cutoff=0.5)
    named = f", such as {', '.join(near)}" if near else ""
    return InvalidArguments(
        ArgumentProblem(argument, f"is not a field of {table}", f"names of its fields{named}")
    )


async def _stored(
    call: ToolCall, table: str, field: str, text: str, *, argument: str, under: str
) -> str:
    info = (await call.tables.fields_of(table)).get(field)
    if info is None or not text.strip():
        return text.strip()
    if info.type == _LIST:
        return await _stored_list(call, info, text, argument=argument)
    if info.reference:
        return await _stored_reference(call, info, text, argument=argument)
    if info.type in _TIMES:
        return _stored_time(text, argument=argument)
    if info.type == "boolean" and text.strip() not in {"true", "false"}:
        raise InvalidArguments(ArgumentProblem(argument, f"is {shown(text)!r}", "true or false"))
    if field in _PROSE or info.type not in _MAY_HAVE_CHOICES:
        return text
    return await choice(call, table, field, text, argument=argument, under=under)


async def _stored_reference(call: ToolCall, info: FieldInfo, text: str, *, argument: str) -> str:
    if info.reference in KINDS:
        return (await one_of(call, KINDS[info.reference], text, argument=argument)).sys_id
    if is_sys_id(text):
        return text.strip()
    if info.reference in NUMBERED:
        return (await pointed_to(call, info.reference, text, argument=argument)).sys_id
    raise InvalidArguments(
        ArgumentProblem(argument, f"is {shown(text)!r}", f"the sys_id in {info.reference}")
    )


async def _stored_list(call: ToolCall, info: FieldInfo, text: str, *, argument: str) -> str:
    """A comma list of references: names become sys_ids, e-mail addresses stay as they are."""
    kind = KINDS.get(info.reference)
    parts = _parts(text)
    if kind is not None:
        parts = [
            part if "@" in part else (await one_of(call, kind, part, argument=argument)).sys_id
            for part in parts
        ]
    return ",".join(parts)


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _stored_time(text: str, *, argument: str) -> str:
    """A time as ServiceNow stores it: from ISO 8601, or as it is if it is in that form already."""
    if servicenow_time(text.strip()) and " " in text.strip():
        return text.strip()
    try:
        return to_servicenow_time(read_moment(text))
    except ValueError:
        raise InvalidArguments(
            ArgumentProblem(argument, f"is {shown(text)!r}", MOMENT_ACCEPTED)
        ) from None


def _value(one: Choice) -> str:
    return one.value.casefold()


def _label(one: Choice) -> str:
    return one.label.strip().casefold()


def _label_without_rank(one: Choice) -> str:
    return _RANK.sub("", _label(one))


def _listed(choices: Sequence[Choice]) -> str:
    labels = list(dict.fromkeys(clean_line(one.label, most=80) for one in choices))
    more = f" and {len(labels) - _MOST_LISTED} more" if len(labels) > _MOST_LISTED else ""
    return "one of " + ", ".join(labels[:_MOST_LISTED]) + more
