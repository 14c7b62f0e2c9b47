"""Record producers: a record of any table, made from the answers to a form."""

from collections.abc import Sequence

from simulator.access.people import Person
from simulator.areas.catalog.answering import Answer
from simulator.instance import Instance

Row = dict[str, str]

# Fields that name the person a record is for, on tables whose producers fill it in by script.
_CALLERS = {"incident": "caller_id"}


def produce(instance: Instance, person: Person, producer: Row, *, answers: Sequence[Answer]) -> Row:
    """Insert the record as the person, and keep the answers with it; the record's row.

    An answer goes to the field it is mapped to, or to the field it has the name of. Rules run and
    may refuse; ACLs do not: a producer is how people without a role make such records at all.
    """
    table = producer["table_name"]
    fields = instance.dictionary.fields_of(table)
    values = {_field(answer): answer.value for answer in answers if answer.value}
    values = {
        name: value
        for name, value in values.items()
        if name in fields and not name.startswith("sys_")
    }
    caller = _CALLERS.get(table)
    if caller and not values.get(caller):
        values[caller] = person.sys_id
    if "contact_type" in fields:
        values.setdefault("contact_type", "self-service")
    if "short_description" in fields and not values.get("short_description"):
        values["short_description"] = producer["short_description"] or producer["name"]
    with instance.store.transaction():
        sys_id = instance.insert(table, values, as_user=person.sys_id, run_rules=True)
        _keep(instance, person, answers, table=table, sys_id=sys_id)
    return instance.row(table, sys_id) or {}


def _field(answer: Answer) -> str:
    row = answer.question.row
    return row["field"] if row["map_to_field"] == "true" and row["field"] else answer.question.name


def _keep(
    instance: Instance, person: Person, answers: Sequence[Answer], *, table: str, sys_id: str
) -> None:
    for answer in answers:
        row = {
            "question": answer.question.sys_id,
            "table_name": table,
            "table_sys_id": sys_id,
            "value": answer.value,
            "order": answer.question.row["order"],
        }
        instance.insert("question_answer", row, as_user=person.sys_id)
