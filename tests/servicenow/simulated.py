"""The simulated instance in this process, and people who sign in at it."""

from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import httpx

from servicenow.auth import FixedToken
from servicenow.client import ServiceNowClient
from servicenow.oauth import OAuthClient, TokenSet, new_verifier
from simulator.control.faults import Fault, FaultKind
from simulator.world import World
from tests.support.simulator_browser import sign_in_and_allow

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
ADDRESS = "http://localhost:8090"
FIELDS = ("number", "short_description", "state", "priority", "caller_id", "assignment_group")


@dataclass
class Simulated:
    """An instance and the people who have signed in at it."""

    world: World
    http: httpx.AsyncClient
    oauth: OAuthClient

    def fault(self, kind: FaultKind, *, count: int = 1, **facts: object) -> None:
        self.world.faults.add(Fault(kind=kind, count=count, **facts))  # type: ignore[arg-type]  # facts of the fault

    async def code(self, user_name: str, *, verifier: str) -> str:
        url = self.oauth.authorization_url(state="the-state", code_verifier=verifier)
        back = await sign_in_and_allow(self.http, url, user_name)
        answered = parse_qs(urlsplit(back).query)
        assert answered["state"] == ["the-state"]
        return answered["code"][0]

    async def tokens(self, user_name: str) -> TokenSet:
        verifier = new_verifier()
        code = await self.code(user_name, verifier=verifier)
        return await self.oauth.exchange_code(code, code_verifier=verifier)

    async def signed_in(self, user_name: str, *, seconds: float = 30) -> ServiceNowClient:
        token = (await self.tokens(user_name)).access_token
        return ServiceNowClient(
            ADDRESS, http=self.http, tokens=FixedToken(token), deadline_seconds=seconds
        )

    @property
    def calls(self) -> list[str]:
        """Method and path of every API call so far."""
        return [
            f"{entry['method']} {entry['path']}"
            for entry in self.world.journal.as_json()
            if entry["path"].startswith("/api/")
        ]
