"""Query strings and forms, taken apart once for everybody who looks at one."""

from functools import lru_cache
from urllib.parse import parse_qsl

_LONGEST_KEPT = 4096

Pairs = tuple[tuple[str, str], ...]


def pairs_of(form: str) -> Pairs:
    """Names and values of a form-encoded text, in their order; empty values too."""
    return _kept(form) if len(form) <= _LONGEST_KEPT else _taken_apart(form)


def _taken_apart(form: str) -> Pairs:
    return tuple(parse_qsl(form, keep_blank_values=True))


_kept = lru_cache(maxsize=1024)(_taken_apart)
