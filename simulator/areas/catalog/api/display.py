"""What people read instead of the value of a variable."""

from simulator.access.people import Person
from simulator.areas.catalog.api.choices import label_of
from simulator.areas.catalog.questions import Question
from simulator.areas.catalog.variable_types import Kind
from simulator.instance import Instance
from simulator.records.plans import Wanted
from simulator.records.rendering import Display

_MASK = "********"


def display_value(instance: Instance, person: Person, question: Question, *, value: str) -> str:
    """The display value; records the person may not read stay what they are stored as."""
    if not value:
        return ""
    if question.kind == Kind.MASKED:
        return _MASK
    table = reference_of(question)
    if table:
        names = [record_name(instance, person, table, one) or one for one in value.split(",")]
        return ", ".join(names)
    return label_of(instance, person, question, value) or value


def reference_of(question: Question) -> str:
    """The table that the values of a variable are records of, or an empty string."""
    if question.kind == Kind.REQUESTED_FOR:
        return "sys_user"
    if question.kind == Kind.LIST_COLLECTOR:
        return question.row["list_table"]
    return question.row["reference"] if question.kind == Kind.REFERENCE else ""


def record_name(instance: Instance, person: Person, table: str, sys_id: str) -> str | None:
    """The display value of a record, if the person may read it."""
    if not instance.knows(table):
        return None
    field = instance.dictionary.display_field(table).name
    wanted = Wanted(table=table, fields=(field,), display=Display.LABELS, links=False)
    record = instance.reader.one(wanted, sys_id, person=person, host="")
    shown = record.get(field) if record else None
    return shown if isinstance(shown, str) else None
