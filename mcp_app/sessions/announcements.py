"""Telling clients when an operator changes which tools there are."""

from functools import partial
from typing import Any

from django.contrib.auth import get_user_model
from django.db import models, transaction
from django.db.models.signals import m2m_changed, post_delete, post_save
from mcp.server.subscriptions import (
    PromptsListChanged,
    ResourcesListChanged,
    ToolsListChanged,
)

from mcp_app.sessions.changes import Change, announce
from tools_app.models import ToolsetGrant, ToolSetting


def connect() -> None:
    """Announce every change of a setting, and of who belongs to which group, once it is committed.

    Settings of groups reach people through their groups.
    """
    for setting in (ToolSetting, ToolsetGrant):
        for signal in (post_save, post_delete):
            signal.connect(_setting_changed, sender=setting, dispatch_uid="announce tools")
    groups: type[models.Model] = get_user_model().groups.through
    m2m_changed.connect(_groups_changed, sender=groups, dispatch_uid="announce tools")


def _setting_changed(**_signal: object) -> None:
    _announce_later(user_id=None)


def _groups_changed(*, instance: models.Model, action: str, **_signal: Any) -> None:  # noqa: ANN401  # Django's
    if action.startswith("post_"):
        of_person = isinstance(instance, get_user_model())
        _announce_later(user_id=instance.pk if of_person else None)


def _announce_later(*, user_id: int | None) -> None:
    # Prompts and resources go with the tools that they lead to.
    for event in (ToolsListChanged(), PromptsListChanged(), ResourcesListChanged()):
        transaction.on_commit(partial(announce, Change(event, user_id)))
