"""Lists of MCP that are always whole: there is one page, and no cursor to another one."""

from mcp.shared.exceptions import MCPError
from mcp_types import INVALID_PARAMS, PaginatedRequestParams


def require_first_page(params: PaginatedRequestParams | None) -> None:
    """Raise `MCPError` for a cursor: none was ever given out."""
    if params is not None and params.cursor is not None:
        raise MCPError(INVALID_PARAMS, "There is no such cursor: this list has one page")
