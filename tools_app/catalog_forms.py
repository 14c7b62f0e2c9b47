"""What the rules of an item's form (catalog UI policies) make of the answers to it.

ServiceNow's API does not enforce them; a browser would. Only conditions of a plain form are
understood; a policy with any other one is left out, and so is what client scripts do.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tools_app.catalog_items import Item, objects, said

# Longest first: `!=` is no `=`.
_CONDITION = re.compile(
    r"^IO:(?P<id>[0-9a-f]{32})(?P<operator>ISNOTEMPTY|ISEMPTY|STARTSWITH|NOT LIKE|LIKE|IN|!=|=)"
    r"(?P<value>.*)$",
    re.DOTALL,
)
_COMPARING: Mapping[str, Callable[[str, str], bool]] = {
    "=": lambda answer, value: answer == value,
    "!=": lambda answer, value: answer != value,
    "ISEMPTY": lambda answer, _: not answer,
    "ISNOTEMPTY": lambda answer, _: bool(answer),
    "STARTSWITH": str.startswith,
    "LIKE": lambda answer, value: value in answer,
    "NOT LIKE": lambda answer, value: value not in answer,
    "IN": lambda answer, value: answer in value.split(","),
}


@dataclass(frozen=True)
class Asked:
    """Whether a variable has to be answered, and whether the form shows it at all."""

    mandatory: bool
    visible: bool = True


def asked_with(item: Item, answers: Mapping[str, str]) -> dict[str, Asked]:
    """What the form asks, by the names of variables, once `answers` (by name) are given."""
    by_id = {one.sys_id: answers.get(one.name, "") for one in item.variables}
    found = {one.sys_id: Asked(one.mandatory) for one in item.variables}
    for policy in item.policies:
        holds = _holds(said(policy, "conditions", most=4_000), by_id)
        if holds is None or not (holds or policy.get("reverse") is True):
            continue
        for action in _actions(policy):
            variable = said(action, "name").removeprefix("IO:")
            if variable in found:
                found[variable] = _after(found[variable], action, reversed_=not holds)
    return {one.name: found[one.sys_id] for one in item.variables}


def depending(item: Item) -> dict[str, str]:
    """For variables that a policy touches: one sentence on the variables it looks at."""
    labels = {one.sys_id: one.name for one in item.variables}
    told: dict[str, str] = {}
    for policy in item.policies:
        conditions = said(policy, "conditions", most=4_000)
        seen = dict.fromkeys(re.findall(r"IO:([0-9a-f]{32})", conditions))
        causes = ", ".join(labels[one] for one in seen if one in labels)
        for action in _actions(policy):
            name = labels.get(said(action, "name").removeprefix("IO:"))
            if name and causes:
                told[name] = f"Whether it is asked for, or mandatory, depends on: {causes}."
    return told


def _actions(policy: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    actions = policy.get("actions")
    return objects(actions) if isinstance(actions, list) else ()


def _after(asked: Asked, action: Mapping[str, Any], *, reversed_: bool) -> Asked:
    def decided(name: str, *, otherwise: bool) -> bool:
        says = said(action, name)
        return (says == "true") != reversed_ if says in {"true", "false"} else otherwise

    return Asked(
        mandatory=decided("mandatory", otherwise=asked.mandatory),
        visible=decided("visible", otherwise=asked.visible),
    )


def _holds(conditions: str, answers: Mapping[str, str]) -> bool | None:
    """Whether an encoded condition holds; None for one that is not understood."""
    if "^NQ" in conditions:
        return None
    parts = [part for part in conditions.removesuffix("^EQ").split("^") if part]
    groups: list[list[bool]] = []
    for part in parts:
        found = _CONDITION.match(part.removeprefix("OR"))
        if found is None or found["id"] not in answers:
            return None
        is_so = _COMPARING[found["operator"]](answers[found["id"]], found["value"])
        if part.startswith("OR") and groups:
            groups[-1].append(is_so)
        else:
            groups.append([is_so])
    return all(any(group) for group in groups)
