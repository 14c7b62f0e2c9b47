"""The simulator as a process of its own: started, signed in to, looked at, ended."""

import json
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from benchmarks.load import Load, Measured
from simulator.areas.organisation.people import PASSWORD
from simulator.oauth.clients import DEMO_CLIENT_ID, DEMO_CLIENT_SECRET

_TICKS_A_SECOND = 100
_LINE = "Simulated ServiceNow instance: "


class RunningSimulator:
    """`python -m simulator` on a free port, until the `with` ends."""

    def __init__(self, options: Sequence[str] = ()) -> None:
        self._options = options

    def __enter__(self) -> Self:
        started = time.perf_counter()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "simulator", "--port", "0", *self._options],
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None  # noqa: S101  # for the type only
        for line in self.process.stdout:
            if line.startswith(_LINE):
                self.address = line.removeprefix(_LINE).strip()
                break
        else:
            raise RuntimeError("the simulator did not start")
        self.port = int(self.address.rpartition(":")[2])
        self.started_in = time.perf_counter() - started
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        failure: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.process.terminate()
        self.process.wait(30)

    def token(self, user_name: str = "abel.tuter") -> str:
        """An access token of a demo person."""
        form = {
            "grant_type": "password",
            "username": user_name,
            "password": PASSWORD,
            "client_id": DEMO_CLIENT_ID,
            "client_secret": DEMO_CLIENT_SECRET,
        }
        with urlopen(f"{self.address}/oauth_token.do", urlencode(form).encode()) as answer:  # noqa: S310  # our own loopback server
            return str(json.load(answer)["access_token"])

    def get(self, target: str, *, token: str) -> Any:  # noqa: ANN401  # whatever JSON there is
        """The JSON at a path, as the person of a token."""
        asked = Request(self.address + target, headers={"Authorization": f"Bearer {token}"})  # noqa: S310  # our own loopback server
        with urlopen(asked, timeout=120) as answer:  # noqa: S310  # our own loopback server
            return json.load(answer)

    def incidents(self, *, token: str) -> int:
        """How many there are."""
        counted = self.get("/api/now/stats/incident?sysparm_count=true", token=token)
        return int(counted["result"]["stats"]["count"])

    def under(
        self,
        requests: Sequence[str],
        *,
        token: str,
        connections: int = 1,
        seconds: float = 3,
        body: str = "",
        warm_up: float = 0.5,
    ) -> Measured:
        """What the server does under a load that comes from another process."""
        headers = f"Authorization: Bearer {token}\r\nAccept: application/json\r\n"
        if body:
            headers += "Content-Type: application/json\r\n"
        load = Load(
            port=self.port,
            connections=connections,
            seconds=seconds,
            requests=tuple(requests),
            headers=headers,
            body=body,
            warm_up=warm_up,
        )
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.load"],
            input=json.dumps(vars(load)),
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
        return Measured(**json.loads(done.stdout))

    @property
    def resident_mb(self) -> float:
        """Memory that the process holds now (RSS), in MiB."""
        return self._memory("VmRSS")

    @property
    def peak_mb(self) -> float:
        """The most memory that it has held, in MiB."""
        return self._memory("VmHWM")

    @property
    def cpu_seconds(self) -> float:
        """Processor time that the process has used."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICKS_A_SECOND

    def _memory(self, name: str) -> float:
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(status.partition(f"{name}:")[2].split()[0]) / 1024
