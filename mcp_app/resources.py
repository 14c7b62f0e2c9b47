"""Resources over MCP: records by address, read by the tools of the person who asks.

What goes wrong is told in the same words as by a tool, as JSON in the place of the record. Only an
address that is none is an error of the protocol.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

import orjson
from mcp.shared.exceptions import MCPError
from mcp_types import (
    INVALID_PARAMS,
    ListResourcesResult,
    ListResourceTemplatesResult,
    PaginatedRequestParams,
    ReadResourceRequestParams,
    ReadResourceResult,
    ResourceTemplate,
    TextResourceContents,
)
from mcp_types import Resource as McpResource
from mcp_types.version import MODERN_PROTOCOL_VERSIONS

from mcp_app.contexts import Context, asked, tools_of
from mcp_app.dispatch import dispatch
from tools_app.catalog import CATALOG, READERS
from tools_app.resources import RESOURCES, Reading, Resource, resource_at
from tools_app.spec import ToolSpec

_MEDIA_TYPE: Final = "application/json"
# What revisions before 2026-07-28 answer for an address that nothing is at.
_RESOURCE_NOT_FOUND: Final = -32002
_EVERY_SPEC: Final[Mapping[str, ToolSpec]] = MappingProxyType({**CATALOG, **READERS})


async def list_resources(
    ctx: Context, _params: PaginatedRequestParams | None
) -> ListResourcesResult:
    """The resources with an address of their own."""
    return ListResourcesResult(
        resources=[
            McpResource(
                name=one.name,
                title=one.title,
                description=one.description,
                uri=one.uri,
                mime_type=_MEDIA_TYPE,
            )
            for one in await _resources_of(ctx)
            if not one.is_template
        ]
    )


async def list_templates(
    ctx: Context, _params: PaginatedRequestParams | None
) -> ListResourceTemplatesResult:
    """The addresses in which a record is filled in."""
    return ListResourceTemplatesResult(
        resource_templates=[
            ResourceTemplate(
                name=one.name,
                title=one.title,
                description=one.description,
                uri_template=one.uri,
                mime_type=_MEDIA_TYPE,
            )
            for one in await _resources_of(ctx)
            if one.is_template
        ]
    )


async def read_resource(ctx: Context, params: ReadResourceRequestParams) -> ReadResourceResult:
    """Read what is at an address. Raises `MCPError` where this person has no such address."""
    found = resource_at(params.uri)
    if found is None or found[0] not in await _resources_of(ctx):
        is_modern = ctx.protocol_version in MODERN_PROTOCOL_VERSIONS
        code = INVALID_PARAMS if is_modern else _RESOURCE_NOT_FOUND
        raise MCPError(code, "There is no such resource", data={"uri": params.uri})
    resource, named = found
    text = orjson.dumps(await _read(ctx, resource, named)).decode()
    contents = TextResourceContents(uri=params.uri, mime_type=_MEDIA_TYPE, text=text)
    return ReadResourceResult(contents=[contents])


async def _read(ctx: Context, resource: Resource, named: str) -> dict[str, Any]:
    whole: dict[str, Any] = {}
    for reading in resource.readings:
        read = await _read_one(ctx, reading, named)
        if not reading.part:
            return read
        whole[reading.part] = read
    return whole


async def _read_one(ctx: Context, reading: Reading, named: str) -> dict[str, Any]:
    arguments = reading.arguments(named)
    answer = await dispatch(asked(ctx, reading.tool, arguments, catalog=_EVERY_SPEC))
    return answer.result.structured_content or {}


async def _resources_of(ctx: Context) -> list[Resource]:
    """Those whose tools this person has; what only resources are read with goes with reading."""
    allowed = {spec.name for spec in await tools_of(ctx)} | set(READERS)
    return [
        one
        for one in RESOURCES.values()
        if allowed.issuperset(reading.tool for reading in one.readings)
    ]
