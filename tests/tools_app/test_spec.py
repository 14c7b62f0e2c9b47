"""A tool is one function; whatever is wrong with it is refused while it is imported."""

from collections.abc import Callable
from typing import Annotated, Any

import pytest
from pydantic import BaseModel, Field

from tools_app.access import Access
from tools_app.arguments import Limit, OpenedAfter, OtherFields, ShortDescription
from tools_app.exceptions import InvalidArguments
from tools_app.results import Result
from tools_app.spec import ToolCall, Toolset, ToolSpec, WrongDefinition, catalog_of

Word = Annotated[str, Field(max_length=20, description="A word.")]


class Said(Result):
    """What was said."""

    text: str


def defined(function: Callable[..., Any], *, access: Access = Access.READ) -> ToolSpec:
    """`function` as the only tool of a toolset."""
    tools = Toolset("speech", title="Speech")
    tools.tool(title="Say", access=access)(function)
    return tools.tools[function.__name__]


async def say(call: ToolCall, *, word: Word, times: Limit = 2) -> Said:
    """Say a word,
    several times.
    """
    return Said(text=" ".join([word] * times))


def test_everything_follows_from_the_function() -> None:
    spec = defined(say, access=Access.UPDATE)
    assert (spec.name, spec.toolset, spec.title) == ("say", "speech", "Say")
    assert spec.description == "Say a word, several times."
    assert spec.annotations == {
        "title": "Say",
        "readOnlyHint": False,
        "destructiveHint": True,
        "idempotentHint": False,
        "openWorldHint": False,
    }
    assert spec.input_schema == {
        "type": "object",
        "additionalProperties": False,
        "required": ["word"],
        "properties": {
            "word": {"type": "string", "maxLength": 20, "description": "A word."},
            "times": {
                "type": "integer",
                "minimum": 1,
                "maximum": 100,
                "default": 2,
                "description": "Most to return.",
            },
        },
    }
    assert spec.output_schema == {
        "type": "object",
        "additionalProperties": False,
        "required": ["text"],
        "properties": {"text": {"type": "string"}},
    }


def test_the_function_stays_a_function_that_tests_can_call() -> None:
    tools = Toolset("speech", title="Speech")
    assert tools.tool(title="Say", access=Access.READ)(say) is say


async def test_a_tool_runs_with_the_arguments_that_were_validated() -> None:
    spec = defined(say)
    result = await spec.run(None, spec.validate({"word": "so", "times": 3}))  # type: ignore[arg-type]  # it does not use the call
    assert result.model_dump() == {"text": "so so so"}


def test_only_arguments_that_were_given_reach_the_function() -> None:
    assert defined(say).validate({"word": "so"}) == {"word": "so"}


def test_a_tool_without_arguments_takes_none_at_all() -> None:
    async def ping(call: ToolCall) -> Said:
        """Ping."""
        raise AssertionError

    spec = defined(ping)
    assert spec.validate(None) == {}
    with pytest.raises(InvalidArguments, match="no arguments at all"):
        spec.validate({"word": "so"})


def test_a_time_arrives_as_a_time_and_a_wrong_one_says_what_is_accepted() -> None:
    async def since(call: ToolCall, *, opened_after: OpenedAfter) -> Said:
        """Since."""
        raise AssertionError

    spec = defined(since)
    moment = spec.validate({"opened_after": "2026-05-01T09:00:00+02:00"})["opened_after"]
    assert moment.isoformat() == "2026-05-01T09:00:00+02:00"
    assert spec.validate({"opened_after": "2026-05-01"})["opened_after"].isoformat() == (
        "2026-05-01T00:00:00+00:00"
    )
    before_year_1 = "0001-01-01T00:00:00+14:00"
    for wrong in ("2026-05-01T09:00:00", "yesterday", "2026-13-01", before_year_1):
        with pytest.raises(InvalidArguments) as refused:
            spec.validate({"opened_after": wrong})
        assert refused.value.arguments[0].argument == "opened_after"
        assert "ISO 8601 with zone" in refused.value.arguments[0].accepted


async def without_docstring(call: ToolCall) -> Said:
    raise AssertionError


async def with_a_long_docstring(call: ToolCall) -> Said:
    raise AssertionError


with_a_long_docstring.__doc__ = "word " * 201


def not_async(call: ToolCall) -> Said:
    """Not async."""
    raise AssertionError


async def without_call(word: Word) -> Said:
    """No call."""
    raise AssertionError


async def without_anything() -> Said:
    """Nothing."""
    raise AssertionError


async def with_another_call(call: int) -> Said:
    """Another call."""
    raise AssertionError


async def positional(call: ToolCall, word: Word) -> Said:
    """Positional."""
    raise AssertionError


async def with_any_number(call: ToolCall, **words: Word) -> Said:
    """Any number."""
    raise AssertionError


async def untyped(call: ToolCall, *, word) -> Said:  # type: ignore[no-untyped-def]  # noqa: ANN001  # that is the case
    """Untyped."""
    raise AssertionError


async def undescribed(call: ToolCall, *, word: Annotated[str, Field(max_length=3)]) -> Said:
    """Undescribed."""
    raise AssertionError


async def unlimited_text(call: ToolCall, *, word: Annotated[str, Field(description="W.")]) -> Said:
    """Unlimited."""
    raise AssertionError


async def unlimited_number(
    call: ToolCall, *, times: Annotated[int, Field(description="N.", ge=1)]
) -> Said:
    """Unlimited."""
    raise AssertionError


async def unlimited_list(
    call: ToolCall, *, words: Annotated[list[Word], Field(description="Words.")]
) -> Said:
    """Unlimited."""
    raise AssertionError


async def list_of_unlimited(
    call: ToolCall, *, words: Annotated[list[str], Field(description="Words.", max_length=3)]
) -> Said:
    """Unlimited."""
    raise AssertionError


async def unlimited_map(
    call: ToolCall, *, words: Annotated[dict[str, Word], Field(description="Words.")]
) -> Said:
    """Unlimited."""
    raise AssertionError


async def loose_object(
    call: ToolCall, *, words: Annotated[dict[str, Any], Field(description="Words.")]
) -> Said:
    """Loose."""
    raise AssertionError


async def anything(call: ToolCall, *, word: Annotated[object, Field(description="Any.")]) -> Said:
    """Anything."""
    raise AssertionError


async def two_types(
    call: ToolCall, *, word: Annotated[str | int, Field(description="Two.")]
) -> Said:
    """Two types."""
    raise AssertionError


async def none_without_optional(call: ToolCall, *, word: Word = None) -> Said:  # type: ignore[assignment]  # that is the case
    """None."""
    raise AssertionError


async def optional_without_none(call: ToolCall, *, word: Word | None) -> Said:
    """Optional."""
    raise AssertionError


async def default_outside_its_limits(call: ToolCall, *, limit: Limit = 1_000) -> Said:
    """Default."""
    raise AssertionError


async def without_result(call: ToolCall) -> None:
    """Nothing."""


async def with_a_foreign_result(call: ToolCall) -> BaseModel:
    """Another model."""
    raise AssertionError


class TwoThings(Result):
    """A result of either kind."""

    either: str | int


async def with_a_result_of_two_types(call: ToolCall) -> TwoThings:
    """Two types."""
    raise AssertionError


async def CamelCase(call: ToolCall) -> Said:  # noqa: N802  # that is the case
    """Not a name."""
    raise AssertionError


@pytest.mark.parametrize(
    ("function", "complaint"),
    [
        (without_docstring, "no docstring"),
        (with_a_long_docstring, "1000 at most"),
        (not_async, "not an async function"),
        (without_call, "not `call: ToolCall`"),
        (without_anything, "not `call: ToolCall`"),
        (with_another_call, "not `call: ToolCall`"),
        (positional, "word of positional is not keyword-only"),
        (with_any_number, "words of with_any_number is not keyword-only"),
        (untyped, "word of untyped has no type"),
        (undescribed, "has no description"),
        (unlimited_text, "text without a maxLength"),
        (unlimited_number, "number without limits"),
        (unlimited_list, "list without maxItems"),
        (list_of_unlimited, "text without a maxLength"),
        (unlimited_map, "map without maxProperties"),
        (loose_object, "takes entries that it does not declare"),
        (anything, "of the type None"),
        (two_types, "use properties.word.anyOf"),
        (none_without_optional, "optional means absent"),
        (optional_without_none, "optional means absent"),
        (default_outside_its_limits, "does not fit its own limits"),
        (without_result, "returns no Result"),
        (with_a_foreign_result, "returns no Result"),
        (with_a_result_of_two_types, "uses properties.either.anyOf"),
        (CamelCase, "not the name of a tool"),
    ],
)
def test_a_wrong_definition_is_refused_at_import(
    function: Callable[..., Any], complaint: str
) -> None:
    with pytest.raises(WrongDefinition, match=complaint):
        defined(function)


def test_access_is_one_of_four_and_nothing_else() -> None:
    with pytest.raises(WrongDefinition, match="no access"):
        Toolset("speech", title="Speech").tool(title="Say", access="read")(say)  # type: ignore[arg-type]  # that is the case


def test_a_tool_and_a_toolset_need_a_title_and_a_toolset_a_name() -> None:
    with pytest.raises(WrongDefinition, match="no title"):
        Toolset("speech", title="Speech").tool(title=" ", access=Access.READ)(say)
    with pytest.raises(WrongDefinition, match="no title"):
        Toolset("speech", title="")
    with pytest.raises(WrongDefinition, match="name of a toolset"):
        Toolset("Speech!", title="Speech")


def test_a_second_tool_of_the_same_name_is_refused() -> None:
    tools = Toolset("speech", title="Speech")
    tools.tool(title="Say", access=Access.READ)(say)
    with pytest.raises(WrongDefinition, match="second tool is named say"):
        tools.tool(title="Say again", access=Access.READ)(say)


def test_two_toolsets_cannot_have_a_tool_of_the_same_name() -> None:
    one, other = Toolset("one", title="One"), Toolset("other", title="Other")
    one.tool(title="Say", access=Access.READ)(say)
    other.tool(title="Say", access=Access.READ)(say)
    with pytest.raises(WrongDefinition, match="second tool is named say"):
        catalog_of(one, other)


class Address(BaseModel):
    """Nested and closed."""

    model_config = {"extra": "forbid"}

    street: Word


async def write_to(
    call: ToolCall,
    *,
    address: Annotated[Address, Field(description="Where to.")],
    colour: Annotated[str, Field(json_schema_extra={"enum": ["red"]}, description="C.")] = "red",
    other_fields: OtherFields | None = None,
    short_description: ShortDescription | None = None,
) -> Said:
    """Write."""
    raise AssertionError


def test_nested_objects_are_written_out_and_refuse_what_they_do_not_declare() -> None:
    spec = defined(write_to)
    assert spec.input_schema["properties"]["address"] == {
        "type": "object",
        "additionalProperties": False,
        "required": ["street"],
        "properties": {"street": {"type": "string", "maxLength": 20, "description": "A word."}},
        "description": "Where to.",
    }
    with pytest.raises(InvalidArguments) as refused:
        spec.validate({"address": {"street": "Elm", "caller_id": "x"}})
    assert refused.value.arguments[0].argument == "address.caller_id"
