"""Service principals as small programs: a client id, a secret, and tokens for them."""

import base64
from dataclasses import dataclass, field

from django.http import HttpResponse
from django.test import Client

from oauth_app import service_clients
from oauth_app.models import Connection, ServiceClient
from oauth_app.models.reconnect_tokens import TokenAccess


@dataclass
class ServicePrincipal:
    """One that a person made. `web` is without cookies: the program itself, not a browser."""

    row: ServiceClient
    client_id: str
    secret: str
    web: Client = field(default_factory=Client)

    @classmethod
    def made_by(
        cls, connection: Connection, *, access: str = "write", **how: object
    ) -> "ServicePrincipal":
        new = service_clients.make(
            user=connection.user,
            connection=connection,
            name="Night shift",
            access=TokenAccess(access),
            **how,
        )
        return cls(new.service_client, new.client_id, new.secret)

    def asks(self, **changed: str | list[str] | None) -> HttpResponse:
        """Ask for a token, the credentials in the body; None leaves a parameter out."""
        body = {
            "grant_type": "client_credentials",
            "client_id": self.client_id,
            "client_secret": self.secret,
        } | changed
        return self._post(body)

    def asks_in_header(self, **body: str) -> HttpResponse:
        """Ask for a token, the credentials in the Authorization header."""
        return self._post({"grant_type": "client_credentials"} | body, basic=True)

    def token(self, **asked: str) -> str:
        """A token."""
        answer = self.asks(**asked)
        assert answer.status_code == 200, answer.content
        return str(answer.json()["access_token"])

    def _post(self, body: dict[str, object], *, basic: bool = False) -> HttpResponse:
        sent = {name: value for name, value in body.items() if value is not None}
        credentials = base64.b64encode(f"{self.client_id}:{self.secret}".encode()).decode()
        headers = {"Authorization": f"Basic {credentials}"} if basic else {}
        return self.web.post("/o/token/", sent, headers=headers)
