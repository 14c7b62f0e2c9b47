"""What a tool is: one function, from which everything else follows.

    tools = Toolset("incidents", title="Incidents")

    @tools.tool(title="Add work note", access=Access.UPDATE)
    async def add_work_note(call: ToolCall, *, record: TaskRecord, note: Note) -> NoteAdded:
        \"\"\"Add an internal work note …\"\"\"

Left of `*` stands what the server supplies, right of it what the model supplies. Whatever is wrong
with a definition is refused while the module is imported (`WrongDefinition`).
"""

import inspect
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, TypeVar, get_args, get_origin, get_type_hints

from pydantic import BaseModel, ConfigDict, ValidationError, create_model

from servicenow.client import ServiceNowClient
from servicenow.remembered import Remembered
from tools_app.access import Access
from tools_app.exceptions import ArgumentProblem, InvalidArguments
from tools_app.guarded_apis import GuardedApis
from tools_app.guarded_tables import GuardedTables
from tools_app.identity import Caller, says_who_is_acting
from tools_app.results import Result
from tools_app.schemas import Schema, flat_schema, refused_parts, without_limits
from tools_app.validation import Validator, accepted, check, shown, validator_of

MOST_DESCRIPTION = 1_000
Function = TypeVar("Function", bound=Callable[..., Awaitable[Result]])

_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")


class WrongDefinition(TypeError):
    """A tool that must not exist as it is written."""


@dataclass(frozen=True)
class ToolCall:
    """What the server supplies to a tool: who is acting, and the only way to ServiceNow.

    `names` is what names were found to mean, remembered for this connection alone.
    """

    caller: Caller
    tables: GuardedTables
    apis: GuardedApis
    names: Remembered


@dataclass(frozen=True, eq=False)
class ToolSpec:
    """A tool, with everything that is derived from its function."""

    name: str
    toolset: str
    title: str
    description: str
    access: Access
    input_schema: Schema
    output_schema: Schema
    function: Callable[..., Awaitable[Result]]
    arguments: type[BaseModel]
    validator: Validator

    @property
    def annotations(self) -> dict[str, Any]:
        """MCP's annotations: the title and all four hints."""
        return {"title": self.title, **self.access.hints()}

    def validate(self, arguments: Mapping[str, Any] | None) -> dict[str, Any]:
        """The arguments as the function takes them; only those that were given.

        Raises `InvalidArguments` naming each one that is unknown, missing or wrong.
        """
        given = dict(arguments or {})
        check(self.validator, given)
        try:
            read = self.arguments.model_validate(given)
        except ValidationError as failure:
            raise InvalidArguments(*self._problems(failure)) from None
        return {name: getattr(read, name) for name in read.model_fields_set}

    async def run(self, call: ToolCall, arguments: Mapping[str, Any]) -> Result:
        """Do it: `arguments` are those that `validate` returned.

        Raises the failures of `tools_app.exceptions` and of `servicenow.exceptions`.
        """
        return await self.function(call, **arguments)

    def _problems(self, failure: ValidationError) -> list[ArgumentProblem]:
        """What a type of `arguments.py` refused although it fits the schema: a date, say."""
        return [
            ArgumentProblem(
                str(error["loc"][0]),
                f"is {shown(error['input'])!r}",
                accepted(self.input_schema["properties"][error["loc"][0]]),
            )
            for error in failure.errors()
        ]


@dataclass(frozen=True)
class Toolset:
    """Tools that belong together, and are turned on and off together."""

    name: str
    title: str
    tools: dict[str, ToolSpec] = field(default_factory=dict)

    def __post_init__(self) -> None:
        _require(_NAME.fullmatch(self.name), f"{self.name!r} is not the name of a toolset")
        _require(self.title.strip(), f"the toolset {self.name} has no title")

    def tool(self, *, title: str, access: Access) -> Callable[[Function], Function]:
        """Make a tool of the function below. It is returned as it is, so tests can call it.

        Raises `WrongDefinition` for whatever a tool may not be.
        """

        def define(function: Function) -> Function:
            spec = _spec_of(function, toolset=self.name, title=title, access=access)
            _require(spec.name not in self.tools, f"a second tool is named {spec.name}")
            self.tools[spec.name] = spec
            return function

        return define


def make_call(
    spec: ToolSpec, *, caller: Caller, client: ServiceNowClient, correlation_id: str
) -> ToolCall:
    """What one call of `spec` by `caller` gets.

    `client` must act with that person's own token; `correlation_id` marks what the call creates.
    """
    may_write = spec.access.writes and caller.access == "write"
    tables = GuardedTables(
        caller=caller, client=client, correlation_id=correlation_id, may_write=may_write
    )
    apis = GuardedApis(client=client, may_write=may_write)
    return ToolCall(caller=caller, tables=tables, apis=apis, names=client.names)


def catalog_of(*toolsets: Toolset) -> dict[str, ToolSpec]:
    """All tools of `toolsets` by name, in order. Raises `WrongDefinition` if a name comes twice."""
    catalog: dict[str, ToolSpec] = {}
    for toolset in toolsets:
        for name, spec in toolset.tools.items():
            _require(name not in catalog, f"a second tool is named {name}")
            catalog[name] = spec
    return catalog


def _require(holds: object, otherwise: str) -> None:
    if not holds:
        raise WrongDefinition(otherwise)


def _spec_of(
    function: Callable[..., Awaitable[Result]], *, toolset: str, title: str, access: Access
) -> ToolSpec:
    name = str(getattr(function, "__name__", ""))
    description = " ".join((inspect.getdoc(function) or "").split())
    _require(inspect.iscoroutinefunction(function), f"{name} is not an async function")
    _require(_NAME.fullmatch(name), f"{name} is not the name of a tool")
    _require(isinstance(access, Access), f"{name} has no access of `Access`")
    _require(title.strip(), f"{name} has no title")
    _require(description, f"{name} has no docstring, which is what the model reads")
    _require(
        len(description) <= MOST_DESCRIPTION,
        f"the description of {name} has {len(description)} characters, {MOST_DESCRIPTION} at most",
    )
    hints = get_type_hints(function, include_extras=True)
    result = hints.pop("return", None)
    _require(
        isinstance(result, type) and issubclass(result, Result), f"{name} returns no Result model"
    )
    arguments = _arguments_of(name, function, hints)
    input_schema = _input_schema(name, arguments)
    output_schema = flat_schema(result)
    refused = refused_parts(output_schema)
    _require(not refused, f"the result of {name} uses {', '.join(refused)}")
    return ToolSpec(
        name=name,
        toolset=toolset,
        title=title,
        description=description,
        access=access,
        input_schema=input_schema,
        output_schema=output_schema,
        function=function,
        arguments=arguments,
        validator=validator_of(input_schema),
    )


def _arguments_of(
    name: str, function: Callable[..., Awaitable[Result]], hints: Mapping[str, Any]
) -> type[BaseModel]:
    """The keyword-only parameters of a tool as a pydantic model; every other kind is refused."""
    parameters = list(inspect.signature(function).parameters.values())
    _require(
        parameters and parameters[0].name == "call" and hints.get("call") is ToolCall,
        f"the first parameter of {name} is not `call: ToolCall`",
    )
    fields: dict[str, Any] = {}
    for parameter in parameters[1:]:
        where = f"{parameter.name} of {name}"
        _require(parameter.kind is parameter.KEYWORD_ONLY, f"{where} is not keyword-only")
        _require(parameter.name in hints, f"{where} has no type")
        _require(not says_who_is_acting(parameter.name), f"{where} would say who is acting")
        default = ... if parameter.default is parameter.empty else parameter.default
        _require(
            (default is None) == _is_optional(hints[parameter.name]),
            f"{where} must be `… | None = None`, or neither: optional means absent",
        )
        fields[parameter.name] = (hints[parameter.name], default)
    model: type[BaseModel] = create_model(
        name, __config__=ConfigDict(extra="forbid", protected_namespaces=()), **fields
    )
    return model


def _is_optional(annotation: object) -> bool:
    return type(None) in get_args(annotation) and get_origin(annotation) is not Annotated


def _input_schema(name: str, arguments: type[BaseModel]) -> Schema:
    schema = flat_schema(arguments)
    refused = refused_parts(schema)
    _require(not refused, f"the arguments of {name} use {', '.join(refused)}")
    for argument, part in schema.setdefault("properties", {}).items():
        where = f"{argument} of {name}"
        _require(part.get("description"), f"{where} has no description")
        for problem in without_limits(part):
            raise WrongDefinition(f"{where} {problem}")
    for argument, part in schema["properties"].items():
        if "default" in part:
            _require(
                validator_of(part).is_valid(part["default"]),
                f"the default of {argument} of {name} does not fit its own limits",
            )
    return schema
