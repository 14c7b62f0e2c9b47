"""Which rows a request asks for: its encoded query, or the pairs that may stand in its place."""

from collections.abc import Iterable

from starlette.datastructures import QueryParams

from simulator.access.people import Person
from simulator.api.requests import pairs
from simulator.errors import UnreadableField
from simulator.instance import Instance
from simulator.queries.compiler import SelectText
from simulator.queries.field_uses import FieldUse
from simulator.queries.parsing import Condition, Query, parse


def selection(
    instance: Instance, table: str, parameters: QueryParams, *, person: Person
) -> SelectText:
    """`sysparm_query`, or else the `field=value` pairs, compiled. Raises UnreadableField."""
    encoded = parameters.get("sysparm_query")
    query = parse(encoded) if encoded else _of_pairs(instance, table, pairs(parameters))
    select = instance.compiler.compile(table, query, person=person)
    check_uses(instance, select.uses, person=person)
    return select


def check_uses(instance: Instance, uses: Iterable[FieldUse], *, person: Person) -> None:
    """Raises UnreadableField where a query uses a field that it must not tell the person about.

    A field that does not exist is one of those where the instance cannot tell them apart.
    """
    if not instance.switches.query_field_acls:
        return
    for use in uses:
        may = instance.access.may_query(person, use.table, use.field, in_ranges=use.in_ranges)
        if not may or (
            instance.switches.unknown_query_fields_are_refused
            and instance.dictionary.resolve(use.table, use.field) is None
        ):
            raise UnreadableField


def _of_pairs(instance: Instance, table: str, given: list[tuple[str, str]]) -> Query:
    """`state=closed&assigned_to=john.smith` as a query; values may be display values."""
    groups = []
    for name, text in given:
        path = instance.dictionary.resolve(table, name)
        value = text
        if path and path.field.is_reference:
            value = instance.display_values.referenced(path.field, text)
        elif path and path.field.choices:
            value = instance.choices.value(path.table, path.field.name, label=text)
        groups.append((Condition(name, "=", value),))
    return Query((tuple(groups),)) if groups else Query()
