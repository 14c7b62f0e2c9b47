"""What people answered to the variables of an item, in their words.

ServiceNow stores the value of a choice and the sys_id of a record; a person knows the label and
the name. What may not be read stays as it is stored.
"""

import asyncio
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Final

from servicenow.exceptions import InvalidTable, QueryRefused
from servicenow.query import Query
from servicenow.records import Record
from tools_app.cleaning import clean, clean_line
from tools_app.finding import KINDS
from tools_app.spec import ToolCall

_QUESTION: Final = "sc_item_option.item_option_new"
_LABEL: Final = f"{_QUESTION}.question_text"
_TYPE: Final = f"{_QUESTION}.type"
_ORDER: Final = f"{_QUESTION}.order"
_VALUE: Final = "sc_item_option.value"
# In which field of the question stands the table, by its type: reference and list collector.
_TABLE_IN: Final = {"8": f"{_QUESTION}.reference", "21": f"{_QUESTION}.list_table"}
_REQUESTED_FOR: Final = "31"
_CHOSEN: Final = frozenset({"3", "5"})
_MASKED: Final = "25"
# What has to be read of `sc_item_option_mtom`.
ANSWER_FIELDS: Final = (_QUESTION, _LABEL, _TYPE, _ORDER, _VALUE, *_TABLE_IN.values())

_MOST: Final = 1_000
_ANSWER_LIMIT: Final = 1_000
# By which fields records of any table are known to people, as far as a table has them.
_NAMES: Final = ("name", "number", "title", "short_description")


async def names_in(call: ToolCall, table: str) -> list[str]:
    """The fields by which people know the records of `table`, the best one first."""
    if table in KINDS:
        return ["name"]
    return [name for name in _NAMES if await call.tables.has_field(table, name)]


def question_of(answer: Record) -> str:
    """The question to which this is the answer, as the form shows it; empty where hidden."""
    return clean_line(answer.display(_LABEL))


def as_asked(answers: Iterable[Record]) -> list[Record]:
    """The answers in the order of their questions; a set of variables counts its own anew."""
    return sorted(
        answers, key=lambda one: (len(one.value(_ORDER)), one.value(_ORDER), one.display(_LABEL))
    )


async def in_words(call: ToolCall, answers: Sequence[Record]) -> list[str]:
    """The answers as people gave them, in their order; empty for none, secrets masked."""
    chosen = {one.value(_QUESTION) for one in answers if one.value(_TYPE) in _CHOSEN}
    pointed: dict[str, set[str]] = {}
    for one in answers:
        if table := _table_of(one):
            pointed.setdefault(table, set()).update(_sys_ids(one))
    labels, named = await asyncio.gather(
        _labels(call, chosen),
        asyncio.gather(*(_names(call, table, ids) for table, ids in pointed.items())),
    )
    names = {sys_id: name for page in named for sys_id, name in page.items()}
    return [_told(one, labels=labels, names=names) for one in answers]


def _told(
    answer: Record, *, labels: Mapping[tuple[str, str], str], names: Mapping[str, str]
) -> str:
    value = answer.value(_VALUE)
    if value and answer.value(_TYPE) == _MASKED:
        return "(masked)"
    if _table_of(answer):
        return clean(", ".join(names.get(one, one) for one in _sys_ids(answer)), most=_ANSWER_LIMIT)
    label = labels.get((answer.value(_QUESTION), value))
    return clean(label or answer.display(_VALUE), most=_ANSWER_LIMIT)


def _table_of(answer: Record) -> str:
    kind = answer.value(_TYPE)
    return "sys_user" if kind == _REQUESTED_FOR else answer.value(_TABLE_IN.get(kind, ""))


def _sys_ids(answer: Record) -> list[str]:
    return [one for one in answer.value(_VALUE).split(",") if one]


async def _labels(call: ToolCall, questions: Collection[str]) -> dict[tuple[str, str], str]:
    if not questions:
        return {}
    query = Query().is_in("question", sorted(questions))
    fields = ("question", "value", "text")
    with suppress(QueryRefused):
        page = await call.tables.list_if_allowed(
            "question_choice", query=query, fields=fields, limit=_MOST
        )
        rows = page.records if page else ()
        return {(row.value("question"), row.value("value")): row.display("text") for row in rows}
    return {}


async def _names(call: ToolCall, table: str, sys_ids: Collection[str]) -> dict[str, str]:
    with suppress(QueryRefused, InvalidTable):
        fields = await names_in(call, table)
        page = await call.tables.list_if_allowed(
            table, query=Query().is_in("sys_id", sorted(sys_ids)), fields=fields, limit=len(sys_ids)
        )
        rows = page.records if page else ()
        names = {row.sys_id: [row.display(field) for field in fields] for row in rows}
        return {sys_id: name for sys_id, shown in names.items() for name in shown[:1] if name}
    return {}
