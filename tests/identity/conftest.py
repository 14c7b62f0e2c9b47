"""Abel, Beth and Charlie, and Hypothesis without a clock."""

from tests.tools_app.conftest import abel, beth, charlie

__all__ = ["abel", "beth", "charlie"]
