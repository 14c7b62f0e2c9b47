"""Prompts over MCP: those whose tools the person has."""

from mcp.shared.exceptions import MCPError
from mcp_types import (
    INVALID_PARAMS,
    GetPromptRequestParams,
    GetPromptResult,
    ListPromptsResult,
    PaginatedRequestParams,
    PromptMessage,
    TextContent,
)
from mcp_types import Prompt as McpPrompt
from mcp_types import PromptArgument as McpArgument

from mcp_app.callers import caller_of
from mcp_app.contexts import Context, person_of, tools_of
from mcp_app.pages import require_first_page
from tools_app.prompts import PROMPTS, Prompt


async def list_prompts(ctx: Context, params: PaginatedRequestParams | None) -> ListPromptsResult:
    """The prompts that lead to nothing but this person's tools, in a fixed order."""
    require_first_page(params)
    return ListPromptsResult(prompts=[_as_prompt(one) for one in await prompts_of(ctx)])


async def get_prompt(ctx: Context, params: GetPromptRequestParams) -> GetPromptResult:
    """A prompt with what the person filled in.

    Raises `MCPError` for one that is unknown or not theirs, and for arguments that are missing,
    unknown, too long, or name no record where one is asked for.
    """
    prompt, given = PROMPTS.get(params.name), params.arguments or {}
    if prompt is None or prompt not in await prompts_of(ctx):
        raise MCPError(INVALID_PARAMS, "There is no prompt of that name")
    instance_url = caller_of(person_of(ctx)).instance_url
    if problems := prompt.problems(given, instance_url=instance_url):
        raise MCPError(INVALID_PARAMS, ". ".join(problems))
    text = TextContent(type="text", text=prompt.written(given))
    return GetPromptResult(
        description=prompt.description, messages=[PromptMessage(role="user", content=text)]
    )


async def prompts_of(ctx: Context) -> list[Prompt]:
    """Those whose tools this person has."""
    allowed = {spec.name for spec in await tools_of(ctx)}
    return [prompt for prompt in PROMPTS.values() if allowed.issuperset(prompt.tools)]


def _as_prompt(prompt: Prompt) -> McpPrompt:
    return McpPrompt(
        name=prompt.name,
        title=prompt.title,
        description=prompt.description,
        arguments=[
            McpArgument(name=one.name, description=one.description, required=one.is_required)
            for one in prompt.arguments
        ],
    )
