"""The catalogue as one person may see it: catalogues, categories, items."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property

from simulator.access.people import Person
from simulator.areas.catalog import refusals
from simulator.areas.catalog.availability import Availability, Row
from simulator.areas.catalog.refusals import CatalogRefused
from simulator.instance import Instance

ORDERABLE = frozenset({"sc_cat_item", "sc_cat_item_service"})
KINDS = {
    "sc_cat_item_producer": "record_producer",
    "sc_cat_item_guide": "order_guide",
    "sc_cat_item_content": "content_item",
}
_DESKTOP, _MOBILE, _BOTH = "on_desktop", "on_mobile", "on_both"
_VIEWS = {"desktop": {_DESKTOP, _BOTH, ""}, "mobile": {_MOBILE, _BOTH}}
_SEARCHED = ("name", "short_description", "description", "meta")


def kind_of(item: Row) -> str:
    """The API's name for the kind of an item."""
    return KINDS.get(item["sys_class_name"], "catalog_item")


@dataclass(frozen=True, kw_only=True)
class Search:
    """Which items are asked for; what is empty does not matter."""

    text: str = ""
    catalog: str = ""
    category: str = ""
    kind: str = ""
    view: str = ""


class Catalogue:
    """Reads the catalogue for one request of one person."""

    def __init__(self, instance: Instance, person: Person) -> None:
        self._instance = instance
        self._availability = Availability(instance, person)

    @cached_property
    def catalogs(self) -> dict[str, Row]:
        """The catalogues that are there for the person, by sys_id."""
        rows = self._instance.query("sc_catalog", "ORDERBYtitle")
        return _by_id(self._availability.among("sc_catalog", rows))

    @cached_property
    def categories(self) -> dict[str, Row]:
        """The categories that are there for the person, of catalogues that are, by sys_id."""
        rows = self._instance.query("sc_category", "ORDERBYorder^ORDERBYtitle")
        there = self._availability.among("sc_category", rows)
        return _by_id(row for row in there if row["sc_catalog"] in self.catalogs)

    @cached_property
    def categories_of(self) -> dict[str, list[str]]:
        """The categories of each item: its own one first, then the others it is in."""
        found = {row["sys_id"]: [row["category"]] for row in self._items if row["category"]}
        for link in self._instance.query("sc_cat_item_category"):
            listed = found.setdefault(link["sc_cat_item"], [])
            if link["sc_category"] not in listed:
                listed.append(link["sc_category"])
        return found

    @cached_property
    def _items(self) -> list[Row]:
        return self._instance.query("sc_cat_item", "active=true^ORDERBYorder^ORDERBYname")

    def catalog(self, sys_id: str) -> Row:
        """One catalogue. Raises CatalogRefused."""
        return _found(self.catalogs, sys_id, refusals.NO_SUCH_CATALOG)

    def category(self, sys_id: str) -> Row:
        """One category. Raises CatalogRefused."""
        return _found(self.categories, sys_id, refusals.NO_SUCH_CATEGORY)

    def item(self, sys_id: str, *, otherwise: str = refusals.NO_SUCH_ITEM) -> Row:
        """One item with every field of its class. Raises CatalogRefused, saying `otherwise`."""
        row = self._instance.row("sc_cat_item", sys_id)
        if row is None or not self._visible([row]):
            raise CatalogRefused(otherwise)
        return self._instance.row(row["sys_class_name"], sys_id) or row

    def has_item(self, sys_id: str) -> bool:
        """Whether there is such an item for the person."""
        row = self._instance.row("sc_cat_item", sys_id)
        return row is not None and bool(self._visible([row]))

    def items(self, search: Search, *, limit: int, offset: int) -> list[Row]:
        """Items by their order and name; user criteria take items away after the limit."""
        found = [row for row in self._items if self._is_found(row, search)]
        return self._visible(found[offset : offset + limit])

    def counts(self) -> dict[str, int]:
        """How many items the person sees in each category."""
        found: dict[str, int] = {}
        for row in self._visible(self._items):
            for category in self.categories_of.get(row["sys_id"], []):
                found[category] = found.get(category, 0) + 1
        return found

    def catalogs_with_items(self) -> set[str]:
        """The catalogues in which the person sees an item."""
        return {one for row in self._visible(self._items) for one in row["sc_catalogs"].split(",")}

    def _visible(self, rows: Iterable[Row]) -> list[Row]:
        there = self._availability.among("sc_cat_item", rows)
        return [row for row in there if self._is_in_some_catalog(row)]

    def _is_in_some_catalog(self, row: Row) -> bool:
        listed = [one for one in row["sc_catalogs"].split(",") if one]
        return not listed or any(one in self.catalogs for one in listed)

    def _is_found(self, row: Row, search: Search) -> bool:
        checks: tuple[tuple[str, Callable[[], bool]], ...] = (
            (search.catalog, lambda: search.catalog in row["sc_catalogs"].split(",")),
            (
                search.category,
                lambda: search.category in self.categories_of.get(row["sys_id"], []),
            ),
            (search.kind, lambda: kind_of(row) == search.kind),
            (search.view, lambda: row["availability"] in _VIEWS.get(search.view, _ANY)),
            (search.text, lambda: _matches(row, search.text)),
        )
        return all(check() for asked, check in checks if asked)


class _Anything:
    def __contains__(self, _: object) -> bool:
        return True


_ANY = _Anything()


def _matches(row: Row, text: str) -> bool:
    """Every word of the text is somewhere in what the item says of itself."""
    said = " ".join(row[name] for name in _SEARCHED).casefold()
    return all(word in said for word in text.strip("\"' ").casefold().split())


def _by_id(rows: Iterable[Row]) -> dict[str, Row]:
    return {row["sys_id"]: row for row in rows}


def _found(rows: dict[str, Row], sys_id: str, sentence: str) -> Row:
    row = rows.get(sys_id)
    if row is None:
        raise CatalogRefused(sentence)
    return row
