"""Operators that need to know more than the field: hierarchies, classes, dynamic filters."""

# Identifiers come from the dictionary, values are parameters.
# ruff: noqa: S608

from collections.abc import Callable

from simulator.data.dictionary import Dictionary
from simulator.data.dictionary_rows import ME, MY_GROUPS
from simulator.queries.columns import Column
from simulator.queries.javascript import PREFIX
from simulator.queries.operators import NOTHING, OPERATORS, Asked, Predicate

_Tree = Callable[[Dictionary, Column, str, Asked], Predicate | None]

_DYNAMIC = {ME: f"{PREFIX}gs.getUserID()", MY_GROUPS: f"{PREFIX}getMyGroups()"}


def _dynamic(_: Dictionary, column: Column, value: str, asked: Asked) -> Predicate | None:
    script = _DYNAMIC.get(value)
    return OPERATORS["="](column, script, asked) if script else NOTHING


def _in_hierarchy(
    dictionary: Dictionary, column: Column, value: str, asked: Asked
) -> Predicate | None:
    """The record named after the last `@`, or one below it by `parent`."""
    top = asked.value(value.rpartition("@")[2])
    return _below(dictionary, column, top) if isinstance(top, str) else NOTHING


def _in_hierarchy_dynamic(
    dictionary: Dictionary, column: Column, value: str, asked: Asked
) -> Predicate | None:
    script = _DYNAMIC.get(value.rpartition("@")[2])
    top = asked.value(script) if script else None
    return _below(dictionary, column, top) if isinstance(top, str) else NOTHING


def _below(dictionary: Dictionary, column: Column, top: str) -> Predicate | None:
    if not column.field.is_reference:
        return None
    target = column.field.reference
    parent = dictionary.fields_of(target).get("parent")
    if parent is None or parent.reference != target:
        return None
    root = dictionary.root(target)
    return Predicate(
        f"{column.sql} IN (WITH RECURSIVE below(id) AS (SELECT ? UNION"
        f' SELECT h."sys_id" FROM "{root}" h JOIN below ON h."parent" = below.id)'
        " SELECT id FROM below)",
        (top,),
    )


def _instance_of(dictionary: Dictionary, column: Column, value: str, _: Asked) -> Predicate | None:
    if not dictionary.knows(value):
        return NOTHING
    classes = dictionary.descendants(value)
    return Predicate(f"{column.sql} IN ({', '.join('?' for _ in classes)})", classes)


TREE_OPERATORS: dict[str, _Tree] = {
    "DYNAMIC": _dynamic,
    "IN_HIERARCHY": _in_hierarchy,
    "IN_HIERARCHY_DYNAMIC": _in_hierarchy_dynamic,
    "INSTANCEOF": _instance_of,
}
