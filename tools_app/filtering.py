"""From the filters of a search tool to conditions of one query; all of them hold together."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from servicenow.query import Query
from tools_app import finding
from tools_app.choosing import choice
from tools_app.exceptions import ArgumentProblem, InvalidArguments
from tools_app.spec import ToolCall

TASK_TEXTS = ("number", "short_description", "description")
# More words than this narrow a search no further, and each is a condition of its own.
_MOST_WORDS = 8


def containing(text: str | None, fields: Sequence[str] = TASK_TEXTS) -> Query:
    """Every word of `text`, see `with_every_word`; no condition where no text is sought."""
    return Query() if text is None else with_every_word(text, fields)


def sought_text(query: str) -> str:
    """`query` without blanks around it. Raises `InvalidArguments` where it is nothing else."""
    if not query.strip():
        raise InvalidArguments(ArgumentProblem("query", "is blank", "words to look for"))
    return query.strip()


def with_every_word(text: str, fields: Sequence[str] = TASK_TEXTS) -> Query:
    """Each word of `text` somewhere in one of the fields, in any order.

    Raises `InvalidArguments` for a blank text, which everything would fit.
    """
    query = Query()
    for word in dict.fromkeys(sought_text(text).casefold().split()[:_MOST_WORDS]):
        query = query.any_of(*(Query().contains(field, word) for field in fields))
    return query


async def labelled(call: ToolCall, table: str, labels: Mapping[str, str | None]) -> Query:
    """Conditions on choices: `labels` maps fields of `table` to what the model wrote.

    Raises `InvalidArguments` listing the right labels.
    """
    query = Query()
    for field, label in labels.items():
        if label is not None:
            query = query.equals(field, await choice(call, table, field, label))
    return query


def within(field: str, first: datetime | None, end: datetime | None) -> Query:
    """Conditions on a time: at `first` or later, before `end`."""
    query = Query() if first is None else Query().at_least(field, first)
    return query if end is None else query.less(field, end)


async def pointing_to(call: ToolCall, sought: Mapping[str, str | None]) -> Query:
    """Conditions on references: `sought` maps arguments to what the model wrote.

    Raises `InvalidArguments` where nothing fits, `AmbiguousMatch` where several do.
    """
    given = [
        (name, finding.FIELD_OF.get(name, name), text)
        for name, text in sought.items()
        if text is not None
    ]
    await finding.look_up(call, [(finding.KIND_OF[field], text) for _, field, text in given])
    query = Query()
    for argument, field, text in given:
        found = await finding.one_of(call, finding.KIND_OF[field], text, argument=argument)
        query = query.equals(field, found.sys_id)
    return query
