"""Conditions on texts, narrowed by a search index where a table has one."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from simulator.data.text_index import terms
from simulator.queries.operators import Asked, Predicate
from simulator.queries.parsing import Condition, Term
from simulator.schema import Field

# Those that hold only where the text is contained.
CONTAINING = frozenset({"LIKE", "STARTSWITH", "ENDSWITH"})

_SEARCHED_TYPES = frozenset({"string", "email", "journal_input", "html", "wiki_text"})


class Texts(Protocol):
    """What knows which rows may contain a text."""

    def may_contain(self, table: str, columns: Iterable[str], text: str, *, alias: str) -> str:
        """A condition whose one parameter are the terms of the text, or nothing."""

    def may_be_about(self, table: str, columns: Iterable[str], text: str, *, alias: str) -> str:
        """The same for a row or its journal, with the terms twice."""


class NoTexts:
    """No table has a search index."""

    def may_contain(self, table: str, columns: Iterable[str], text: str, *, alias: str) -> str:  # noqa: ARG002  # the answer is always the same
        """Nothing."""
        return ""

    may_be_about = may_contain


def is_searched(one: Field) -> bool:
    """Whether a full-text search looks at a field."""
    return one.type in _SEARCHED_TYPES and not one.choices and not one.name.startswith("sys_")


def finds_few(fields: Mapping[str, Field], group: Sequence[Term]) -> bool:
    """Whether a condition that must hold finds few rows by an index: what contains a text need not
    be found by another one then.
    """
    term = group[0]
    if len(group) > 1 or not isinstance(term, Condition) or term.operator != "=":
        return False
    field = fields.get(term.field)
    if field is None or not term.value:
        return False
    is_active = (field.name, term.value) == ("active", "true")
    return is_active or (field.indexed and not field.choices)


def narrowed(
    found: Predicate,
    texts: Texts,
    *,
    table: str,
    columns: Iterable[str],
    text: str,
    alias: str,
    asked: Asked,
    with_journals: bool = False,
) -> Predicate:
    """The condition `found` on columns that contain a text, asked of fewer rows.

    `table` is the physical table and `alias` its name in the query; with journals, `found` looks
    at those of the row too.
    """
    value = asked.value(text)
    if found.matches_empty or not isinstance(value, str):
        return found
    look_up = texts.may_be_about if with_journals else texts.may_contain
    sql = look_up(table, columns, value, alias=alias)
    if not sql:
        return found
    parameters = (terms(value),) * sql.count("?")
    return Predicate(f"({sql} AND {found.sql})", (*parameters, *found.parameters))
