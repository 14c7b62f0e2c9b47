"""Multi-row variable sets: a table of answers, given as JSON text or as a list of objects.

Each cell is a row of `sc_multi_row_question_answer`, tied to a cart item or to a requested item.
"""

from collections.abc import Sequence

import orjson

from simulator.access.people import Person
from simulator.areas.catalog.questions import Question
from simulator.instance import Instance
from simulator.records.values import given_text

TABLE = "sc_multi_row_question_answer"

_MOST_ROWS = 50
_LONGEST = 4000

Cells = dict[str, str]


def as_text(given: object, question: Question) -> str:
    """What is given for a multi-row set, as JSON text of its own columns; empty where it is none.

    More rows than a set may have, and names that no column has, are left out.
    """
    rows = _rows(given, question)
    return orjson.dumps(rows).decode() if rows else ""


def lacks_an_answer(question: Question, text: str) -> bool:
    """Whether a mandatory column is empty in some row."""
    needed = [column.name for column in question.columns if column.is_mandatory]
    return any(not row[name].strip() for row in _rows(text, question) for name in needed)


def keep(
    instance: Instance, person: Person, question: Question, text: str, *, table: str, parent: str
) -> None:
    """Store the rows of a set with a record of `table`."""
    columns = {column.name: column for column in question.columns}
    for index, row in enumerate(_rows(text, question), start=1):
        for name, value in row.items():
            cell = {
                "parent_table_name": table,
                "parent_id": parent,
                "variable_set": question.sys_id,
                "item_option_new": columns[name].sys_id,
                "row_index": str(index),
                "value": value,
            }
            instance.insert(TABLE, cell, as_user=person.sys_id)


def kept(instance: Instance, question: Question, *, parent: str) -> str:
    """The rows of a set that are stored with a record, as JSON text."""
    names = {column.sys_id: column.name for column in question.columns}
    rows: dict[str, Cells] = {}
    encoded = f"parent_id={parent}^variable_set={question.sys_id}^ORDERBYrow_index"
    for cell in instance.query(TABLE, encoded):
        if cell["item_option_new"] in names:
            rows.setdefault(cell["row_index"], {})[names[cell["item_option_new"]]] = cell["value"]
    return orjson.dumps(list(rows.values())).decode() if rows else ""


def discard(instance: Instance, parent: str) -> None:
    """Forget the rows that are stored with a record."""
    for cell in instance.query(TABLE, f"parent_id={parent}"):
        instance.delete(TABLE, cell["sys_id"])


def _rows(given: object, question: Question) -> list[Cells]:
    if isinstance(given, str):
        try:
            given = orjson.loads(given)
        except orjson.JSONDecodeError:
            return []
    objects = given if isinstance(given, list) else [given]
    return [
        _cells(one, question.columns)
        for one in objects[:_MOST_ROWS]
        if isinstance(one, dict) and one
    ]


def _cells(given: dict[str, object], columns: Sequence[Question]) -> Cells:
    return {
        column.name: given_text(given.get(column.name, ""))[:_LONGEST]
        for column in columns
        if column.is_answered
    }
