"""Conditions on texts, narrowed by a search index where a table has one."""

from collections.abc import Iterable
from typing import Protocol

from simulator.data.text_index import terms
from simulator.queries.operators import Asked, Predicate
from simulator.schema import Field

# Those that hold only where the text is contained.
CONTAINING = frozenset({"LIKE", "STARTSWITH", "ENDSWITH"})

_SEARCHED_TYPES = frozenset({"string", "email", "journal_input", "html", "wiki_text"})


class Texts(Protocol):
    """What knows which rows may contain a text."""

    def may_contain(self, table: str, columns: Iterable[str], text: str, *, alias: str) -> str:
        """A condition with one parameter, or nothing."""


class NoTexts:
    """No table has a search index."""

    def may_contain(self, table: str, columns: Iterable[str], text: str, *, alias: str) -> str:  # noqa: ARG002  # the answer is always the same
        """Nothing."""
        return ""


def is_searched(one: Field) -> bool:
    """Whether a full-text search looks at a field."""
    return one.type in _SEARCHED_TYPES and not one.choices and not one.name.startswith("sys_")


def narrowed(
    found: Predicate | None,
    texts: Texts,
    *,
    table: str,
    columns: Iterable[str],
    text: str,
    alias: str,
    asked: Asked,
) -> Predicate | None:
    """The condition `found` on columns that contain a text, asked of fewer rows.

    `table` is the physical table and `alias` its name in the query.
    """
    value = asked.value(text)
    if found is None or found.matches_empty or not isinstance(value, str):
        return found
    sql = texts.may_contain(table, columns, value, alias=alias)
    return (
        Predicate(f"({sql} AND {found.sql})", (terms(value), *found.parameters)) if sql else found
    )
