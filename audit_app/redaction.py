"""Which argument values a record keeps, shortens or hides.

Kept are values that say *what was asked for* and hold nobody's words: numbers, booleans, dates,
sys_ids, record numbers, and short values of arguments that name a choice or a record. Hidden is
whatever is named like a secret or looks like one. All else is shortened to its length and a keyed
fingerprint: equal texts can be found, their content cannot be read.

What is stored instead of a value is an object whose names begin with an underscore. No name of an
argument does (they must fit a grammar to be kept), so nobody can forge one.
"""

import hashlib
import hmac
import json
import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from itertools import islice
from typing import TypeAlias

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

JSON: TypeAlias = "bool | int | float | str | list[JSON] | dict[str, JSON] | None"

MOST_ITEMS = 20
MOST_NAMES = 60
DEEPEST = 4
MOST_CHARACTERS = 8_000
HIDDEN: dict[str, JSON] = {"_hidden": "secret"}
TOO_DEEP: dict[str, JSON] = {"_hidden": "too deep"}

# Arguments whose short values are choices or names of records, not somebody's words.
# fmt: off
CHOICES_AND_NAMES = frozenset({
    "access", "approval", "article", "assigned_to", "assignment_group", "caller_is", "catalog",
    "category", "change", "close_code", "cmdb_ci", "configuration_item", "contact_type",
    "decision", "group", "group_name", "hold_reason", "impact", "incident", "item", "kind",
    "knowledge_base", "known_error", "language", "order_by", "priority", "problem", "record",
    "request", "risk", "service", "state", "subcategory", "table", "template", "timeframe",
    "type", "update_set", "urgency",
})
# fmt: on
_NAME = re.compile(r"[a-z][a-z0-9_]{0,59}(\.[a-z][a-z0-9_]{0,59}){0,3}")
_SECRET_NAME = re.compile(
    r"passw|passphrase|pwd|secret|token|credential|authori[sz]ation|bearer|cookie|session"
    r"|api_?key|private_?key|(^|_)(auth|pin|otp|mfa|key|jwt|code_verifier)($|_)"
)
_SECRET_VALUE = re.compile(
    r"snmcp_|bearer\s|basic\s+[a-z0-9+/=]{8}|-----begin|://[^/\s:]*:[^/\s@]*@"
    r"|\b(sk|pk|rk|ghp|gho|ghs|glpat|xox[a-z])[-_][a-z0-9]{8}|\bakia[0-9a-z]{12}|\beyj[a-z0-9_-]{8}"
    r"|(password|passwd|secret|token)\s*[:=]",
    re.IGNORECASE,
)
_LONG_RANDOM = re.compile(r"(?=[^\s]*[0-9])(?=[^\s]*[A-Za-z])[A-Za-z0-9+/_=-]{24,}")
_SYS_ID = re.compile(r"[0-9a-f]{32}", re.IGNORECASE)
_NUMBER = re.compile(r"[A-Z]{2,10}[0-9]{4,12}", re.IGNORECASE)
_WHEN = re.compile(r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:?\d\d)?)?")
_SMALL_NUMBER = re.compile(r"-?\d{1,6}(\.\d{1,4})?")
_PLAIN = re.compile(r"[^\W_][\w .,;:&/()'@+<>=|-]{0,99}|-[a-z_.]{1,40}")
_RECORD_IN_LINK = re.compile(
    r"(?:sys_id(?:=|%3D)|/record/\w+/)([0-9a-f]{32})|\b([A-Z]{2,10}[0-9]{5,12})\b", re.IGNORECASE
)
# Arguments that say which record a call is about, the more telling ones first.
_RECORD_ARGUMENTS = (
    *("record", "incident", "change", "problem", "request", "approval", "article", "item"),
    *("update_set", "number", "sys_id", "id"),
)


def redacted(arguments: Mapping[str, object]) -> dict[str, JSON]:
    """Return what may be stored of `arguments`: plain JSON of at most `MOST_CHARACTERS`.

    Takes whatever a client sent, also of a call that was refused: names that do not fit the
    grammar of argument names are counted, never stored.
    """
    result = _redacted_names(arguments, depth=1)
    size = len(json.dumps(result))
    if size <= MOST_CHARACTERS:
        return result
    return {"_too_large": size, "_names": list(islice(result, MOST_ITEMS))}


def record_sought(arguments: Mapping[str, object]) -> str:
    """Return the number (upper case) or sys_id (lower case) a call is about, or an empty text."""
    for name in _RECORD_ARGUMENTS:
        value = arguments.get(name)
        if isinstance(value, str) and (found := _record_named(value)):
            return found
    return ""


def clean_text(text: object, *, most: int) -> str:
    """Return `text` without control characters and what UTF-8 cannot carry, cut to `most`."""
    start = str(text)[: most * 2]
    if not start.isprintable():
        start = "".join(each if each.isprintable() else " " for each in start)
    return " ".join(start.split())[:most]


def _redacted_names(values: Mapping[str, object], *, depth: int) -> dict[str, JSON]:
    kept: dict[str, JSON] = {}
    unfit = 0
    for name, value in islice(values.items(), MOST_NAMES):
        if _is_fit(name):
            kept[name] = _redacted(value, name=name, depth=depth)
        else:
            unfit += 1
    if unfit:
        kept["_names_not_kept"] = unfit
    if len(values) > MOST_NAMES:
        kept["_more"] = len(values) - MOST_NAMES
    return kept


def _is_fit(name: object) -> bool:
    return (
        isinstance(name, str)
        and _NAME.fullmatch(name) is not None
        and not _SECRET_VALUE.search(name)
        and not _LONG_RANDOM.search(name.replace("_", " "))
    )


def _redacted(value: object, *, name: str, depth: int) -> JSON:
    if _SECRET_NAME.search(name):
        return dict(HIDDEN)
    if isinstance(value, Mapping | list | tuple):
        return _redacted_nest(value, name=name, depth=depth)
    if isinstance(value, str):
        return _redacted_text(value, name=name)
    if value is None or isinstance(value, bool):
        return value
    # Neither database's JSON holds infinities, and a number of a thousand digits is a text.
    if isinstance(value, int | float) and abs(value) < 2**53:
        return value
    return {"_hidden": "not a usual value"}


def _redacted_nest(
    value: Mapping[str, object] | Sequence[object], *, name: str, depth: int
) -> JSON:
    if depth > DEEPEST:
        return dict(TOO_DEEP)
    if isinstance(value, Mapping):
        return _redacted_names(value, depth=depth + 1)
    return _redacted_items(value, name=name, depth=depth)


def _redacted_items(values: Sequence[object], *, name: str, depth: int) -> list[JSON]:
    kept = [_redacted(each, name=name, depth=depth + 1) for each in values[:MOST_ITEMS]]
    if len(values) > MOST_ITEMS:
        kept.append({"_more": len(values) - MOST_ITEMS})
    return kept


def _redacted_text(text: str, *, name: str) -> JSON:
    if len(text) <= 100 and _is_kept(text, name=name):
        return text
    if _SECRET_VALUE.search(text[:4000]) or _LONG_RANDOM.fullmatch(text):
        return dict(HIDDEN)
    shortened: dict[str, JSON] = {"_length": len(text), "_fingerprint": fingerprint(text)}
    if name in _RECORD_ARGUMENTS and (record := _record_named(text)):
        shortened["_record"] = record
    return shortened


_KEPT_SHAPES: tuple[Callable[[str], object], ...] = (
    _SYS_ID.fullmatch,
    _NUMBER.fullmatch,
    _WHEN.fullmatch,
    _SMALL_NUMBER.fullmatch,
)


def _is_kept(text: str, *, name: str) -> bool:
    if any(has_shape(text) for has_shape in _KEPT_SHAPES) or not text:
        return True
    return (
        name.rpartition(".")[2] in CHOICES_AND_NAMES
        and _PLAIN.fullmatch(text) is not None
        and not _SECRET_VALUE.search(text)
        and not _LONG_RANDOM.search(text)
    )


def _record_named(text: str) -> str:
    text = text.strip()
    if _SYS_ID.fullmatch(text):
        return text.lower()
    if _NUMBER.fullmatch(text):
        return text.upper()
    found = _RECORD_IN_LINK.search(text[:2000]) if "/" in text else None
    if found is None:
        return ""
    return found[1].lower() if found[1] else found[2].upper()


def fingerprint(text: str) -> str:
    """Return a keyed fingerprint: the same for equal texts, useless without SECRET_KEY."""
    digest = hmac.new(_fingerprint_secret(settings.SECRET_KEY), digestmod=hashlib.sha256)
    digest.update(text.encode(errors="surrogatepass"))
    return digest.hexdigest()[:24]


@lru_cache(maxsize=2)
def _fingerprint_secret(secret: str) -> bytes:
    derivation = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"snmcp audit fingerprint 1")
    return derivation.derive(secret.encode())
