"""What requests to the Change Management API have in common: who may ask, and what is given."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from starlette.requests import Request

from simulator.access.acls import CREATE, WRITE, Operation
from simulator.access.people import Person
from simulator.api.endpoints import Endpoint
from simulator.api.json_bodies import json_object
from simulator.api.requests import body_of, paging, pairs
from simulator.api.selection import check_uses
from simulator.areas.changes.acls import MANAGERS, READERS, WRITERS
from simulator.errors import (
    ApiRefused,
    NoRecord,
    PolicyViolated,
    Refusal,
    RuleAborted,
)
from simulator.instance import Instance
from simulator.queries.compiler import SelectText
from simulator.queries.parsing import Condition, Ordering, Query, Term, TextSearch, parse

CHANGE = "change_request"
DEFAULT_LIMIT = 500
_LARGEST_LIMIT = 10_000
_LARGEST_OFFSET = 2**31
_NOT_FIELDS = frozenset({"order", "textSearch", "encrypted_fields", "association_type"})


class ChangeRefused(Refusal):
    """A request that cannot be followed. The wording is not verified."""

    def __init__(self, detail: str) -> None:
        super().__init__("Bad Request", detail)


@contextmanager
def refusals_as_bad_requests() -> Iterator[None]:
    """What a rule or a policy refuses is 400: the API documents no 403 for a change."""
    try:
        yield
    except (RuleAborted, PolicyViolated) as refusal:
        raise ChangeRefused(refusal.detail or refusal.message) from None


def for_roles(endpoint: Endpoint, method: str) -> Endpoint:
    """The endpoint, closed to people without a role that its method takes."""
    roles = {"GET": READERS, "DELETE": MANAGERS}.get(method, WRITERS)

    async def closed(instance: Instance, request: Request, person: Person) -> object:
        if not person.has_any(roles):
            raise ApiRefused
        return await endpoint(instance, request, person)

    return closed  # type: ignore[return-value]  # it returns what the endpoint does


def change_of(
    instance: Instance, request: Request, person: Person, *, kind: str = ""
) -> Mapping[str, str]:
    """The change an address names, as stored; of the type `kind` where one is given.

    Raises NoRecord if there is none, or the person may not see it.
    """
    return readable(instance, CHANGE, request.path_params["sys_id"], person=person, type=kind)


def readable(
    instance: Instance, table: str, sys_id: str, *, person: Person, **expected: str
) -> Mapping[str, str]:
    """A row the person may read, with the expected values. Raises NoRecord."""
    row = instance.row(table, sys_id)
    if row is None or any(row[name] != value for name, value in expected.items() if value):
        raise NoRecord
    if not instance.access.row(person, table, Operation.READ).holds(person, row):
        raise NoRecord
    return row


async def body(request: Request) -> Mapping[str, object]:
    """The JSON object of a request; a request without a body has an empty one."""
    return await json_object(request) if await request.body() else {}


async def given_fields(request: Request) -> dict[str, str]:
    """Field values of the address and of the body; those of the body win."""
    given = dict(pairs(request.query_params))
    if await request.body():
        given |= await body_of(request)
    return {name: text for name, text in given.items() if name not in _NOT_FIELDS - {"order"}}


@dataclass(frozen=True, kw_only=True)
class Fields:
    """Field values that can be applied, and the names of those that cannot."""

    applied: dict[str, str]
    ignored: list[str]


def applicable(
    instance: Instance,
    table: str,
    given: Mapping[str, str],
    *,
    person: Person,
    row: Mapping[str, str] | None = None,
) -> Fields:
    """Sort out what the person may set, labels and names turned into values.

    `row` is the record that is changed, None for one that is made.
    """
    fields = instance.dictionary.fields_of(table)
    operation = CREATE if row is None else WRITE
    applied, ignored = {}, []
    for name, text in given.items():
        field = fields.get(name)
        may = field is not None and not name.startswith("sys_")
        if may:
            verdict = instance.access.field(person, table, operation, field=name)
            may = verdict.holds(person, row or {})
        if not may:
            ignored.append(name)
        else:
            applied[name] = _meant(instance, table, name, text)
    return Fields(applied=applied, ignored=ignored)


def _meant(instance: Instance, table: str, name: str, text: str) -> str:
    """The value behind a label or a name; the text itself where it is a value already."""
    field = instance.dictionary.fields_of(table)[name]
    if field.is_reference and text and instance.row(field.reference, text) is None:
        return instance.display_values.referenced(field, text)
    if field.choices and text not in instance.choices.labels(table, name):
        return instance.choices.value(table, name, label=text)
    return text


@dataclass(frozen=True, kw_only=True)
class Selected:
    """The rows of a list, and which part of them is asked for."""

    select: SelectText
    limit: int
    offset: int


def selected(
    instance: Instance,
    request: Request,
    table: str,
    *,
    person: Person,
    only: Sequence[Condition] = (),
    by: str = "number",
) -> Selected:
    """The list a request asks for, of those that match `only`, ordered `by` a field.

    Raises QueryRefused and BadParameter.
    """
    parameters = request.query_params
    query = _query(instance, request, table)
    terms: list[Term] = [*only]
    if parameters.get("textSearch"):
        terms.append(TextSearch(parameters["textSearch"]))
    extra = tuple((term,) for term in terms)
    filters = tuple((*groups, *extra) for groups in query.filters) or ((extra,) if extra else ())
    orderings = query.orderings or (Ordering(parameters.get("order") or by),)
    select = instance.compiler.compile(table, Query(filters, orderings), person=person)
    check_uses(instance, select.uses, person=person)
    pages = paging(parameters)
    limit = pages.limit if parameters.get("sysparm_limit") else DEFAULT_LIMIT
    return Selected(
        select=select,
        limit=min(limit, _LARGEST_LIMIT),
        offset=min(pages.offset, _LARGEST_OFFSET),
    )


def _query(instance: Instance, request: Request, table: str) -> Query:
    encoded = request.query_params.get("sysparm_query")
    if encoded:
        return parse(encoded)
    fields = instance.dictionary.fields_of(table)
    groups = tuple(
        (Condition(name, "=", _meant(instance, table, name, text) if name in fields else text),)
        for name, text in pairs(request.query_params)
        if name not in _NOT_FIELDS
    )
    return Query((groups,)) if groups else Query()
