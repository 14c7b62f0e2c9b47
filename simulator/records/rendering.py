"""Stored values as the Table API shows them: one small function for each field of an answer.

`sysparm_display_value=false` gives values, `true` what people see, `all` both.
"""

# Identifiers come from the dictionary, values are parameters.
# ruff: noqa: S608

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from simulator.access.people import Person
from simulator.data.choices import Choices
from simulator.data.dictionary import Dictionary
from simulator.data.store import Store
from simulator.records.journals import Threads
from simulator.schema import Field, Storage

Shown = str | dict[str, str]

_MASK = "********"
_PRICES = frozenset({"price", "currency"})
_DIGITS_OF_A_PRICE = 30
_PASSWORDS = frozenset({"password", "password2"})
# The field that names the table of the record a document ID is of.
_TABLE_OF_DOCUMENT = {
    ("sysapproval_approver", "document_id"): "source_table",
    ("sys_email", "instance"): "target_table",
}
_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001  # durations are stored as moments without a zone


class Display(StrEnum):
    """The three display modes."""

    VALUES = "false"
    LABELS = "true"
    BOTH = "all"


@dataclass
class Page:
    """What rendering the rows of one answer needs to know beside the rows.

    `api` is what links begin with: scheme, host, `/api/now` and perhaps a version.
    """

    person: Person
    api: str
    store: Store
    threads: Threads = field(default_factory=dict)
    names: dict[tuple[str, str], str] = field(default_factory=dict)


Row = Sequence[str]
_Text = Callable[[Row, Page], str]
Renderer = Callable[[Row, Page], Shown]


@dataclass(frozen=True)
class Place:
    """Where a field of an answer finds its parts in a selected row."""

    value: int
    display: int
    sys_id: int
    class_name: int | None = None


class Rendering:
    """Makes the renderers for fields of one instance."""

    def __init__(self, dictionary: Dictionary, choices: Choices) -> None:
        self._dictionary = dictionary
        self._choices = choices

    def renderer(
        self, table: str, one: Field, *, place: Place, display: Display, links: bool
    ) -> Renderer:
        """How to show one field of `table`; `links`: references carry their address."""
        at = place.value
        target = link_target(one)
        value = _value(one, at)
        shown = self._shown(table, one, place)
        if display is Display.VALUES:
            return _linked_value(target, at) if links and target else value
        if display is Display.LABELS:
            return _linked_label(target, shown, at) if links and target else shown
        return _both(value, shown, target=target if links else "", at=at)

    def _shown(self, table: str, one: Field, place: Place) -> _Text:
        """The text people see."""
        at = place.value
        if one.is_reference or one.names:
            named = one.names and self._named(one.names, at)
            return named or _named_reference(at, place.display)
        if one.choices:
            return self._choice(table, one.name, place)
        if one.storage is Storage.JOURNAL:
            return _thread(one.name, place.sys_id)
        if one.type == "sys_class_name":
            return lambda row, _: self._dictionary.label_of_table(row[at])
        if one.type == "glide_list":
            return self._named_list(one, at)
        beside = _TABLE_OF_DOCUMENT.get((table, one.name))
        by_type = _SHOWN_BY_TYPE.get(one.type, _plain)
        return self._document(table, beside, place) if beside else by_type(at)

    def _choice(self, table: str, name: str, place: Place) -> _Text:
        """A label, by the class of the record where a table holds several."""
        at, class_at = place.value, place.class_name
        labels = self._choices.labels
        if class_at is None:
            fixed = labels(table, name)
            return lambda row, _: fixed.get(row[at], row[at])
        return lambda row, _: labels(row[class_at] or table, name).get(row[at], row[at])

    def _named(self, target: str, at: int) -> _Text:
        """What people see of a record that is named, not referred to."""
        root, display = self._dictionary.root(target), self._dictionary.display_field(target).name
        sql = f'SELECT "{display}" FROM "{root}" WHERE "name" = ?'

        def shown(row: Row, page: Page) -> str:
            known = page.names.get((target, row[at]))
            if known is None:
                found = page.store.scalar(sql, (row[at],)) if row[at] else ""
                known = page.names[target, row[at]] = row[at] if found is None else str(found)
            return known

        return shown

    def _document(self, table: str, beside: str, place: Place) -> _Text:
        """A record of any table: the label of its table, and its name."""
        sql = f'SELECT "{beside}" FROM "{self._dictionary.root(table)}" WHERE "sys_id" = ?'

        def shown(row: Row, page: Page) -> str:
            value = row[place.value]
            known = page.names.get(("", value))
            if known is None:
                target = str(page.store.scalar(sql, (row[place.sys_id],)) or "")
                known = page.names["", value] = self._called(page, target, value)
            return known

        return shown

    def _called(self, page: Page, table: str, sys_id: str) -> str:
        if not sys_id or table not in self._dictionary.tables:
            return sys_id
        root, display = self._dictionary.root(table), self._dictionary.display_field(table).name
        sql = f'SELECT "{display}" FROM "{root}" WHERE "sys_id" = ?'
        found = page.store.scalar(sql, (sys_id,))
        label = self._dictionary.label_of_table(table)
        return sys_id if found is None else f"{label}: {found}"

    def _named_list(self, one: Field, at: int) -> _Text:
        target = one.reference
        if not target:
            return _plain(at)
        root = self._dictionary.root(target)
        display = self._dictionary.display_field(target).name
        sql = f'SELECT "{display}" FROM "{root}" WHERE "sys_id" = ?'

        def name(page: Page, sys_id: str) -> str:
            known = page.names.get((target, sys_id))
            if known is None:
                found = page.store.scalar(sql, (sys_id,))
                known = page.names[target, sys_id] = sys_id if found is None else str(found)
            return known

        return lambda row, page: ", ".join(name(page, one) for one in row[at].split(",") if one)


def link_target(one: Field) -> str:
    """Where a field's link leads, up to the value; empty for fields without a link."""
    if one.type == "domain_id":
        return "sys_user_group/"
    if one.names:
        return f"{one.names}?name="
    return f"{one.reference}/" if one.is_reference else ""


def duration(stored: str) -> str:
    """A duration in words: `1970-01-01 00:02:17` is `2 Minutes`."""
    try:
        seconds = int((datetime.fromisoformat(stored) - _EPOCH).total_seconds())
    except (ValueError, TypeError):  # a moment with a zone is no duration
        return stored
    parts = []
    for name, length in (("Day", 86400), ("Hour", 3600), ("Minute", 60)):
        amount, seconds = divmod(seconds, length)
        if amount:
            parts.append(f"{amount} {name}{'s' if amount > 1 else ''}")
    return " ".join(parts) or f"{seconds} Seconds"


def money(stored: str) -> str:
    """A price as people read it: `1180` is `$1,180.00`; what is no number stays as it is."""
    try:
        amount = Decimal(stored)
    except InvalidOperation:
        return stored
    if not amount.is_finite() or amount.adjusted() > _DIGITS_OF_A_PRICE:
        return stored
    return f"{'-' if amount < 0 else ''}${abs(amount):,.2f}"


def _plain(at: int) -> _Text:
    return lambda row, _: row[at]


def _value(one: Field, at: int) -> _Text:
    if one.storage is Storage.JOURNAL:
        return lambda _, __: ""
    if one.type == "password":
        return lambda row, _: _MASK if row[at] else ""
    return _plain(at)


_SHOWN_BY_TYPE: Mapping[str, Callable[[int], _Text]] = {
    "glide_date_time": lambda at: lambda row, page: row[at] and page.person.shown(row[at]),
    "due_date": lambda at: lambda row, page: row[at] and page.person.shown(row[at]),
    "glide_date": lambda at: lambda row, page: row[at] and page.person.shown_date(row[at]),
    "glide_duration": lambda at: lambda row, _: row[at] and duration(row[at]),
    **{name: lambda at: lambda row, _: row[at] and money(row[at]) for name in _PRICES},
    **{name: lambda at: lambda row, _: row[at] and _MASK for name in _PASSWORDS},
}


def _named_reference(at: int, display: int) -> _Text:
    # A reference to a record that is gone has no name; its value is then all there is to show.
    return lambda row, _: row[display] if row[at] else ""


def _thread(name: str, sys_id: int) -> _Text:
    return lambda row, page: page.threads.get((row[sys_id], name), "")


def _linked_value(target: str, at: int) -> Renderer:
    def shown(row: Row, page: Page) -> Shown:
        value = row[at]
        return {"link": f"{page.api}/table/{target}{value}", "value": value} if value else ""

    return shown


def _linked_label(target: str, label: _Text, at: int) -> Renderer:
    def shown(row: Row, page: Page) -> Shown:
        value = row[at]
        if not value:
            return ""
        return {
            "display_value": label(row, page),
            "link": f"{page.api}/table/{target}{value}",
        }

    return shown


def _both(value: _Text, label: _Text, *, target: str, at: int) -> Renderer:
    if not target:
        return lambda row, page: {"display_value": label(row, page), "value": value(row, page)}

    def shown(row: Row, page: Page) -> Shown:
        both = {"display_value": label(row, page), "value": value(row, page)}
        if row[at]:
            both["link"] = f"{page.api}/table/{target}{row[at]}"
        return both

    return shown
