"""What an answer must hold: a place in it, and what has to stand there.

A place is names and positions with `/` between; `*` is every entry of a list, `name=value` the one
entry that has this. What stands there is compared with a value as it is, or with one of:

- `{"has": x}`: contains the text or entry, or each of a list of them
- `{"lacks": x}`: contains none of these
- `{"at_least": n}`: is as large, or has so many entries
- `{"given": true}`: is there at all and not empty
- `{"each": x}`: is a list with entries, each of which is x, or fits it where x is one of these
"""

from collections.abc import Callable
from typing import Any


def at(answer: Any, place: str) -> Any:
    """What stands at a place of an answer; None where there is nothing."""
    found = answer
    names = place.split("/")
    for number, name in enumerate(names):
        if name == "*":
            return [at(one, "/".join(names[number + 1 :])) for one in found]
        found = _part(found, name)
    return found


def _part(found: Any, name: str) -> Any:
    if isinstance(found, list):
        if "=" in name:
            field, _, value = name.partition("=")
            return next((one for one in found if str(at(one, field)) == value), None)
        return found[int(name)] if int(name) < len(found) else None
    return found.get(name) if isinstance(found, dict) else None


def fits(found: Any, expected: Any) -> bool:
    """Whether what was found is what was expected."""
    if isinstance(expected, dict) and len(expected) == 1:
        [(kind, value)] = expected.items()
        if kind in _KINDS:
            return _KINDS[kind](found, value)
    return bool(found == expected)


def _each(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _has(found: Any, value: Any) -> bool:
    return found is not None and all(one in found for one in _each(value))


def _lacks(found: Any, value: Any) -> bool:
    return found is None or not any(one in found for one in _each(value))


def _at_least(found: Any, value: Any) -> bool:
    return found is not None and bool((len(found) if isinstance(found, list) else found) >= value)


def _given(found: Any, value: Any) -> bool:
    return bool(bool(found) == value)


def _each_fits(found: Any, value: Any) -> bool:
    return bool(found) and all(fits(one, value) for one in found)


_KINDS: dict[str, Callable[[Any, Any], bool]] = {
    "has": _has,
    "lacks": _lacks,
    "at_least": _at_least,
    "given": _given,
    "each": _each_fits,
}
