"""Prices: stored as plain decimals, shown as dollars with two digits."""

from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation

_CENT = Decimal("0.01")
_LARGEST = Decimal(10) ** 15

FREQUENCY_LABELS = {
    "daily": "Daily",
    "weekly": "Weekly",
    "weekly2": "Every Two Weeks",
    "monthly": "Monthly",
    "monthly2": "Every Two Months",
    "quarterly": "Quarterly",
    "semiannual": "Semiannually",
    "yearly": "Annually",
}


def amount(text: str) -> Decimal:
    """A stored price as a number, rounded to cents; what is no price is nothing."""
    try:
        value = Decimal(text.strip() or "0")
    except InvalidOperation:
        return Decimal(0)
    if not value.is_finite() or abs(value) >= _LARGEST:
        return Decimal(0)
    return value.quantize(_CENT)


def shown(value: Decimal) -> str:
    """`$1,499.00`."""
    sign = "-" if value < 0 else ""
    return f"{sign}${abs(value):,.2f}"


def plain(value: Decimal) -> str:
    """As it is stored: `600`, `19.9`."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return text or "0"


def total(rows: Iterable[Mapping[str, str]], field: str) -> Decimal:
    """What rows with a `quantity` cost together."""
    return sum((amount(row[field]) * int(row["quantity"] or 0) for row in rows), Decimal(0))
