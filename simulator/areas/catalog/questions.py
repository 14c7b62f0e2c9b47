"""The variables of an item: its own and those of its variable sets, in the order of the form."""

from dataclasses import dataclass

from simulator.access.people import Person
from simulator.areas.catalog.variable_types import SILENT, Kind
from simulator.instance import Instance
from simulator.queries.javascript import PREFIX, evaluate

Row = dict[str, str]


@dataclass(frozen=True)
class Question:
    """One variable, or a multi-row set of variables: its `columns`.

    `choices` are the active rows of `question_choice` it has.
    """

    row: Row
    choices: tuple[Row, ...] = ()
    columns: tuple["Question", ...] = ()

    @property
    def sys_id(self) -> str:
        """Of the variable."""
        return self.row["sys_id"]

    @property
    def name(self) -> str:
        """What answers call it; a variable without a name is called by its sys_id."""
        return self.row["name"] or self.row["sys_id"]

    @property
    def kind(self) -> str:
        """Its type, by number."""
        return self.row["type"]

    @property
    def is_answered(self) -> bool:
        """Whether there is anything to answer: labels and containers only shape the form."""
        return self.kind not in SILENT

    @property
    def is_mandatory(self) -> bool:
        """Whether an order needs an answer."""
        return self.is_answered and self.row["mandatory"] == "true"


def questions_of(instance: Instance, item: str) -> list[Question]:
    """The active variables of an item; those of a set stand where the set stands."""
    own = instance.query("item_option_new", f"cat_item={item}^active=true^ORDERBYorder")
    found = [((_order(one.row), 0), one) for one in _with_choices(instance, own)]
    for link in instance.query("io_set_item", f"sc_cat_item={item}"):
        found += [((_order(link), 1), one) for one in _of_set(instance, link["variable_set"])]
    found.sort(key=lambda each: each[0])
    return [one for _, one in found]


def _of_set(instance: Instance, sys_id: str) -> list[Question]:
    """The variables of a set; those of a multi-row set are the columns of one question."""
    in_set = f"variable_set={sys_id}^active=true^ORDERBYorder"
    questions = _with_choices(instance, instance.query("item_option_new", in_set))
    whole = instance.row("item_option_new_set", sys_id)
    if whole is None or whole["type"] != "one_to_many":
        return questions
    fields = instance.dictionary.stored_fields("item_option_new")
    row = {field.name: field.default for field in fields}
    row |= {"sys_id": whole["sys_id"], "name": whole["internal_name"] or whole["name"]}
    row |= {"question_text": whole["title"], "type": Kind.MULTI_ROW, "order": whole["order"]}
    row |= {name: whole[name] for name in ("read_roles", "create_roles")}
    return [Question(row, columns=tuple(questions))]


def question(instance: Instance, sys_id: str) -> Question | None:
    """One variable, or None."""
    row = instance.row("item_option_new", sys_id)
    return _with_choices(instance, [row])[0] if row else None


def default_of(row: Row, *, instance: Instance, person: Person) -> str:
    """The default value; `javascript:` is evaluated as far as query values may use it."""
    value = row["default_value"]
    if row["type"] == Kind.CHECK_BOX:
        return "true" if value == "true" else "false"
    if row["type"] == Kind.REQUESTED_FOR and not value:
        return person.sys_id
    if not value.startswith(PREFIX):
        return value
    evaluated = evaluate(value.removeprefix(PREFIX), person=person, now=instance.clock())
    return evaluated if isinstance(evaluated, str) else ""


def _with_choices(instance: Instance, rows: list[Row]) -> list[Question]:
    choices: dict[str, list[Row]] = {}
    if rows:
        asked = ",".join(row["sys_id"] for row in rows)
        encoded = f"questionIN{asked}^inactive=false^ORDERBYorder"
        for choice in instance.query("question_choice", encoded):
            choices.setdefault(choice["question"], []).append(choice)
    return [Question(row, tuple(choices.get(row["sys_id"], ()))) for row in rows]


def _order(row: Row) -> int:
    return int(row["order"] or 0)
