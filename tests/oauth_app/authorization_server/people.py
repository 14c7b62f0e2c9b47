"""Abel, Beth and Charlie, connected and signed in, without a sign-in at ServiceNow."""

from datetime import timedelta

from django.test import Client
from django.utils import timezone

from oauth_app.models import Connection, Instance, User


def connected_person(user_name: str, name: str) -> Connection:
    instance, _ = Instance.objects.get_or_create(
        base_url="http://localhost:8090",
        defaults={"name": "Demo", "client_id": "c", "is_default": True},
    )
    first, last = name.split()
    user = User.objects.create_user(user_name, first_name=first, last_name=last)
    now = timezone.now()
    return Connection.objects.create(
        user=user,
        instance=instance,
        sys_id=f"{user.pk:032x}",
        user_name=user_name,
        name=name,
        access_token="an access token",
        access_token_expires_at=now + timedelta(minutes=30),
        refresh_token="a refresh token",
        refresh_token_expires_at=now + timedelta(days=99),
        refreshed_at=now,
    )


def browser_of(connection: Connection, *, signed_in_ago: timedelta = timedelta()) -> Client:
    """The browser of a person who signed in some time ago."""
    browser = Client()
    browser.force_login(connection.user)
    session = browser.session
    session["connection_id"] = connection.pk
    session["signed_in_at"] = (timezone.now() - signed_in_ago).timestamp()
    session.save()
    return browser
