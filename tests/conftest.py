"""What every test may use: a fresh database, a real Redis, the simulator in this process."""

import gc
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
import pytest
import redis
from django.core.cache import cache
from django.db import connections
from pytest_django import DjangoDbBlocker, Settings
from starlette.applications import Starlette

from servicenow import http
from snmcp_project import embedded_redis
from tests.databases import DatabaseTemplate, PostgresTemplate, SqliteTemplate
from tests.support.one_process import simulated_app
from tests.support.suites import require_a_suite


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """See that every test that needs servers belongs to a suite, before any is deselected."""
    require_a_suite(items)


def pytest_collection_finish() -> None:
    """What was imported stays: looking through it for garbage would take a fifth of the time.

    A test makes and drops a whole site: looking seldom finds the same, in fewer passes.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 10, 10)


@pytest.fixture(scope="session")
def database_template(
    tmp_path_factory: pytest.TempPathFactory, django_db_blocker: DjangoDbBlocker
) -> DatabaseTemplate:
    """The migrated database that `db` copies: SQLite, or PostgreSQL where DATABASE_URL says so."""
    with django_db_blocker.unblock():
        if connections["default"].vendor == "postgresql":
            return PostgresTemplate()
        return SqliteTemplate(tmp_path_factory.mktemp("database"))


@pytest.fixture
def db(database_template: DatabaseTemplate, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """A fresh migrated database in which commits are real (overrides pytest-django's)."""
    with django_db_blocker.unblock(), database_template.copy():
        yield


@pytest.fixture(scope="session")
def _redis_socket() -> Iterator[Path]:
    with TemporaryDirectory(prefix="snmcp-redis-") as directory:
        child = embedded_redis.start(Path(directory))
        yield Path(directory) / "redis.sock"
        child.terminate()
        child.wait(timeout=5)


@pytest.fixture
def redis_url(_redis_socket: Path, settings: Settings) -> str:
    """The address of a real, empty Redis; settings.REDIS_URL is set to it."""
    with redis.Redis(unix_socket_path=str(_redis_socket)) as connection:
        connection.flushall()
    url = f"unix://{_redis_socket}"
    settings.REDIS_URL = url
    return url


@pytest.fixture(autouse=True)
def _nothing_counted() -> None:
    """Begin the limits of each address anew: all tests come from one."""
    cache.clear()


@pytest.fixture
def simulator(monkeypatch: pytest.MonkeyPatch) -> Iterator[Starlette]:
    """A simulated instance with fresh demo data; `servicenow` talks to it inside this process.

    It is the instance that `tests/settings.py` names. `.state.instance` and `.state.world` are its
    inside. What it may not do in a test, listening on a port, the transport makes unnecessary.
    """
    app = simulated_app()
    monkeypatch.setattr(http, "pooled_transport", lambda: httpx.ASGITransport(app))
    yield app
    # Its 13 MB would wait for the next look for garbage, and fresh ones cost more than used ones.
    app.state.instance.close()
