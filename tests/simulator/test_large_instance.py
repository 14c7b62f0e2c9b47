"""An instance with many records: it is reset, and long requests keep nobody else waiting."""

import asyncio
import sqlite3
from pathlib import Path
from shutil import copy

import httpx
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from simulator.access.people import Person
from simulator.api.answers import answer
from simulator.api.endpoints import api_routes
from simulator.app import create_app
from simulator.data.aside import TakesLong, in_a_hurry
from simulator.data.store import Store
from simulator.instance import Instance
from simulator.seed.planting import Volume
from tests.simulator.conftest import NOW
from tests.simulator.flow import tokens_of, without_cookies

VOLUME = Volume(records=400, seed=3)
TABLES = ("incident", "sys_user", "sys_journal_field", "sys_number", "sys_user_preference")
# It counts for ever, or until it is given up.
ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n"


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of an instance that was filled and ended."""
    path = tmp_path_factory.mktemp("planted") / "state.sqlite3"
    _app(path).state.instance.close()
    return path


@pytest.fixture
def path(planted: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    return Path(copy(planted, tmp_path))


def _app(path: Path | None = None) -> Starlette:
    return create_app(state_path=str(path) if path else None, volume=VOLUME, clock=lambda: NOW)


def _rows(instance: Instance) -> list[list[dict[str, str]]]:
    return [instance.query(table, "ORDERBYsys_id") for table in TABLES]


async def test_a_reset_puts_back_what_was_changed_deleted_and_added(path: Path) -> None:
    app = _app(path)
    instance: Instance = app.state.instance
    before = _rows(instance)
    first, second, *_ = instance.query("incident", "ORDERBYnumber")
    instance.update("incident", first["sys_id"], {"state": "7", "work_notes": "done"})
    instance.update("incident", first["sys_id"], {"short_description": "again"})
    instance.delete("incident", second["sys_id"])
    new = instance.insert("incident", {"short_description": "new"}, run_rules=True)
    instance.update("incident", new, {"short_description": "newer"})
    assert _rows(instance) != before
    async with without_cookies(app) as http:
        assert (await http.post("/simulator/reset")).status_code == 204
        assert _rows(instance) == before
        assert (await http.post("/simulator/reset")).status_code == 204
        assert _rows(instance) == before
        assert (await tokens_of(http))["access_token"]
    instance.close()


async def test_a_reset_after_a_restart_goes_back_to_the_planting(path: Path) -> None:
    first = _app(path)
    before = _rows(first.state.instance)
    sys_id = first.state.instance.query("incident", limit=1)[0]["sys_id"]
    first.state.instance.delete("incident", sys_id)
    first.state.instance.close()
    again = _app(path)
    assert again.state.instance.count("incident") == VOLUME.records - 1
    async with without_cookies(again) as http:
        await http.post("/simulator/reset")
    assert _rows(again.state.instance) == before
    again.state.instance.close()


async def test_a_table_added_since_is_gone_after_a_reset(path: Path) -> None:
    app = _app(path)
    instance: Instance = app.state.instance
    instance.insert("sys_db_object", {"name": "u_thing", "label": "Thing"}, run_rules=True)
    assert instance.knows("u_thing")
    async with without_cookies(app) as http:
        assert (await http.post("/simulator/reset")).status_code == 204
    assert not instance.knows("u_thing")
    instance.close()


def test_what_is_large_is_kept_in_a_file_what_is_not_in_memory() -> None:
    assert Volume(records=1_000_000).is_large
    assert not VOLUME.is_large
    app = _app()
    assert not app.state.instance.store.can_read_aside
    app.state.instance.close()


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """A database in a file."""
    made = Store(str(tmp_path / "store.sqlite3"))
    made.write("CREATE TABLE thing (name TEXT)")
    return made


def test_what_takes_long_is_given_up_in_a_hurry(store: Store) -> None:
    token = in_a_hurry.set(True)
    with pytest.raises(TakesLong):
        store.rows(ENDLESS)
    in_a_hurry.reset(token)
    assert store.scalar("SELECT 1") == 1


def test_a_mistake_in_a_statement_is_still_one(store: Store) -> None:
    token = in_a_hurry.set(True)
    with pytest.raises(sqlite3.OperationalError, match="no such table"):
        store.rows("SELECT * FROM nowhere")
    in_a_hurry.reset(token)


def test_aside_a_statement_is_cancelled_at_its_limit(store: Store) -> None:
    with store.aside(seconds=0.02), pytest.raises(sqlite3.OperationalError, match="interrupted"):
        store.rows(ENDLESS)


def test_aside_what_is_committed_is_read_and_writing_works(store: Store) -> None:
    with store.aside(seconds=5):
        store.write("INSERT INTO thing VALUES ('one')")
        with store.transaction():
            store.write("INSERT INTO thing VALUES ('two')")
            assert store.scalar("SELECT count(*) FROM thing") == 2
        assert store.scalar("SELECT count(*) FROM thing") == 2
    store.close()


async def test_a_request_that_takes_long_keeps_nobody_waiting_and_is_cancelled(
    tmp_path: Path,
) -> None:
    instance = Instance(str(tmp_path / "state.sqlite3"), clock=lambda: NOW)
    user = instance.insert("sys_user", {"user_name": "abel"})
    instance.switches.transaction_seconds = 0.3
    routes = api_routes(instance, {"/endless": {"GET": _endless}, "/quick": {"GET": _quick}})
    app = Starlette(routes=routes, middleware=[Middleware(ActsAs, user=user)])
    finished = []
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://x") as http:

        async def get(path: str) -> httpx.Response:
            answer = await http.get(path)
            finished.append(path)
            return answer

        slow, quick = await asyncio.gather(get("/endless"), get("/quick"))
    assert finished == ["/quick", "/endless"]
    assert quick.status_code == 200
    assert slow.status_code == 500
    assert "maximum execution time exceeded" in slow.json()["error"]["message"]
    instance.close()


async def test_a_request_that_takes_a_while_is_answered_aside(tmp_path: Path) -> None:
    instance = Instance(str(tmp_path / "state.sqlite3"), clock=lambda: NOW)
    user = instance.insert("sys_user", {"user_name": "abel"})
    routes = api_routes(instance, {"/while": {"GET": _a_while}})
    app = Starlette(routes=routes, middleware=[Middleware(ActsAs, user=user)])
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://x") as http:
        assert (await http.get("/while")).json() == {"result": "aside"}
    instance.close()


class ActsAs:
    """Stands where authentication does."""

    def __init__(self, app: ASGIApp, *, user: str) -> None:
        self._app, self._user = app, user

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._app({**scope, "snow_user": self._user}, receive, send)


async def _endless(instance: Instance, _: Request, __: Person) -> Response:
    return answer({"result": instance.store.rows(ENDLESS)})


async def _quick(instance: Instance, _: Request, __: Person) -> Response:
    return answer({"result": instance.store.scalar("SELECT 1")})


async def _a_while(instance: Instance, _: Request, __: Person) -> Response:
    if in_a_hurry.get():
        instance.store.rows(ENDLESS)
    return answer({"result": "aside"})
