"""The choices that a variable offers: its own, a scale, or rows of a table."""

from simulator.access.people import Person
from simulator.areas.catalog import prices
from simulator.areas.catalog.questions import Question
from simulator.areas.catalog.variable_types import LOOKUPS, WITH_CHOICES, Kind
from simulator.instance import Instance
from simulator.queries.parsing import parse
from simulator.records.plans import Wanted

Choice = dict[str, object]

_MOST = 1000
_LONGEST_SCALE = 100


def choices_of(instance: Instance, person: Person, question: Question) -> list[Choice] | None:
    """What there is to choose from, in order; None for variables that are typed in."""
    if question.kind == Kind.YES_NO:
        pairs = [("Yes", "Yes"), ("No", "No")]
    elif question.kind == Kind.NUMERIC_SCALE:
        pairs = _scale(question)
    elif question.kind in LOOKUPS:
        pairs = _looked_up(instance, person, question)
    elif question.kind in WITH_CHOICES:
        pairs = [(row["value"], row["text"]) for row in question.choices]
        pairs = pairs or _of_field(instance, question)
    else:
        return None
    if question.row["include_none"] == "true":
        pairs = [("", "-- None --"), *pairs]
    costs = {row["value"]: row for row in question.choices}
    return [
        {"value": value, "label": label, "index": index, **_cost(costs.get(value))}
        for index, (value, label) in enumerate(pairs)
    ]


def label_of(instance: Instance, person: Person, question: Question, value: str) -> str | None:
    """What people read for a chosen value; None if nothing has that value."""
    for choice in choices_of(instance, person, question) or ():
        if choice["value"] == value:
            return str(choice["label"])
    return None


def _cost(row: dict[str, str] | None) -> Choice:
    if row is None or not any(prices.amount(row[name]) for name in ("misc", "rec_misc")):
        return {}
    return {
        "price": prices.shown(prices.amount(row["misc"])),
        "recurring_price": prices.shown(prices.amount(row["rec_misc"])),
    }


def _scale(question: Question) -> list[tuple[str, str]]:
    start = int(question.row["scale_min"] or 0)
    end = min(int(question.row["scale_max"] or 5), start + _LONGEST_SCALE)
    return [(str(number), str(number)) for number in range(start, end + 1)]


def _of_field(instance: Instance, question: Question) -> list[tuple[str, str]]:
    table, field = question.row["choice_table"], question.row["choice_field"]
    if not table or not instance.knows(table):
        return []
    return list(instance.choices.labels(table, field).items())


def _looked_up(instance: Instance, person: Person, question: Question) -> list[tuple[str, str]]:
    """The rows of another table, as far as the person may read them."""
    row = question.row
    table = row["lookup_table"]
    if not table or not instance.knows(table):
        return []
    label = row["lookup_label"] or instance.dictionary.display_field(table).name
    value = row["lookup_value"] or "sys_id"
    labels = tuple(name.strip() for name in label.split(",") if name.strip())
    records = instance.reader.page(
        Wanted(table=table, fields=(value, *labels), links=False),
        instance.compiler.compile(table, parse(row["reference_qual"]), person=person),
        person=person,
        host="",
        limit=_MOST,
    )
    pairs = [
        (str(record.get(value, "")), " ".join(str(record.get(name, "")) for name in labels).strip())
        for record in records
    ]
    unique = dict(pairs) if row["lookup_unique"] == "true" else None
    return sorted(unique.items() if unique else pairs, key=lambda pair: pair[1].casefold())
