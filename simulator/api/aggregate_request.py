"""What an Aggregate API request asks for: aggregates, groups, conditions on groups, their order."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from starlette.datastructures import QueryParams

from simulator.api.requests import flag
from simulator.data.dictionary import Dictionary, Path
from simulator.schema import Storage

COMPARISONS = frozenset({"=", "!=", ">", ">=", "<", "<="})

_DIRECTIONS = frozenset({"ASC", "DESC"})


class Function(StrEnum):
    """What can be computed of many records."""

    COUNT = "count"
    AVG = "avg"
    MIN = "min"
    MAX = "max"
    SUM = "sum"


_OF_FIELDS = (Function.AVG, Function.MIN, Function.MAX, Function.SUM)


@dataclass(frozen=True)
class Named:
    """A field or dot-walk as the client named it, and where it leads."""

    name: str
    path: Path


@dataclass(frozen=True)
class Aggregate:
    """One function of one field; a count may be of no field: of all records."""

    function: Function
    of: Named | None = None


@dataclass(frozen=True)
class GroupCondition:
    """Which groups remain: those whose aggregate compares so with a number or text."""

    aggregate: Aggregate
    comparison: str
    value: str


@dataclass(frozen=True)
class GroupOrder:
    """Groups are ordered by one of the fields that make them, or by an aggregate."""

    by: Named | Aggregate
    descending: bool


@dataclass(frozen=True)
class AggregateRequest:
    """Everything asked for. What names an unknown field, function or operator is not in it."""

    aggregates: tuple[Aggregate, ...]
    groups: tuple[Named, ...]
    conditions: tuple[GroupCondition, ...]
    orders: tuple[GroupOrder, ...]

    @property
    def is_count(self) -> bool:
        """Whether all that is asked for is how many records there are."""
        return self == AggregateRequest((Aggregate(Function.COUNT),), (), (), ())

    @property
    def fields(self) -> Iterator[Named]:
        """Every field that the answer would tell something about."""
        yield from self.groups
        conditions = (condition.aggregate for condition in self.conditions)
        orders = (order.by for order in self.orders if isinstance(order.by, Aggregate))
        for aggregate in (*self.aggregates, *conditions, *orders):
            if aggregate.of is not None:
                yield aggregate.of


@dataclass(frozen=True)
class RequestReader:
    """Reads requests about one table."""

    dictionary: Dictionary
    table: str

    def read(self, parameters: QueryParams) -> AggregateRequest:
        """The request that the parameters make."""
        groups = tuple(self._fields(parameters.get("sysparm_group_by", "")))
        return AggregateRequest(
            aggregates=tuple(self._aggregates(parameters)),
            groups=groups,
            conditions=tuple(self._conditions(parameters.get("sysparm_having", ""))),
            orders=tuple(self._orders(parameters.get("sysparm_order_by", ""), groups)),
        )

    def _fields(self, text: str) -> Iterator[Named]:
        for name in dict.fromkeys(_items(text)):
            named = self._named(name)
            if named is not None:
                yield named

    def _named(self, name: str) -> Named | None:
        path = self.dictionary.resolve(self.table, name)
        is_known = path is not None and path.field.storage is not Storage.JOURNAL
        return Named(name, path) if is_known and path else None

    def _aggregates(self, parameters: QueryParams) -> Iterator[Aggregate]:
        if flag(parameters, "sysparm_count"):
            yield Aggregate(Function.COUNT)
        for function in _OF_FIELDS:
            for named in self._fields(parameters.get(f"sysparm_{function}_fields", "")):
                if _has_meaning(function, named):
                    yield Aggregate(function, named)

    def _conditions(self, text: str) -> Iterator[GroupCondition]:
        for item in _items(text):
            parts = item.split("^")
            if len(parts) != 4 or parts[2] not in COMPARISONS:
                continue
            aggregate = self._aggregate(parts[0], parts[1])
            if aggregate is not None:
                yield GroupCondition(aggregate, parts[2], parts[3])

    def _orders(self, text: str, groups: tuple[Named, ...]) -> Iterator[GroupOrder]:
        for item in _items(text):
            *parts, last = item.split("^")
            if not parts or last.upper() not in _DIRECTIONS:
                parts, last = [*parts, last], "ASC"
            by = self._ordering(parts, groups)
            if by is not None:
                yield GroupOrder(by, last.upper() == "DESC")

    def _ordering(self, parts: list[str], groups: tuple[Named, ...]) -> Named | Aggregate | None:
        function, field = parts[0], parts[1] if len(parts) > 1 else ""
        if function.lower() in set(Function):
            return self._aggregate(function, field)
        return next((named for named in groups if named.name == function), None)

    def _aggregate(self, function: str, field: str) -> Aggregate | None:
        if function.lower() not in set(Function):
            return None
        wanted, named = Function(function.lower()), self._named(field)
        if wanted is Function.COUNT:
            return Aggregate(wanted, named) if named or not field else None
        return Aggregate(wanted, named) if named and _has_meaning(wanted, named) else None


def _items(text: str) -> list[str]:
    return [item.strip() for item in text.split(",") if item.strip()]


def _has_meaning(function: Function, named: Named) -> bool:
    """Of texts and moments there is no sum and no average; of durations there is."""
    field = named.path.field
    is_amount = field.storage is Storage.NUMBER or field.type == "glide_duration"
    return is_amount or function in (Function.MIN, Function.MAX)
