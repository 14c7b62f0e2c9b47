"""What the operators' page says of groups, buttons and jobs is so."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.models import Group

from oauth_app.models import Connection
from snmcp_project.celery import app

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "operations.md").read_text(encoding="utf-8")
TEXT = " ".join(PAGE.split())


@pytest.mark.usefixtures("db")
def test_the_group_named_there_has_the_permission_named_there() -> None:
    [(name, permission)] = re.findall(r"group (\w+) \(permission `([a-z_.]+)`\)", TEXT)
    app_label, codename = permission.split(".")
    granted = Group.objects.get(name=name).permissions
    assert granted.filter(codename=codename, content_type__app_label=app_label).exists()


@pytest.mark.parametrize("button", ["Disconnect", "Require sign-in again"])
def test_a_connection_has_the_buttons_named_there(button: str) -> None:
    actions: Any = admin.site._registry[Connection].actions
    model_admin = type(admin.site._registry[Connection])
    offered = [str(getattr(model_admin, action).short_description) for action in actions]
    assert f"*{button}*" in TEXT
    assert any(one.startswith(f"{button}:") for one in offered)


def test_the_jobs_run_as_often_as_it_says() -> None:
    app.loader.import_default_modules()
    every = {entry["task"]: entry["schedule"] for entry in app.conf.beat_schedule.values()}
    assert every == {
        "oauth_app.refresh_expiring_connections": 60.0,
        "oauth_app.purge_expired": 3600.0,
        "audit_app.seal_records": 30.0,
        "audit_app.remove_old_records": 3600.0,
        "mcp_app.settle_in_doubt": 15.0,
        "mcp_app.settle_all_in_doubt": 3600.0,
        "mcp_app.purge_idle_sessions": 3600.0,
    }
    assert set(every) <= set(app.tasks)
    assert (
        "Every 60 seconds, refresh what expires within ten minutes; every 30 seconds, seal" in TEXT
    )


def test_the_times_of_celery_are_those_it_says() -> None:
    visibility = settings.CELERY_BROKER_TRANSPORT_OPTIONS["visibility_timeout"]
    assert f"a message unseen for {visibility} seconds is delivered again" in TEXT
    assert f"a task ends after {settings.CELERY_TASK_TIME_LIMIT} seconds" in TEXT
