"""A database in which every secret there can be is a canary."""

from datetime import timedelta

from django.contrib.auth.models import Permission
from django.test import Client
from django.utils import timezone
from oauth2_provider.models import AccessToken, Application, Grant, RefreshToken

from audit_app import services
from oauth_app import service_clients
from oauth_app.hashing import stored_hash
from oauth_app.models import (
    AuthorizationRequest,
    BrowserSession,
    ClientGrant,
    Connection,
    GrantedToken,
    Instance,
    ReconnectToken,
    User,
)
from oauth_app.models.browser_sessions import SessionStore
from tests.audit_app.calls import a_closing, an_opening

CANARY = "canary-7f3d9a"
RECONNECT_TOKEN = f"snmcp_{CANARY}-reconnect-token"
PASSWORD = f"{CANARY}-password"


def fill() -> list[str]:
    """Make one row of everything; return every text that no page may show."""
    abel = User.objects.create(username="abel.tuter", email="abel.tuter@example.com")
    instance = Instance.objects.create(
        name="Acme",
        base_url="https://acme.service-now.com",
        client_id="acme-client",
        client_secret=f"{CANARY}-client-secret",
    )
    connection = _connection(abel, instance)
    token = _reconnect_token(abel, connection)
    secrets = [CANARY, token.token_hash, *_client_secrets(abel), *_envelopes()]
    secrets += _service_secrets(connection)
    AuthorizationRequest.objects.create(
        instance=instance,
        state_hash="5" * 64,
        browser_hash="6" * 64,
        code_verifier=f"{CANARY}-verifier",
    )
    session = SessionStore()
    session["secret"] = f"{CANARY}-session"
    session.save()
    services.close_record(
        services.open_record(
            an_opening(arguments={"note": CANARY, "token": RECONNECT_TOKEN, "state": "New"})
        ),
        closing=a_closing(),
    )
    keys = map(str, BrowserSession.objects.values_list("session_key", flat=True))
    return [*secrets, "5" * 64, "6" * 64, *keys]


def operator(name: str, *, superuser: bool = False, permissions: str = "") -> Client:
    """Return the browser of an operator who has every permission that begins with that text."""
    user = User.objects.create(username=name, is_staff=True, is_superuser=superuser)
    user.set_password(PASSWORD)
    user.save()
    if permissions:
        user.user_permissions.set(Permission.objects.filter(codename__startswith=permissions))
    return _browser(user)


def person(name: str) -> Client:
    """Return the browser of somebody who signed in with ServiceNow and is no operator."""
    return _browser(User.objects.create(username=name))


def _browser(user: User) -> Client:
    client = Client(headers={"host": "localhost"})
    client.force_login(user)
    return client


def _connection(user: User, instance: Instance) -> Connection:
    return Connection.objects.create(
        user=user,
        instance=instance,
        sys_id="a" * 32,
        user_name="abel.tuter",
        name="Abel Tuter",
        access_token=f"{CANARY}-access-token",
        access_token_expires_at=timezone.now(),
        refresh_token=f"{CANARY}-refresh-token",
        refresh_token_expires_at=timezone.now(),
    )


def _reconnect_token(user: User, connection: Connection) -> ReconnectToken:
    return ReconnectToken.objects.create(
        user=user,
        connection=connection,
        name="My laptop",
        token_hash=stored_hash(RECONNECT_TOKEN),
        prefix=RECONNECT_TOKEN[:10],
        last_four=RECONNECT_TOKEN[-4:],
        expires_at=timezone.now() + timedelta(days=1),
    )


def _client_secrets(user: User) -> list[str]:
    ends = timezone.now() + timedelta(hours=1)
    application = Application.objects.create(
        name="Claude",
        client_id="claude-client",
        client_secret=f"{CANARY}-mcp-client-secret",
        client_type="confidential",
        authorization_grant_type="authorization-code",
        redirect_uris="https://claude.ai/callback",
    )
    made = {"user": user, "application": application}
    access = AccessToken.objects.create(token=f"{CANARY}-mcp-access", expires=ends, **made)
    refresh = RefreshToken.objects.create(
        token=f"{CANARY}-mcp-refresh", access_token=access, **made
    )
    Grant.objects.create(
        code=f"{CANARY}-code",
        code_challenge=f"{CANARY}-challenge",
        expires=ends,
        redirect_uri="https://claude.ai/callback",
        **made,
    )
    consent = ClientGrant.objects.create(redirect_host="claude.ai", **made)
    GrantedToken.objects.create(client_grant=consent, code_hash="7" * 64)
    application.refresh_from_db()
    return ["7" * 64, application.client_secret, access.token_checksum, refresh.token_checksum]


def _service_secrets(connection: Connection) -> list[str]:
    made = service_clients.make(user=connection.user, connection=connection, name="Night shift")
    stored = Application.objects.get(client_id=made.client_id).client_secret
    return [made.secret, stored]


def _envelopes() -> list[str]:
    """Return the ciphertexts: nobody needs to see those either."""
    columns = ["access_token", "refresh_token"]
    stored = [
        *Connection.objects.values_list(*columns),
        *Instance.objects.values_list("client_secret"),
    ]
    return [str(each) for row in stored for each in row]
