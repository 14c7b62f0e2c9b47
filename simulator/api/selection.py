"""Which rows a request asks for: its encoded query, or the pairs that may stand in its place."""

from starlette.datastructures import QueryParams

from simulator.access.people import Person
from simulator.api.requests import pairs
from simulator.errors import QueryRefused
from simulator.instance import Instance
from simulator.queries.compiler import SelectText
from simulator.queries.parsing import Condition, Query, parse


def selection(
    instance: Instance, table: str, parameters: QueryParams, *, person: Person
) -> SelectText:
    """`sysparm_query`, or else the `field=value` pairs, compiled. Raises QueryRefused."""
    encoded = parameters.get("sysparm_query")
    query = parse(encoded) if encoded else _of_pairs(instance, table, pairs(parameters))
    select = instance.compiler.compile(table, query, person=person)
    if instance.switches.query_field_acls:
        for name in select.fields:
            in_ranges = name in select.ranged
            if not instance.access.may_query(person, table, name, in_ranges=in_ranges):
                raise QueryRefused
    return select


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
