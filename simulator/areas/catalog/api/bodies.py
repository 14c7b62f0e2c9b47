"""What the bodies of clients hold."""

from collections.abc import Mapping

from simulator.errors import BadBody


def variables_of(body: Mapping[str, object]) -> Mapping[str, object]:
    """The answers in a body. Raises BadBody where they are no object."""
    return _object(body.get("variables") or {})


def text(body: Mapping[str, object], name: str) -> str:
    """A text in a body; empty when it is missing. Raises BadBody where it is of another type."""
    value = body.get(name) or ""
    if not isinstance(value, str):
        raise BadBody
    return value.strip()


def _object(value: object) -> Mapping[str, object]:
    if not isinstance(value, dict):
        raise BadBody
    return value
