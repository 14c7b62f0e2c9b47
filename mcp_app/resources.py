"""Resources over MCP: records by address, read by the tools of the person who asks.

What goes wrong is told in the same words as by a tool, as JSON in the place of the record. Only an
address that is none is an error of the protocol.
"""

import asyncio
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

from mcp_app.contexts import Context, asked, scope_of, tools_of
from mcp_app.dispatch import dispatch
from mcp_app.exchange import exchange_of
from mcp_app.pages import require_first_page
from tools_app.catalog import CATALOG, READERS
from tools_app.resources import RESOURCES, Reading, Resource, resource_at
from tools_app.spec import ToolSpec

_MEDIA_TYPE: Final = "application/json"
# What revisions before 2026-07-28 answer for an address that nothing is at.
_RESOURCE_NOT_FOUND: Final = -32002
_EVERY_SPEC: Final[Mapping[str, ToolSpec]] = MappingProxyType({**CATALOG, **READERS})


async def list_resources(
    ctx: Context, params: PaginatedRequestParams | None
) -> ListResourcesResult:
    """The resources with an address of their own."""
    fixed = await _listed(ctx, params, templates=False)
    return ListResourcesResult(
        resources=[McpResource(uri=one.uri, **_described(one)) for one in fixed]
    )


async def list_templates(
    ctx: Context, params: PaginatedRequestParams | None
) -> ListResourceTemplatesResult:
    """The addresses in which a record is filled in."""
    templates = await _listed(ctx, params, templates=True)
    return ListResourceTemplatesResult(
        resource_templates=[
            ResourceTemplate(uri_template=one.uri, **_described(one)) for one in templates
        ]
    )


async def _listed(
    ctx: Context, params: PaginatedRequestParams | None, *, templates: bool
) -> list[Resource]:
    require_first_page(params)
    return [one for one in await resources_of(ctx) if one.is_template is templates]


def _described(resource: Resource) -> dict[str, Any]:
    """What resources and templates of them have in common."""
    return {
        "name": resource.name,
        "title": resource.title,
        "description": resource.description,
        "mime_type": _MEDIA_TYPE,
    }


async def read_resource(ctx: Context, params: ReadResourceRequestParams) -> ReadResourceResult:
    """Read what is at an address. Raises `MCPError` where this person has no such address."""
    resource, named = await resource_of(ctx, params.uri)
    text = orjson.dumps(await _read(ctx, resource, named)).decode()
    contents = TextResourceContents(uri=params.uri, mime_type=_MEDIA_TYPE, text=text)
    return ReadResourceResult(contents=[contents])


async def resource_of(ctx: Context, uri: str) -> tuple[Resource, str]:
    """The resource that an address belongs to, and the record it names.

    Raises `MCPError` where this person has no such address.
    """
    found = resource_at(uri)
    if found is None or found[0] not in await resources_of(ctx):
        raise no_such_resource(ctx, uri)
    return found


def no_such_resource(ctx: Context, uri: str) -> MCPError:
    """The error for an address that nothing is at, as the revision of the request has it."""
    is_modern = ctx.protocol_version in MODERN_PROTOCOL_VERSIONS
    code = INVALID_PARAMS if is_modern else _RESOURCE_NOT_FOUND
    return MCPError(code, "There is no such resource", data={"uri": uri})


async def _read(ctx: Context, resource: Resource, named: str) -> dict[str, Any]:
    # Together, so that a slow instance holds up the whole no longer than one of its parts.
    every = await asyncio.gather(*(_read_one(ctx, one, named) for one in resource.readings))
    parts = dict(zip((one.part for one in resource.readings), every, strict=True))
    return parts.get("", parts)


async def _read_one(ctx: Context, reading: Reading, named: str) -> dict[str, Any]:
    arguments = reading.arguments(named)
    answer = await dispatch(asked(ctx, reading.tool, arguments, catalog=_EVERY_SPEC))
    exchange_of(scope_of(ctx)).headers.update(answer.headers)
    return answer.result.structured_content or {}


async def resources_of(ctx: Context) -> list[Resource]:
    """Those whose tools this person has; what only resources are read with goes with reading."""
    allowed = {spec.name for spec in await tools_of(ctx)} | set(READERS)
    return [
        one
        for one in RESOURCES.values()
        if allowed.issuperset(reading.tool for reading in one.readings)
    ]
