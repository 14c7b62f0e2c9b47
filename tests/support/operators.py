"""Operators of the admin, each in a browser of their own."""

from django.contrib.auth.models import Permission
from django.test import Client

from oauth_app.models import User


def operator_with(*permissions: str) -> Client:
    """The browser of Olga, an operator with exactly these permissions, such as `view_toolcall`."""
    olga = User.objects.create_user("olga", is_staff=True)
    granted = Permission.objects.filter(codename__in=permissions)
    assert granted.count() == len(permissions)
    olga.user_permissions.set(granted)
    return _browser_of(olga)


def superuser() -> Client:
    """The browser of Otto, an operator who may do everything."""
    return _browser_of(User.objects.create_superuser("otto", password="x"))


def _browser_of(user: User) -> Client:
    browser = Client()
    browser.force_login(user)
    return browser
