"""What is answered to the variables of an item."""

from base64 import b64encode
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from hashlib import sha256

from simulator.access.people import Person
from simulator.areas.catalog import multi_rows, prices, refusals
from simulator.areas.catalog.questions import Question, default_of
from simulator.areas.catalog.refusals import CatalogRefused
from simulator.areas.catalog.variable_types import Kind
from simulator.instance import Instance
from simulator.records.values import given_text

_LONGEST = 65000


@dataclass(frozen=True)
class Answer:
    """A variable and the value given to it, as it is stored."""

    question: Question
    value: str


def answered(
    questions: Sequence[Question],
    given: Mapping[str, object],
    *,
    instance: Instance,
    person: Person,
    complete: bool = True,
) -> list[Answer]:
    """An answer to every variable: what is given by name, or else its default.

    Names that no variable has are left out. Where it has to be `complete`, a mandatory variable
    without an answer raises CatalogRefused; what UI policies demand is not looked at.
    """
    answers = [
        Answer(one, _value(one, given, instance=instance, person=person))
        for one in questions
        if one.is_answered
    ]
    if complete and any(_is_lacking(answer) for answer in answers):
        raise CatalogRefused(refusals.MANDATORY)
    return [_masked(answer) for answer in answers]


def extra_prices(answers: Iterable[Answer]) -> tuple[Decimal, Decimal]:
    """What answers add to the price and to the recurring price of an item."""
    once, again = Decimal(0), Decimal(0)
    for answer in answers:
        row = answer.question.row
        if answer.question.kind == Kind.CHECK_BOX and answer.value == "true":
            once += prices.amount(row["price_if_checked"])
            again += prices.amount(row["rec_price_if_checked"])
        for choice in answer.question.choices:
            if choice["value"] == answer.value:
                once += prices.amount(choice["misc"])
                again += prices.amount(choice["rec_misc"])
    return once, again


def text_of(value: object) -> str:
    """A given value as text; a list becomes its parts with commas between them."""
    if isinstance(value, list):
        return ",".join(given_text(part) for part in value)[:_LONGEST]
    return given_text(value)[:_LONGEST]


def _value(
    question: Question, given: Mapping[str, object], *, instance: Instance, person: Person
) -> str:
    may_answer = _holds_any(person, question.row["create_roles"])
    if question.name not in given or not may_answer:
        return default_of(question.row, instance=instance, person=person)
    if question.kind == Kind.MULTI_ROW:
        return multi_rows.as_text(given[question.name], question)
    text = text_of(given[question.name])
    if question.kind == Kind.CHECK_BOX:
        return "true" if text.strip().lower() in ("true", "1", "yes", "on") else "false"
    return text


def _holds_any(person: Person, roles: str) -> bool:
    named = frozenset(role.strip() for role in roles.split(",") if role.strip())
    return not named or person.has_any(named)


def _is_lacking(answer: Answer) -> bool:
    if answer.question.kind == Kind.MULTI_ROW:
        return multi_rows.lacks_an_answer(answer.question, answer.value)
    if not answer.question.is_mandatory:
        return False
    if answer.question.kind == Kind.CHECK_BOX:
        return answer.value != "true"
    return not answer.value.strip()


def _masked(answer: Answer) -> Answer:
    """A masked value is kept as nobody can read it: the real thing stores it encrypted."""
    if answer.question.kind != Kind.MASKED or not answer.value:
        return answer
    digest = sha256(f"{answer.question.sys_id}/{answer.value}".encode()).digest()
    return Answer(answer.question, b64encode(digest).decode())
