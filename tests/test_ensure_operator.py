"""`manage.py ensure_operator`, with which the demo makes its operator."""

import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command

from oauth_app.models import User

pytestmark = pytest.mark.usefixtures("db")
PASSWORD = "DJANGO_SUPERUSER_PASSWORD"


def test_the_operator_is_made_once_and_keeps_the_first_password(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for password in ("first", "second"):
        monkeypatch.setenv(PASSWORD, password)
        call_command("ensure_operator", "operator", verbosity=0)
    assert User.objects.get().is_superuser
    assert authenticate(username="operator", password="first") is not None
    assert authenticate(username="operator", password="second") is None


def test_without_a_password_nobody_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(PASSWORD, raising=False)
    with pytest.raises(CommandError, match=PASSWORD):
        call_command("ensure_operator", "operator")
    assert not User.objects.exists()
