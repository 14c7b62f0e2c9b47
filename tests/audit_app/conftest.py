"""Where the checkpoints of a test go."""

from pathlib import Path

import pytest
from pytest_django import Settings


@pytest.fixture
def checkpoints(tmp_path: Path, settings: Settings) -> Path:
    """A file of checkpoints that only this test writes; it does not exist yet."""
    file = tmp_path / "audit" / "checkpoints.jsonl"
    settings.AUDIT_CHECKPOINTS = str(file)
    return file
