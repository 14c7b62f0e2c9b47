"""What the rules of a form make of answers, as far as they can be understood."""

import pytest

from tools_app.catalog_forms import asked_with, depending
from tools_app.catalog_items import Item, Variable

FIRST, SECOND = "a" * 32, "b" * 32


def form(conditions: str, **action: str) -> Item:
    """An item whose policy looks at `first` and acts on `second`."""
    variables = (
        Variable(FIRST, "first", "First", "single_line_text"),
        Variable(SECOND, "second", "Second", "single_line_text"),
    )
    policy = {
        "conditions": conditions,
        "reverse": True,
        "actions": [{"name": f"IO:{SECOND}", "mandatory": "true", **action}],
    }
    return Item(sys_id="c" * 32, body={}, variables=variables, policies=(policy,))


@pytest.mark.parametrize(
    ("condition", "answer", "holds"),
    [
        ("=Yes", "Yes", True),
        ("=Yes", "No", False),
        ("!=Yes", "No", True),
        ("ISEMPTY", "", True),
        ("ISEMPTY", "x", False),
        ("ISNOTEMPTY", "x", True),
        ("STARTSWITHab", "abc", True),
        ("LIKEb", "abc", True),
        ("NOT LIKEb", "abc", False),
        ("INa,b", "b", True),
        ("INa,b", "c", False),
    ],
)
def test_a_condition_is_held_against_the_answers(condition: str, answer: str, holds: bool) -> None:  # noqa: FBT001  # a column of the table
    asked = asked_with(form(f"IO:{FIRST}{condition}^EQ"), {"first": answer})
    assert asked["second"].mandatory is holds


def test_any_of_several_conditions_may_hold() -> None:
    either = form(f"IO:{FIRST}=a^ORIO:{FIRST}=b^IO:{SECOND}=x^EQ")
    assert asked_with(either, {"first": "b", "second": "x"})["second"].mandatory
    assert not asked_with(either, {"first": "b", "second": "y"})["second"].mandatory
    assert not asked_with(either, {"first": "c", "second": "x"})["second"].mandatory


@pytest.mark.parametrize(
    "conditions", [f"IO:{FIRST}=a^NQIO:{FIRST}=b", f"IO:{FIRST}>3", f"IO:{'f' * 32}=a", "active=1"]
)
def test_a_condition_that_is_not_understood_decides_nothing(conditions: str) -> None:
    asked = asked_with(form(conditions, visible="false"), {"first": "a"})
    assert (asked["second"].mandatory, asked["second"].visible) == (False, True)


def test_what_a_policy_ignores_stays_as_it_is() -> None:
    asked = asked_with(form(f"IO:{FIRST}=a", mandatory="ignore"), {"first": "a"})
    assert (asked["second"].mandatory, asked["second"].visible) == (False, True)


def test_variables_say_on_which_others_they_depend() -> None:
    assert depending(form(f"IO:{FIRST}=a")) == {
        "second": "Whether it is asked for, or mandatory, depends on: first."
    }
