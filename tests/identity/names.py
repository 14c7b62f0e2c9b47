"""Names of identity fields and every way that Hypothesis finds to spell them."""

import random

from hypothesis import strategies as st

ACTOR_NAMES = [
    "caller",
    "caller_id",
    "opened_by",
    "requested_for",
    "requested_by",
    "on_behalf_of",
    "user",
    "user_id",
    "user_sys_id",
    "user_name",
    "instance",
    "instance_url",
    "requester",
    "approver",
    "resolved_by",
    "closed_by",
    "impersonate",
    "run_as",
    "actor",
    "me",
    "session",
    "token",
    "connection",
    "sys_created_by",
]
PROTECTED_FIELDS = [
    "sys_id",
    "sys_created_by",
    "sys_created_on",
    "sys_updated_by",
    "sys_updated_on",
    "sys_mod_count",
    "sys_class_name",
    "sys_domain",
    "sys_domain_path",
    "number",
    "opened_by",
    "opened_at",
    "closed_by",
    "closed_at",
    "resolved_by",
    "resolved_at",
    "caller_id",
    "requested_by",
    "requested_for",
    "approver",
    "approval",
    "correlation_id",
    "correlation_display",
    "priority",
]


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)


def _wide(name: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if c.isascii() and c.isalnum() else c for c in name)


_SPELLINGS = [
    str,
    str.upper,
    str.title,
    _camel,
    _wide,
    lambda name: name.replace("_", "-"),
    lambda name: name.replace("_", "."),
    lambda name: name.replace("_", " "),
    lambda name: name.replace("_", ""),
    lambda name: name.replace("_", "%5F"),
    lambda name: name.replace("_", "\u200b_"),
    lambda name: f"  {name}\t",
    lambda name: f"_{name}_",
    lambda name: f"{name}.name",
    lambda name: f"{name}.sys_id",
    lambda name: f"incident.{name}",
    lambda name: f"parent.{name}.email",
    lambda name: f"incident[{name}]",
]


def spellings(names: list[str]) -> st.SearchStrategy[str]:
    """One of `names`, spelt in up to three ways at once."""
    return st.builds(
        lambda name, first, second, third: third(second(first(name))),
        st.sampled_from(names),
        *(st.sampled_from(_SPELLINGS) for _ in range(3)),
    )


def spelt(dice: random.Random, names: list[str]) -> str:
    """One of `names`, spelt in none to three ways: without Hypothesis, for very many of them."""
    name = dice.choice(names)
    for spell in dice.choices(_SPELLINGS, k=dice.randint(0, 3)):
        name = spell(name)
    return name
