"""Addresses at which no API answers."""

import pytest

from tests.simulator.facts import fact
from tests.simulator.small_instance import Api


@pytest.mark.parametrize(
    "path",
    [
        "/api/",
        "/api/now",
        "/api/now/nope",
        "/api/now/x%0Ay",
        "/api/now/cmdb/instance//%0A/relation",
    ],
)
@fact("Where no API answers it is 400 Requested URI does not represent any resource", tag="M")
async def test_what_no_api_answers_is_400_in_the_envelope(path: str) -> None:
    response = await Api().get(path)
    assert response.status_code == 400
    error = response.json()["error"]
    assert error["message"] == "Requested URI does not represent any resource"
