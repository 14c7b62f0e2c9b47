"""Prompts over MCP: those whose tools the person has."""

from collections.abc import Collection

from mcp.shared.exceptions import MCPError
from mcp_types import (
    INVALID_PARAMS,
    GetPromptRequestParams,
    GetPromptResult,
    ListPromptsResult,
    PromptMessage,
    TextContent,
)
from mcp_types import Prompt as McpPrompt
from mcp_types import PromptArgument as McpArgument

from tools_app.prompts import PROMPTS, Prompt


def listed_prompts(allowed_tools: Collection[str]) -> ListPromptsResult:
    """The prompts that lead to nothing but `allowed_tools`, in a fixed order."""
    return ListPromptsResult(
        prompts=[
            _as_prompt(one) for one in PROMPTS.values() if set(one.tools) <= set(allowed_tools)
        ]
    )


def written_prompt(
    params: GetPromptRequestParams, allowed_tools: Collection[str]
) -> GetPromptResult:
    """A prompt with what the person filled in.

    Raises `MCPError` for one that is unknown or not theirs, and for arguments that are missing or
    unknown.
    """
    prompt, given = PROMPTS.get(params.name), params.arguments or {}
    if prompt is None or not set(prompt.tools) <= set(allowed_tools):
        raise MCPError(INVALID_PARAMS, "There is no prompt of that name")
    if unknown := prompt.unknown(given):
        raise MCPError(INVALID_PARAMS, f"{prompt.name} has no argument {', '.join(unknown)}")
    if missing := prompt.missing(given):
        raise MCPError(INVALID_PARAMS, f"{prompt.name} needs {', '.join(missing)}")
    text = TextContent(type="text", text=prompt.written(given))
    return GetPromptResult(
        description=prompt.description, messages=[PromptMessage(role="user", content=text)]
    )


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
