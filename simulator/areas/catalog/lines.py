"""Order lines: an item, how many of it, the answers given, and what that costs.

A line comes from an order placed at once, or lies in a cart.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from simulator.areas.catalog import prices, refusals
from simulator.areas.catalog.answering import Answer, extra_prices
from simulator.areas.catalog.refusals import CatalogRefused
from simulator.records.rendering import duration

_MOST = 9999


@dataclass(frozen=True, kw_only=True)
class Line:
    """`also_for` are further people (sys_ids), each of whom gets it too.

    `cart_item` is the row it lies in a cart as; empty for an order placed at once.
    """

    item: Mapping[str, str]
    quantity: int
    answers: tuple[Answer, ...]
    order_guide: str = ""
    also_for: tuple[str, ...] = ()
    cart_item: Mapping[str, str] = field(default_factory=dict)

    @property
    def price(self) -> Decimal:
        """Of one, with what the answers add."""
        return prices.amount(self.item["price"]) + extra_prices(self.answers)[0]

    @property
    def recurring_price(self) -> Decimal:
        """Of one, each time."""
        return prices.amount(self.item["recurring_price"]) + extra_prices(self.answers)[1]

    @property
    def frequency(self) -> str:
        """How often the recurring price is due, empty if there is none."""
        return self.item["recurring_frequency"]

    @property
    def frequency_label(self) -> str:
        """What people read of it."""
        return prices.FREQUENCY_LABELS.get(self.frequency, self.frequency)

    @property
    def delivery_time(self) -> str:
        """How long delivery takes, in words."""
        stored = self.item["delivery_time"]
        return duration(stored) if stored else ""


def quantity(given: object, *, default: int | None = None) -> int:
    """A positive number, given as a number or as text. Raises CatalogRefused."""
    if given is None and default is not None:
        return default
    is_text = isinstance(given, str) and given.strip().isascii() and given.strip().isdigit()
    if isinstance(given, bool) or not (isinstance(given, int) or is_text):
        raise CatalogRefused(refusals.INVALID_QUANTITY)
    text = str(given).strip()
    number = int(text) if len(text) <= len(str(_MOST)) else 0
    if not 1 <= number <= _MOST:
        raise CatalogRefused(refusals.INVALID_QUANTITY)
    return number
