"""What is over is removed; what may still be used or asked about stays."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone
from oauth2_provider.models import (
    get_access_token_model,
    get_application_model,
    get_refresh_token_model,
)

from oauth_app import reconnect_tokens, service_clients
from oauth_app.models import (
    AuthorizationRequest,
    BrowserSession,
    ClientGrant,
    Connection,
    GrantedToken,
    ReconnectToken,
    ServiceClient,
)
from oauth_app.tasks import purge_expired
from simulator.world import World
from tests.oauth_app.connected import connect
from tests.oauth_app.visitors import Visitor

ONE_HOUR = timedelta(hours=1)

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
def abel(db: None, world: World) -> Connection:
    """Abel's connection."""
    return connect(world)


def test_started_sign_ins_go_a_day_after_they_ended(browser: Visitor) -> None:
    browser.begin()
    browser.begin()
    old = AuthorizationRequest.objects.order_by("created_at")[0]
    old.expires_at = timezone.now() - timedelta(hours=25)
    old.save()
    assert purge_expired()["authorization_requests"] == 1
    assert AuthorizationRequest.objects.exclude(pk=old.pk).count() == 1


def test_reconnect_tokens_go_thirty_days_after_they_ended(abel: Connection) -> None:
    ages = {"expired": 31, "revoked": 31, "lately": 29, "live": -1}
    for name, days in ages.items():
        token, _ = reconnect_tokens.make(user=abel.user, connection=abel, name=name)
        moment = timezone.now() - timedelta(days=days)
        field = "revoked_at" if name == "revoked" else "expires_at"
        ReconnectToken.objects.filter(pk=token.pk).update(**{field: moment})
    assert purge_expired()["reconnect_tokens"] == 2
    assert set(ReconnectToken.objects.values_list("name", flat=True)) == {"lately", "live"}


def test_service_principals_go_thirty_days_after_they_ended_with_their_clients(
    abel: Connection,
) -> None:
    for name, days in {"expired": 31, "revoked": 31, "lately": 29, "live": -1}.items():
        row = service_clients.make(user=abel.user, connection=abel, name=name).service_client
        moment = timezone.now() - timedelta(days=days)
        if name == "revoked":
            ClientGrant.objects.filter(pk=row.client_grant_id).update(revoked_at=moment)
        else:
            ServiceClient.objects.filter(pk=row.pk).update(expires_at=moment)
    assert purge_expired()["service_clients"] == 2
    kept = get_application_model().objects.values_list("name", flat=True)
    assert set(kept) == {"lately", "live"}


def test_sessions_go_when_they_expire(browser: Visitor) -> None:
    browser.sign_in("abel.tuter")
    assert purge_expired()["sessions"] == 0
    BrowserSession.objects.update(expire_date=timezone.now())
    assert purge_expired()["sessions"] == 1


def test_ties_to_a_consent_go_when_no_token_is_left_of_them(abel: Connection) -> None:
    application = get_application_model().objects.create(name="a client", redirect_uris="https://c")
    grant = ClientGrant.objects.create(user=abel.user, application=application, redirect_host="c")
    live, gone = uuid4(), uuid4()
    access = get_access_token_model().objects.create(
        user=abel.user, application=application, token="a", expires=timezone.now() + ONE_HOUR
    )
    get_refresh_token_model().objects.create(
        user=abel.user, application=application, token="r", token_family=live, access_token=access
    )
    for family in (live, gone, None):
        GrantedToken.objects.create(client_grant=grant, code_hash=uuid4().hex, token_family=family)
    assert purge_expired()["granted_tokens"] == 0
    GrantedToken.objects.update(created_at=timezone.now() - timedelta(days=2))
    assert purge_expired()["granted_tokens"] == 2
    assert GrantedToken.objects.get().token_family == live


def test_purging_twice_is_harmless(abel: Connection) -> None:
    assert purge_expired() == purge_expired()
    assert Connection.objects.exists()
