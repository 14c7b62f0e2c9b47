"""Abel, Beth and Charlie, HTTP at `/mcp`, and Hypothesis without a clock."""

from tests.mcp_app.conftest import mcp
from tests.tools_app.conftest import abel, beth, charlie

__all__ = ["abel", "beth", "charlie", "mcp"]
