"""Variables as the API shows them: a tree, for containers hold what stands inside them."""

from collections.abc import Iterable, Iterator, Sequence

from simulator.access.people import Person
from simulator.areas.catalog import prices
from simulator.areas.catalog.api.choices import choices_of
from simulator.areas.catalog.api.display import display_value
from simulator.areas.catalog.questions import Question, default_of
from simulator.areas.catalog.variable_types import FRIENDLY, LABELS, PRICED, Kind
from simulator.instance import Instance

Body = dict[str, object]

_ATTRIBUTES = "edge_encryption_enabled=true"
_GROUP_TYPE = 0
_UNLABELLED = frozenset({Kind.BREAK, Kind.CONTAINER_SPLIT})


def variable_bodies(
    instance: Instance, person: Person, questions: Sequence[Question]
) -> list[Body]:
    """The variables of an item that the person may read, as a tree."""
    readable = [one for one in questions if _may_read(person, one)]
    rest = iter([(one, _variable(instance, person, one)) for one in readable])
    return _grouped(list(_nested(rest)))


Drawn = tuple[Question, Body]


def _nested(rest: Iterator[Drawn]) -> Iterator[Drawn]:
    """Put what stands between the start and the end of a container into it."""
    for question, body in rest:
        if question.kind == Kind.CONTAINER_END:
            return
        if question.kind == Kind.CONTAINER_START:
            body["layout"] = question.row["layout"]
            body["children"] = _grouped(list(_nested(rest)))
        yield question, body


def _grouped(drawn: Iterable[Drawn]) -> list[Body]:
    """Check boxes below a label are the label's children: the label becomes a container of them."""
    found: list[Body] = []
    label: Body | None = None
    for question, body in drawn:
        if question.kind == Kind.LABEL:
            label = body
        elif question.kind == Kind.CHECK_BOX and label is not None:
            children = label.setdefault("children", [])
            label |= {"type": _GROUP_TYPE, "friendly_type": "container_start"}
            label.pop("display_type", None)
            if isinstance(children, list):
                children.append(body)
            continue
        else:
            label = None
        found.append(body)
    return found


def _variable(instance: Instance, person: Person, question: Question) -> Body:
    row = question.row
    value = (
        "" if question.kind == Kind.MASKED else default_of(row, instance=instance, person=person)
    )
    body: Body = {
        "id": question.sys_id,
        "name": question.name,
        "label": row["question_text"],
        "type": int(question.kind) if question.kind.isdigit() else _GROUP_TYPE,
        "friendly_type": FRIENDLY.get(question.kind, question.kind),
        "display_type": LABELS.get(question.kind, ""),
        "mandatory": question.is_mandatory,
        "read_only": row["read_only"] == "true",
        "value": value == "true" if question.kind == Kind.CHECK_BOX else value,
        "displayvalue": display_value(instance, person, question, value=value),
        "help_text": row["help_text"],
        "max_length": 0,
        "render_label": question.kind not in _UNLABELLED,
        "attributes": row["attributes"] or _ATTRIBUTES,
    }
    if question.kind in PRICED:
        body["pricing_implications"] = _has_prices(question)
    choices = choices_of(instance, person, question)
    if choices is not None:
        body["choices"] = choices
    if question.columns:
        body["children"] = variable_bodies(instance, person, question.columns)
    return body | _reference(question)


def _reference(question: Question) -> Body:
    row = question.row
    if question.kind == Kind.REFERENCE:
        return {"reference": row["reference"], "ref_qualifier": _qualifier(question)}
    if question.kind == Kind.REQUESTED_FOR:
        return {"reference": "sys_user", "ref_qualifier": _qualifier(question)}
    if question.kind == Kind.LIST_COLLECTOR:
        return {"reference": row["list_table"], "ref_qualifier": _qualifier(question)}
    return {}


def _qualifier(question: Question) -> str:
    row = question.row
    return row["reference_qual"] or row["reference_qual_condition"]


def _has_prices(question: Question) -> bool:
    stored = [question.row["price_if_checked"], question.row["rec_price_if_checked"]]
    stored += [choice[name] for choice in question.choices for name in ("misc", "rec_misc")]
    return any(prices.amount(price) for price in stored)


def _may_read(person: Person, question: Question) -> bool:
    roles = frozenset(role.strip() for role in question.row["read_roles"].split(",") if role)
    return not roles or person.has_any(roles)
