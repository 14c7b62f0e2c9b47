"""Ten thousand trees of arguments that name somebody else, over all tools (P2, P3, P4, P5, P6)."""

import os

import pytest
from starlette.applications import Starlette

from tests.identity.requirements import protects
from tests.identity.trees import run_trees

# More of them by hand: TREES=100000 with the path of this file.
TREES = int(os.environ.get("TREES", "10000"))
SEED = int(os.environ.get("TREES_SEED", "5"))


@protects("P2", "P3", "P4", "P5", "P6")
@pytest.mark.timeout(300)
async def test_of_ten_thousand_trees_none_names_somebody_else_to_servicenow(
    simulator: Starlette,
) -> None:
    tally = await run_trees(simulator, number=TREES, seed=SEED)
    assert tally.foreign == []
    assert tally.refused + tally.ran == TREES
    assert tally.wrote > TREES / 500
