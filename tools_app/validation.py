"""Arguments against a tool's schema, and what to tell the model about those that do not fit.

Nothing is guessed: `"10"` where a number belongs is refused with what would be accepted.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Protocol

from jsonschema import (  # type: ignore[import-untyped]  # it ships no types
    Draft202012Validator,
    ValidationError,
)

from tools_app.cleaning import clean_line
from tools_app.exceptions import ArgumentProblem, InvalidArguments
from tools_app.identity import says_who_is_acting
from tools_app.schemas import Schema

_TYPES = {
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "object": "an object",
    "array": "a list",
}
_MOST_PROBLEMS = 20
_UNSENDABLE = re.compile("[\x00\ud800-\udfff]")
# ServiceNow trims a value before it searches, so that a blank one fits everything.
_BLANK = re.compile("[\\s\x01-\x20\u200b-\u200f\u2060\ufeff]+")


class Validator(Protocol):
    """A prebuilt validator of one schema."""

    def is_valid(self, instance: object) -> bool:
        """Whether `instance` fits."""
        ...

    def iter_errors(self, instance: object) -> Iterator[ValidationError]:
        """What does not fit."""
        ...


def validator_of(schema: Schema) -> Validator:
    """A prebuilt validator: building one costs fifty times as much as using it."""
    Draft202012Validator.check_schema(schema)
    validator: Validator = Draft202012Validator(schema)
    return validator


def check(validator: Validator, arguments: Mapping[str, Any]) -> None:
    """Raise `InvalidArguments` naming every argument of `arguments` that does not fit."""
    problems = [*_unsendable(arguments, path=""), *_blank(arguments)]
    if not problems:
        errors = sorted(validator.iter_errors(arguments), key=lambda error: error.json_path)
        problems = [problem for error in errors for problem in _problems(error)]
    if problems:
        raise InvalidArguments(*problems[:_MOST_PROBLEMS])


def _unsendable(value: object, *, path: str) -> Iterator[ArgumentProblem]:
    """Text that cannot be sent at all: JSON may carry half a surrogate pair, or NUL."""
    if isinstance(value, Mapping):
        for name, part in value.items():
            where = f"{path}.{shown(name)}" if path else shown(name)
            yield from _unsendable(name, path=where)
            yield from _unsendable(part, path=where)
    elif isinstance(value, list):
        for index, part in enumerate(value):
            yield from _unsendable(part, path=f"{path}[{index}]")
    elif isinstance(value, str) and _UNSENDABLE.search(value):
        yield ArgumentProblem(path, "holds a character that is not text", "Unicode text")


def _blank(arguments: Mapping[str, Any]) -> Iterator[ArgumentProblem]:
    for name, value in arguments.items():
        if isinstance(value, str) and _BLANK.fullmatch(value):
            yield ArgumentProblem(shown(name), "is blank", "text with at least one letter or sign")


def shown(value: object) -> str:
    """A value of the model's, short and clean enough to repeat."""
    return clean_line(str(value).encode(errors="replace").decode(), most=60)


def _problems(error: ValidationError) -> Iterator[ArgumentProblem]:
    where = _path(error.absolute_path)
    if error.validator == "additionalProperties":
        known = error.schema.get("properties", {})
        for name in error.instance:
            if name not in known:
                yield _unknown(f"{where}.{name}".lstrip("."), name, known=list(known))
    elif error.validator == "required":
        for name in error.validator_value:
            if name not in error.instance:
                part = error.schema["properties"][name]
                yield ArgumentProblem(f"{where}.{name}".lstrip("."), "is missing", accepted(part))
    else:
        yield ArgumentProblem(where or "arguments", _wrong(error), accepted(error.schema))


def _path(parts: Iterable[str | int]) -> str:
    path = ""
    for part in parts:
        path += f"[{part}]" if isinstance(part, int) else f".{shown(part)}"
    return path.lstrip(".")


def _unknown(where: str, name: str, *, known: list[str]) -> ArgumentProblem:
    listed = ", ".join(known) if known else "no arguments at all"
    if says_who_is_acting(name):
        problem = "is not an argument: who is acting is always the signed-in person"
    else:
        problem = "is not an argument here"
    return ArgumentProblem(shown(where), problem, listed)


def _wrong(error: ValidationError) -> str:
    value = error.instance
    if error.validator == "type":
        if value is None:
            return "is null; leave it out instead"
        kind = _kind(value)
        return f"is {kind}" if isinstance(value, dict | list) else f"is {kind} ({shown(value)})"
    if error.validator in {"maxLength", "minLength"}:
        return f"has {len(value)} characters"
    if error.validator in {"maxProperties", "maxItems", "minProperties", "minItems"}:
        return f"has {len(value)} entries"
    return f"is {shown(value)!r}"


def _kind(value: object) -> str:
    kinds = {bool: "true or false", int: "a number", float: "a number", str: "text"}
    return kinds.get(type(value), "a list" if isinstance(value, list) else "an object")


def accepted(schema: Schema) -> str:
    """What a schema takes, in words."""
    if "enum" in schema:
        return "one of " + ", ".join(str(value) for value in schema["enum"])
    words = _TYPES[schema["type"]]
    for low, high, unit in (
        ("minimum", "maximum", ""),
        ("minLength", "maxLength", " characters"),
        ("minItems", "maxItems", " entries"),
        ("minProperties", "maxProperties", " entries"),
    ):
        if high in schema:
            words += f" of {schema.get(low, 0)} to {schema[high]}{unit}"
    return f"{words}; {schema['description']}" if "description" in schema else words
