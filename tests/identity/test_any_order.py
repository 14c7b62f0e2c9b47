"""Credentials in any order (P1, P14): the runs of `proofs.any_order`, fewer of them."""

import pytest
from hypothesis import Phase
from starlette.applications import Starlette

from tests.identity.credential_machine import run_many
from tests.identity.credential_place import place_at
from tests.identity.requirements import protects


@protects("P1", "P14")
@pytest.mark.usefixtures("db", "redis_url")
def test_in_any_order_only_what_is_live_is_answered_and_only_as_its_owner(
    simulator: Starlette,
) -> None:
    with place_at(simulator) as place:
        run_many(place, runs=10, phases=(Phase.generate, Phase.shrink))
    assert min(place.answered, place.refused, place.paused) > 0
