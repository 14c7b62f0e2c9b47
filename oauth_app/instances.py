"""Instances: the one the settings describe, what may be one, and our OAuth client on it."""

from datetime import timedelta
from typing import Final, NamedTuple
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.db.models import Max, Q
from django.utils import timezone

from oauth_app.exceptions import HostNotAllowed
from oauth_app.models import Connection, Instance
from oauth_app.models.connections import Fault
from servicenow.base_url import InvalidBaseUrl, validated_base_url
from servicenow.http import shared_client
from servicenow.oauth import OAuthClient

_NEWS_LAST: Final = timedelta(minutes=10)


class _Client(NamedTuple):
    """Our OAuth client at an instance, as the settings have it."""

    base_url: str
    id: str
    secret: str


_taken_over: Final[set[_Client]] = set()


def default_instance() -> Instance | None:
    """Return the instance people sign in at when they name none, or None.

    SERVICENOW_* settings make it, and update it once in the life of a process: while servers are
    restarted one after the other, the old ones do not put the old client back. Another host there
    makes another row: tokens of the old host never travel to the new one. Raises HostNotAllowed for
    a host not allowed.
    """
    if not settings.SERVICENOW_INSTANCE_URL:
        return Instance.objects.open_for_sign_in().order_by("-is_default", "created_at").first()
    base_url = allowed_address(settings.SERVICENOW_INSTANCE_URL)
    instance = Instance.objects.filter(base_url=base_url).first() or _made(base_url)
    client = _Client(base_url, settings.SERVICENOW_CLIENT_ID, settings.SERVICENOW_CLIENT_SECRET)
    if client not in _taken_over:
        _take_over(instance, client)
    if not instance.is_default:
        make_default(instance)
    return instance


def instance_for_sign_in(instance_id: int | None) -> Instance | None:
    """Return the instance with that id, or the default one; None where nobody may sign in."""
    if instance_id is None:
        instance = default_instance()
        return instance if instance and instance.is_active else None
    return Instance.objects.open_for_sign_in().filter(pk=instance_id).first()


def allowed_address(text: str) -> str:
    """Return the address of an instance in its one spelling.

    Raises HostNotAllowed unless it is https (or loopback) and in SERVICENOW_ALLOWED_HOSTS.
    """
    try:
        address = validated_base_url(text)
    except InvalidBaseUrl as fault:
        raise HostNotAllowed(str(fault)) from fault
    host = urlsplit(address).hostname
    if host not in {allowed.strip().lower() for allowed in settings.SERVICENOW_ALLOWED_HOSTS}:
        raise HostNotAllowed(f"the host {host} is not in SERVICENOW_ALLOWED_HOSTS")
    return address


def comes_from_settings(instance: Instance) -> bool:
    """Whether the SERVICENOW_* settings describe this instance, and so overrule the admin."""
    if not settings.SERVICENOW_INSTANCE_URL:
        return False
    try:
        return instance.base_url == validated_base_url(settings.SERVICENOW_INSTANCE_URL)
    except InvalidBaseUrl:
        return False


def oauth_client(instance: Instance) -> OAuthClient:
    """Return our OAuth client on an instance. Needs a running event loop.

    Raises HostNotAllowed: the host is checked again on every use, whoever wrote the row.
    """
    return OAuthClient(
        allowed_address(instance.base_url),
        client_id=instance.client_id,
        client_secret=instance.client_secret,
        redirect_uri=settings.OAUTH_REDIRECT_URI,
        http=shared_client(),
    )


def seems_unreachable(instance: Instance) -> bool:
    """Whether the last we heard of an instance, within ten minutes, is that it did not answer."""
    since = timezone.now() - _NEWS_LAST
    here = Connection.objects.filter(instance=instance)
    failures = here.filter(last_fault=Fault.UNAVAILABLE, failed_at__gt=since)
    failed_at = failures.aggregate(at=Max("failed_at"))["at"]
    if failed_at is None:
        return False
    return not here.filter(Q(refreshed_at__gt=failed_at) | Q(signed_in_at__gt=failed_at)).exists()


def change_client(*, instance: Instance, client_id: str, client_secret: str) -> None:
    """Store another OAuth client, and let every failed connection try again at once."""
    instance.client_id = client_id
    instance.client_secret = client_secret
    instance.secret_changed_at = timezone.now()
    instance.save()
    Connection.objects.filter(instance=instance, refresh_failures__gt=0).update(
        next_refresh_at=None
    )


@transaction.atomic
def make_default(instance: Instance) -> None:
    """Let people sign in there who name no instance."""
    Instance.objects.filter(is_default=True).update(is_default=False)
    Instance.objects.filter(pk=instance.pk).update(is_default=True)
    instance.is_default = True


def pause(instance: Instance) -> None:
    """Send nothing to an instance any more, from any process, from the next request on.

    Nobody is signed out. Disconnecting somebody still revokes their tokens there.
    """
    Instance.objects.filter(pk=instance.pk).update(is_paused=True)


def resume(instance: Instance) -> None:
    """Let work with a paused instance go on."""
    Instance.objects.filter(pk=instance.pk).update(is_paused=False)


def _made(base_url: str) -> Instance:
    instance, _ = Instance.objects.get_or_create(
        base_url=base_url,
        defaults={
            "client_id": settings.SERVICENOW_CLIENT_ID,
            "client_secret": settings.SERVICENOW_CLIENT_SECRET,
        },
    )
    return instance


def _take_over(instance: Instance, client: _Client) -> None:
    if (instance.client_id, instance.client_secret) != (client.id, client.secret):
        change_client(instance=instance, client_id=client.id, client_secret=client.secret)
    _taken_over.clear()
    _taken_over.add(client)
