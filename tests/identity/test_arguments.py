"""No argument says who is acting, and none that is unknown is taken (P2, P3)."""

from collections.abc import Callable
from typing import Annotated, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field

from tests.identity.names import ACTOR_NAMES, spellings
from tests.identity.requirements import protects
from tools_app.access import Access
from tools_app.catalog import CATALOG
from tools_app.exceptions import InvalidArguments
from tools_app.identity import says_who_is_acting
from tools_app.results import Result
from tools_app.spec import ToolCall, Toolset, WrongDefinition

Word = Annotated[str, Field(max_length=20, description="A word.")]

JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=10)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.one_of(spellings(ACTOR_NAMES), st.text(max_size=8)), inner, max_size=3),
    ),
    max_leaves=8,
)


class Done(Result):
    """Nothing to say."""


def with_argument(name: str) -> Callable[..., Any]:
    """A tool function with one argument of this name."""

    namespace: dict[str, Any] = {"ToolCall": ToolCall, "Word": Word, "Done": Done}
    exec(f'async def act(call: ToolCall, *, {name}: Word) -> Done:\n    """Act."""', namespace)
    act: Callable[..., Any] = namespace["act"]
    return act


@protects("P2")
@pytest.mark.parametrize(
    "name", [*ACTOR_NAMES, "callerId", "CALLER", "openedBy", "on_behalf", "as_user"]
)
def test_an_argument_that_says_who_is_acting_is_refused_at_import(name: str) -> None:
    with pytest.raises(WrongDefinition, match="would say who is acting"):
        Toolset("acts", title="Acts").tool(title="Act", access=Access.READ)(with_argument(name))


@protects("P2")
@pytest.mark.parametrize("name", ["caller_is", "assigned_to", "group", "query", "record"])
def test_searching_by_a_person_is_a_filter_and_allowed(name: str) -> None:
    tools = Toolset("acts", title="Acts")
    tools.tool(title="Act", access=Access.READ)(with_argument(name))
    assert list(tools.tools["act"].input_schema["properties"]) == [name]


@protects("P2")
def test_no_tool_has_an_argument_that_says_who_is_acting() -> None:
    for spec in CATALOG.values():
        assert [name for name in spec.input_schema["properties"] if says_who_is_acting(name)] == []


@protects("P3")
@pytest.mark.parametrize("tool", CATALOG)
def test_every_tool_refuses_an_unknown_argument_and_says_that_the_server_knows_who_acts(
    tool: str,
) -> None:
    with pytest.raises(InvalidArguments) as refused:
        CATALOG[tool].validate({"caller_id": "46d44a23a9fe19810012d100cca80666"})
    problem = next(one for one in refused.value.arguments if one.argument == "caller_id")
    assert "always the signed-in person" in problem.problem


@protects("P2", "P3")
@given(
    tool=st.sampled_from(list(CATALOG)),
    arguments=st.dictionaries(spellings(ACTOR_NAMES), JSON, min_size=1),
)
def test_no_tree_of_arguments_that_names_an_actor_is_taken(
    tool: str, arguments: dict[str, Any]
) -> None:
    with pytest.raises(InvalidArguments):
        CATALOG[tool].validate(arguments)


@protects("P3")
@given(st.dictionaries(st.text(max_size=10), JSON, min_size=1))
def test_other_fields_take_text_and_nothing_nested(others: dict[str, Any]) -> None:
    given_all = {"short_description": "Printer", "other_fields": others}
    try:
        taken = CATALOG["create_incident"].validate(given_all)
    except InvalidArguments:
        texts = [*others, *(value for value in others.values() if isinstance(value, str))]
        is_sendable = all("\x00" not in text for text in texts)
        assert not (is_sendable and all(isinstance(value, str) for value in others.values()))
    else:
        assert taken["other_fields"] == others
