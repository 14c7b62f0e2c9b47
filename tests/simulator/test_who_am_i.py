"""The questions a client asks to learn whose token it has, and an instance that answers wrongly."""

import httpx
import pytest

from simulator.world import World
from tests.simulator.facts import fact
from tests.simulator.flow import bearer, tokens_of

QUESTIONS = ("sys_id=javascript:gs.getUserID()", "user_name=javascript:gs.getUserName()")


async def asked(http: httpx.AsyncClient, user_name: str, question: str) -> httpx.Response:
    return await http.get(
        "/api/now/table/sys_user",
        params={"sysparm_query": question, "sysparm_limit": "2"},
        headers=bearer(await tokens_of(http, user_name)),
    )


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("user_name", ["abel.tuter", "charlie.whitherspoon", "admin"])
@fact(
    "gs.getUserID() or gs.getUserName() in a query of sys_user finds the token's owner",
    tag="C windoze95, in its OAuth sign-in",
)
async def test_each_question_finds_exactly_the_owner_of_the_token(
    http: httpx.AsyncClient, user_name: str, question: str
) -> None:
    response = await asked(http, user_name, question)
    assert [row["user_name"] for row in response.json()["result"]] == [user_name]
    assert response.headers["x-total-count"] == "1"


@pytest.mark.parametrize("question", QUESTIONS)
async def test_an_instance_that_ignores_conditions_answers_with_everybody(
    http: httpx.AsyncClient, world: World, question: str
) -> None:
    await http.patch("/simulator/switches", json={"ignore_query_conditions": True})
    response = await asked(http, "abel.tuter", question)
    assert len(response.json()["result"]) == 2
    assert response.headers["x-total-count"] == str(world.instance.count("sys_user"))
