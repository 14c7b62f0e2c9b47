"""Each wrong deployment has its check, with an id and a hint."""

from typing import Any

import pytest
from django.core.checks import run_checks

from oauth_app import checks


def found() -> set[str]:
    """Return the ids of what the checks of this app find, each with a hint or a plain rule."""
    messages = [each for each in run_checks() if (each.id or "").startswith("oauth_app.")]
    return {str(each.id).removeprefix("oauth_app.") for each in messages}


def test_the_settings_of_the_tests_are_in_order() -> None:
    assert found() == set()


@pytest.mark.parametrize(
    ("values", "ids"),
    [
        ({"TOKEN_ENCRYPTION_KEY": ""}, {"E001"}),
        ({"TOKEN_ENCRYPTION_KEY": "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="}, {"E001"}),
        ({"SECRET_KEY": ""}, {"E002"}),
        ({"SECRET_KEY": "short"}, {"E002"}),
        ({"SECRET_KEY": "ab" * 40}, {"E002"}),
        ({"PUBLIC_BASE_URL": "http://mcp.example.com"}, {"E003", "W003", "W006"}),
        ({"PUBLIC_BASE_URL": "http://localhost:8080/mcp"}, {"E003", "W003"}),
        ({"PUBLIC_BASE_URL": "localhost"}, {"E003", "W003", "W006"}),
        ({"OAUTH_REDIRECT_URI": "http://localhost:8080/elsewhere"}, {"W003"}),
        ({"SERVICENOW_INSTANCE_URL": ""}, {"W004"}),
        ({"SERVICENOW_INSTANCE_URL": "https://other.example.com"}, {"E004"}),
        ({"SERVICENOW_INSTANCE_URL": "ftp://localhost"}, {"E004"}),
        ({"SERVICENOW_CLIENT_ID": ""}, {"E004"}),
        ({"RECONNECT_TOKEN_TTL": 0}, {"E005"}),
        ({"RECONNECT_TOKEN_TTL": 8_640_001}, {"W005"}),
    ],
)
def test_each_mistake_is_named(settings: Any, values: dict[str, Any], ids: set[str]) -> None:
    for name, value in values.items():
        setattr(settings, name, value)
    if settings.DATABASES["default"]["ENGINE"].endswith("postgresql"):
        ids = ids - {"W006"}
    assert found() == ids


def test_sqlite_and_the_embedded_redis_are_not_for_production(settings: Any) -> None:
    embedded = f"unix://{settings.EMBEDDED_REDIS_DIR}/redis.sock"
    engine = "django.db.backends.sqlite3"
    wrong = checks.only_for_trying_out(engine=engine, redis_url=embedded)
    assert [each.id for each in wrong] == ["oauth_app.W006", "oauth_app.W007"]


def test_postgresql_and_a_real_redis_are() -> None:
    engine = "django.db.backends.postgresql"
    assert checks.only_for_trying_out(engine=engine, redis_url="redis://redis:6379/0") == []


def test_no_check_shows_a_key(settings: Any) -> None:
    settings.TOKEN_ENCRYPTION_KEY = "c2VjcmV0LXRoYXQtaXMtdG9vLXNob3J0"
    assert settings.TOKEN_ENCRYPTION_KEY not in str(checks.encryption_keys(None))
