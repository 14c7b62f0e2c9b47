"""Order guides: the answers to a few questions decide which items are offered together."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from simulator.areas.catalog.answering import Answer
from simulator.areas.catalog.catalogue import Catalogue
from simulator.instance import Instance
from simulator.queries.parsing import Condition, Term, parse

Row = dict[str, str]

# Conditions name a variable by its sys_id behind `IO:`, or by its name behind `variables.`
_PREFIXES = ("IO:", "variables.")

_OPERATORS: Mapping[str, Callable[[str, str], bool]] = {
    "=": lambda value, wanted: value == wanted,
    "!=": lambda value, wanted: value != wanted,
    "IN": lambda value, wanted: value in wanted.split(","),
    "NOT IN": lambda value, wanted: value not in wanted.split(","),
    "LIKE": lambda value, wanted: wanted in value,
    "NOT LIKE": lambda value, wanted: wanted not in value,
    "STARTSWITH": lambda value, wanted: value.startswith(wanted),
    "ENDSWITH": lambda value, wanted: value.endswith(wanted),
    "ISEMPTY": lambda value, _: not value,
    "ISNOTEMPTY": lambda value, _: bool(value),
    "ANYTHING": lambda _, __: True,
}


@dataclass(frozen=True, kw_only=True)
class Offered:
    """An item that a guide offers, how many of it, and at which place."""

    item: Row
    quantity: str
    order: str


def offered(
    instance: Instance, catalogue: Catalogue, guide: str, *, answers: list[Answer]
) -> list[Offered]:
    """What a guide offers for some answers, in its order; only items that the person may see."""
    values = {answer.question.name: answer.value for answer in answers}
    values |= {answer.question.sys_id: answer.value for answer in answers}
    rules = instance.query("sc_cat_item_guide_items", f"guide={guide}^active=true^ORDERBYorder")
    return [
        Offered(
            item=catalogue.item(rule["item"]),
            quantity=rule["quantity"] or "1",
            order=rule["order"],
        )
        for rule in rules
        if _applies(rule["condition"], values) and catalogue.has_item(rule["item"])
    ]


def _applies(condition: str, values: Mapping[str, str]) -> bool:
    """Whether a rule's condition over variables holds; without a condition it always does."""
    if not condition.strip():
        return True
    for prefix in _PREFIXES:
        condition = condition.replace(prefix, "")
    return any(
        all(any(_holds(term, values) for term in group) for group in groups)
        for groups in parse(condition).filters
    )


def _holds(term: Term, values: Mapping[str, str]) -> bool:
    """What cannot be read, or is about no variable of the guide, does not hold."""
    if not isinstance(term, Condition) or term.field not in values:
        return False
    holds = _OPERATORS.get(term.operator)
    return holds is not None and holds(values[term.field].casefold(), term.value.casefold())
