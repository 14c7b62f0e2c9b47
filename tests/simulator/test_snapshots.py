"""Snapshots by name: taken, gone back to, dropped."""

import httpx
import pytest
from starlette.applications import Starlette

from simulator.control.snapshots import MOST_KEPT, Snapshots
from simulator.world import World
from tests.simulator.flow import bearer, current_user, tokens_of


async def take(http: httpx.AsyncClient, name: str = "before") -> int:
    return (await http.post("/simulator/snapshots", json={"name": name})).status_code


async def test_going_back_brings_data_and_tokens_of_then(
    http: httpx.AsyncClient, world: World
) -> None:
    headers = bearer(await tokens_of(http))
    assert await take(http) == 201
    for _ in range(2):
        made = await http.post(
            "/api/now/table/incident", json={"short_description": "New"}, headers=headers
        )
        assert made.json()["result"]["number"] == "INC0010241"
        world.credentials.expire()
        assert (await http.post("/simulator/snapshots/before/restore")).status_code == 204
        assert world.instance.count("incident", "short_description=New") == 0
        assert (await current_user(http, headers=headers)).status_code == 200


async def test_going_back_forgets_faults_and_the_journal(
    http: httpx.AsyncClient, world: World
) -> None:
    await take(http)
    await http.post("/simulator/faults", json={"kind": "503"})
    await http.get("/login.do")
    await http.post("/simulator/snapshots/before/restore")
    assert (list(world.faults), len(world.journal)) == ([], 0)


async def test_they_are_listed_with_time_and_size(http: httpx.AsyncClient) -> None:
    await take(http)
    [listed] = (await http.get("/simulator/snapshots")).json()["snapshots"]
    assert (listed["name"], listed["at"]) == ("before", "2026-11-20T09:00:00+00:00")
    assert listed["size"] > 100_000


async def test_the_same_name_takes_the_place_of_the_older(
    http: httpx.AsyncClient, world: World
) -> None:
    await take(http)
    world.instance.insert("incident", {"short_description": "Later"})
    await take(http)
    await http.post("/simulator/snapshots/before/restore")
    assert world.instance.count("incident", "short_description=Later") == 1


async def test_dropped_it_is_gone(http: httpx.AsyncClient) -> None:
    await take(http)
    assert (await http.delete("/simulator/snapshots/before")).status_code == 204
    assert (await http.delete("/simulator/snapshots/before")).status_code == 404
    assert (await http.post("/simulator/snapshots/before/restore")).status_code == 404


async def test_only_so_many_are_kept(http: httpx.AsyncClient) -> None:
    for number in range(MOST_KEPT):
        assert await take(http, f"number-{number}") == 201
    assert await take(http, "one-more") == 409
    assert await take(http, "number-0") == 201


@pytest.mark.parametrize("body", [{}, {"name": ""}, {"name": "a/b"}, {"name": "a", "more": 1}])
async def test_a_name_that_cannot_be_is_refused(
    http: httpx.AsyncClient, body: dict[str, object]
) -> None:
    assert (await http.post("/simulator/snapshots", json=body)).status_code == 400
    assert (await http.get("/simulator/snapshots")).json() == {"snapshots": []}


async def test_what_is_too_large_is_not_copied(app: Starlette, http: httpx.AsyncClient) -> None:
    app.state.snapshots = Snapshots(largest_bytes=1)
    assert await take(http) == 413
    assert (await http.get("/simulator/snapshots")).json() == {"snapshots": []}
