"""The JSON bodies of the CMDB APIs, read into values. Anything else than they may be is refused."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from simulator.errors import BadBody
from simulator.records.values import given_text

Values = Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Beside:
    """A record beside an item that helps to identify it, or comes with it."""

    class_name: str
    values: Values
    internal_id: str = ""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Changes of class that are not wanted."""

    no_upgrade: bool = False
    no_downgrade: bool = False
    no_switch: bool = False


@dataclass(frozen=True, kw_only=True)
class Item:
    """One item to be identified."""

    class_name: str
    values: Values
    internal_id: str = ""
    lookup: tuple[Beside, ...] = ()
    related: tuple[Beside, ...] = ()
    settings: Settings = field(default_factory=Settings)
    source: Values = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Relation:
    """A relation between two items of a body, by index or by their internal ids."""

    type: str
    parent: str
    child: str


@dataclass(frozen=True, kw_only=True)
class Wish:
    """A whole body for identification and reconciliation."""

    items: tuple[Item, ...]
    relations: tuple[Relation, ...] = ()
    references: tuple[Values, ...] = ()


def values_of(given: object) -> dict[str, str]:
    """The fields of an object, as text. Raises BadBody for anything else than an object."""
    if given is None:
        return {}
    if not isinstance(given, Mapping):
        raise BadBody
    return {str(name): given_text(value) for name, value in given.items()}


def objects_of(given: object) -> list[Mapping[str, object]]:
    """A list of objects; one object is a list of one. Raises BadBody."""
    if given is None:
        return []
    found = [given] if isinstance(given, Mapping) else given
    if not isinstance(found, list) or not all(isinstance(one, Mapping) for one in found):
        raise BadBody
    return found


def wish_of(body: Mapping[str, object]) -> Wish:
    """What is to be identified. Raises BadBody; an empty list of items is one, too."""
    items = tuple(_item(one) for one in objects_of(body.get("items")))
    if not items:
        raise BadBody
    return Wish(
        items=items,
        relations=tuple(_relation(one) for one in objects_of(body.get("relations"))),
        references=tuple(values_of(one) for one in objects_of(body.get("referenceItems"))),
    )


def _item(given: Mapping[str, object]) -> Item:
    settings = values_of(given.get("settings"))
    return Item(
        class_name=given_text(given.get("className")),
        values=values_of(given.get("values")),
        internal_id=given_text(given.get("internal_id")),
        lookup=tuple(_beside(one) for one in objects_of(given.get("lookup"))),
        related=tuple(_beside(one) for one in objects_of(given.get("related"))),
        settings=Settings(
            no_upgrade=settings.get("updateWithoutUpgrade") == "true",
            no_downgrade=settings.get("updateWithoutDowngrade") == "true",
            no_switch=settings.get("updateWithoutSwitch") == "true",
        ),
        source=values_of(given.get("sys_object_source_info")),
    )


def _beside(given: Mapping[str, object]) -> Beside:
    return Beside(
        class_name=given_text(given.get("className")),
        values=values_of(given.get("values")),
        internal_id=given_text(given.get("internal_id")),
    )


def _relation(given: Mapping[str, object]) -> Relation:
    ends = [given_text(given.get(f"{end}_id", given.get(end))) for end in ("parent", "child")]
    return Relation(type=given_text(given.get("type")), parent=ends[0], child=ends[1])
