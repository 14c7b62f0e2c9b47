"""A simulator that listens on this machine, in a thread of the process that wants one."""

import threading
from collections.abc import Callable, Mapping
from datetime import datetime
from types import TracebackType
from typing import Any, Self

import httpx
import uvicorn
from pydantic import TypeAdapter

from simulator.app import create_app
from simulator.clock import wall_clock
from simulator.control.faults import Fault
from simulator.control.request_journal import JournalEntry
from simulator.control.reset import reset_demo_data
from simulator.control.snapshots import Snapshots
from simulator.instance import Instance
from simulator.listening import listen
from simulator.oauth.clients import DEMO_CLIENT_ID, DEMO_CLIENT_SECRET, OAuthClient
from simulator.oauth.switches import OAuthSwitches
from simulator.switches import Switches
from simulator.world import World

SECONDS_TO_START = 10
SECONDS_TO_END = 5


class RunningSimulator:
    """A simulated instance on a free port of loopback; to be used in a `with` statement.

    The arguments are those of :func:`simulator.app.create_app`; `url` is where clients find it.
    """

    def __init__(
        self,
        *,
        clock: Callable[[], datetime] = wall_clock,
        client: OAuthClient | None = None,
        switches: Switches | None = None,
        oauth_switches: OAuthSwitches | None = None,
    ) -> None:
        self.app = create_app(
            clock=clock, client=client, switches=switches, oauth_switches=oauth_switches
        )
        self._socket = listen("127.0.0.1", port=0)
        self.url = f"http://localhost:{self._socket.getsockname()[1]}"
        config = uvicorn.Config(self.app, log_level="warning", access_log=False, lifespan="off")
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(
            target=self._server.run, kwargs={"sockets": [self._socket]}, daemon=True
        )
        self.snapshots = Snapshots()

    def __enter__(self) -> Self:
        """Start to listen. Raises TimeoutError when it does not come up."""
        self._thread.start()
        started = threading.Event()
        for _ in range(SECONDS_TO_START * 100):
            if self._server.started:
                return self
            started.wait(0.01)
        raise TimeoutError("the simulator did not start")

    def __exit__(
        self,
        kind: type[BaseException] | None,
        failure: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop to listen and let go of the data."""
        self._server.should_exit = True
        self._thread.join(SECONDS_TO_END)
        self.instance.close()

    @property
    def world(self) -> World:
        """Everything it consists of."""
        world: World = self.app.state.world
        return world

    @property
    def instance(self) -> Instance:
        """The data: insert, query and change them without ACLs."""
        return self.world.instance

    def reset(self) -> None:
        """The demo data as at first; no token, nobody signed in, no fault, an empty journal."""
        reset_demo_data(self.world)

    def keep(self, name: str = "kept") -> None:
        """Take a snapshot of data and tokens. Raises ValueError when there are too many."""
        if not self.snapshots.take(self.world, name):
            raise ValueError("too many snapshots")

    def go_back(self, name: str = "kept") -> None:
        """Go back to a snapshot. Raises LookupError if there is none of that name."""
        if not self.snapshots.restore(self.world, name):
            raise LookupError(name)

    def fault(self, kind: str, **facts: object) -> None:
        """Let something go wrong: `facts` are fields of :class:`simulator.control.faults.Fault`.

        Raises pydantic.ValidationError for what is no fault.
        """
        self.world.faults.add(TypeAdapter(Fault).validate_python({"kind": kind, **facts}))

    def requests(self, path: str = "") -> list[JournalEntry]:
        """What arrived, oldest first; with `path` only addresses that begin with it."""
        return [entry for entry in self.world.journal if entry.path.startswith(path)]

    def token(self, user_name: str) -> str:
        """An access token of a demo person. Raises httpx.HTTPStatusError for nobody."""
        return str(self.tokens(user_name)["access_token"])

    def tokens(self, user_name: str) -> Mapping[str, Any]:
        """The token endpoint's answer to a password grant of a demo person."""
        form = {
            "grant_type": "password",
            "username": user_name,
            "password": "demo",
            "client_id": DEMO_CLIENT_ID,
            "client_secret": DEMO_CLIENT_SECRET,
        }
        answer = httpx.post(f"{self.url}/oauth_token.do", data=form)
        answer.raise_for_status()
        found: Mapping[str, Any] = answer.json()
        return found
