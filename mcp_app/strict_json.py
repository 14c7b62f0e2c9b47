"""JSON that no two readers can read differently; anything else is refused instead of guessed at.

JSON parsers differ on duplicate names, on NaN, on large numbers, on deep nesting and on broken
text. What another reader (a proxy, a log, the SDK) could take for something else is not taken.
"""

import json
import math
from typing import Any, Final, NoReturn

from mcp_app.exceptions import MalformedBody

DEEPEST_NESTING: Final = 64
# Digits and a sign of what 64 bits hold.
_LONGEST_INTEGER: Final = 20


def parse_strictly(raw: bytes) -> object:
    """Return the JSON value in `raw`, which must be UTF-8; raise `MalformedBody`."""
    try:
        parsed = json.loads(
            raw.decode("utf-8"),
            object_pairs_hook=_without_duplicates,
            parse_constant=_refuse_constant,
            parse_float=_finite,
            parse_int=_of_64_bits,
        )
    except UnicodeDecodeError:
        raise MalformedBody("The body is not UTF-8") from None
    except RecursionError:
        raise _too_deep() from None
    except ValueError:
        # The text of the error would repeat the body.
        raise MalformedBody("The body is not valid JSON") from None
    if raw.count(b"{") + raw.count(b"[") > DEEPEST_NESTING or b"\\u" in raw:
        _require_shallow_and_clean(parsed)
    return parsed


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    named = dict(pairs)
    if len(named) != len(pairs):
        raise MalformedBody("The body names a member twice")
    return named


def _refuse_constant(_constant: str) -> NoReturn:
    raise MalformedBody("NaN and Infinity are not JSON")


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise _too_large()
    return number


def _of_64_bits(text: str) -> int:
    """Most readers and every database hold no more, and Python needs long for much more."""
    if len(text) > _LONGEST_INTEGER or not -(2**63) <= (number := int(text)) < 2**63:
        raise _too_large()
    return number


def _too_large() -> MalformedBody:
    return MalformedBody("A number in the body is too large")


def _require_shallow_and_clean(parsed: object) -> None:
    """Refuse deep nesting, lone surrogates and NUL: no database column and no log holds them."""
    level: list[object] = [parsed]
    for _ in range(DEEPEST_NESTING):
        level = _one_deeper(level)
        if not level:
            return
    if any(isinstance(value, dict | list) for value in level):
        raise _too_deep()
    _one_deeper(level)


def _one_deeper(level: list[object]) -> list[object]:
    """What the values of one level hold, names included; the texts among them are looked at."""
    inside: list[object] = []
    for value in level:
        if isinstance(value, str):
            _require_clean(value)
        elif isinstance(value, dict):
            inside.extend(value)
            inside.extend(value.values())
        elif isinstance(value, list):
            inside.extend(value)
    return inside


def _require_clean(text: str) -> None:
    try:
        is_clean = b"\x00" not in text.encode()
    except UnicodeEncodeError:
        is_clean = False
    if not is_clean:
        raise MalformedBody("A text in the body holds NUL or half of a surrogate pair")


def _too_deep() -> MalformedBody:
    return MalformedBody(f"The body is nested deeper than {DEEPEST_NESTING} levels")
