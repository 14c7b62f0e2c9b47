"""Everything one running simulator consists of."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from starlette.requests import Request

from simulator.clock import AdjustableClock
from simulator.control.faults import Faults
from simulator.control.request_journal import RequestJournal
from simulator.instance import Instance
from simulator.oauth.clients import ClientRegistry
from simulator.oauth.codes import Codes, Consents, SeenAssertions
from simulator.oauth.credentials import Credentials
from simulator.oauth.signing_keys import SigningKeys
from simulator.oauth.switches import PROPERTIES, OAuthSwitches
from simulator.sign_in.sessions import Sessions


@dataclass(kw_only=True)
class World:
    """The instance and what stands around it; `elapsed` counts seconds, for transaction limits."""

    instance: Instance
    clock: AdjustableClock
    switches: OAuthSwitches
    elapsed: Callable[[], float] = time.monotonic
    clients: ClientRegistry = field(init=False)
    keys: SigningKeys = field(init=False)
    credentials: Credentials = field(init=False)
    codes: Codes = field(init=False)
    assertions: SeenAssertions = field(init=False)
    journal: RequestJournal = field(init=False)
    faults: Faults = field(init=False)
    consents: Consents = field(default_factory=Consents)
    sessions: Sessions = field(default_factory=Sessions)

    def __post_init__(self) -> None:
        self.clients = ClientRegistry(self.instance)
        self.keys = SigningKeys(self.instance, now=self.clock.timestamp)
        self.credentials = Credentials(
            self.instance, now=self.clock.timestamp, switches=self.switches, keys=self.keys
        )
        self.codes = Codes(now=self.clock.timestamp)
        self.assertions = SeenAssertions(now=self.clock.timestamp)
        self.journal = RequestJournal(now=self.clock)
        self.faults = Faults(now=self.clock)

    def is_on(self, switch: str) -> bool:
        """Whether a switch is on; a system property of the same meaning decides over it."""
        value = self.instance.property(PROPERTIES[switch])
        return value == "true" if value else bool(getattr(self.switches, switch))

    def start_over(self) -> None:
        """After the database was replaced: no token, nobody signed in, no fault, empty journal."""
        self.credentials.clear()
        self.forget()

    def forget(self) -> None:
        """Nobody signed in, no code, no fault, an empty journal; tokens stay."""
        for rest in (
            self.codes,
            self.assertions,
            self.consents,
            self.sessions,
            self.faults,
            self.journal,
        ):
            rest.clear()


def world_of(request: Request) -> World:
    """The world a request has arrived in."""
    world: World = request.app.state.world
    return world
