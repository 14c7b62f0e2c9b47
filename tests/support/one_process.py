"""A whole site in this process, for who is no test: a database, Redis, the simulated instance."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
import pytest
from django.conf import settings
from django.test import override_settings
from starlette.applications import Starlette

from servicenow import http
from simulator.app import create_app
from simulator.oauth.clients import OAuthClient
from snmcp_project import embedded_redis
from tests.databases import SqliteTemplate


def simulated_app() -> Starlette:
    """A simulated instance with fresh demo data, which knows the OAuth client of the settings."""
    client = OAuthClient(
        client_id=settings.SERVICENOW_CLIENT_ID,
        client_secret=settings.SERVICENOW_CLIENT_SECRET,
        redirect_urls=(settings.OAUTH_REDIRECT_URI,),
    )
    return create_app(client=client)


@contextmanager
def whole_site() -> Iterator[Starlette]:
    """A migrated SQLite file, a Redis and the simulated instance; needs the tests' settings."""
    app = simulated_app()
    hosts = [*settings.ALLOWED_HOSTS, "testserver"]  # the host of Django's test client
    with TemporaryDirectory(prefix="snmcp-proof-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        redis = embedded_redis.start(folder)
        try:
            with (
                override_settings(REDIS_URL=f"unix://{folder / 'redis.sock'}", ALLOWED_HOSTS=hosts),
                SqliteTemplate(folder).copy(),
                pytest.MonkeyPatch.context() as changed,
            ):
                changed.setattr(http, "pooled_transport", lambda: httpx.ASGITransport(app))
                yield app
        finally:
            redis.terminate()
            redis.wait(timeout=5)
