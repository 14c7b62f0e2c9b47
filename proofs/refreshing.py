"""A database, a simulated ServiceNow in this process, and people whose tokens are refreshed.

No web server: what is proved is below `/mcp`, in the one function that both the request path and
Celery refresh with.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import environ
import psycopg

from proofs.measured import Measured
from simulator.control.request_journal import JournalEntry
from simulator.oauth.clients import OAuthClient
from simulator.oauth.switches import OAuthSwitches
from simulator.running import RunningSimulator
from snmcp_project.demo.processes import Processes
from snmcp_project.demo.site import PROJECT, DemoSite
from snmcp_project.demo.startup import MANAGE
from tests.postgres import running_postgres

TOKEN_PATH: Final = "/oauth_token.do"  # an address
INSIDE: Final = (sys.executable, "-m", "proofs.inside")
_COUNT_CHANGES: Final = """
    CREATE TABLE proof_state (connection bigint, state text);
    CREATE TABLE proof_refresh (connection bigint, late boolean, at timestamptz DEFAULT now());
    CREATE FUNCTION proof_count() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      IF NEW.state <> OLD.state THEN INSERT INTO proof_state VALUES (NEW.id, NEW.state); END IF;
      IF NEW.version <> OLD.version THEN
        INSERT INTO proof_refresh VALUES (NEW.id, clock_timestamp() > OLD.access_token_expires_at);
      END IF;
      RETURN NULL; END $$;
    CREATE TRIGGER proof_count AFTER UPDATE ON oauth_app_connection
      FOR EACH ROW EXECUTE FUNCTION proof_count()"""


@dataclass(frozen=True)
class Refreshing:
    """The running parts. `database` is a connection of its superuser."""

    simulator: RunningSimulator
    client: OAuthClient
    database: psycopg.Connection[Any]
    processes: Processes
    demo: DemoSite

    def switch(self, **values: object) -> None:
        """Set switches of the token endpoint (`OAuthSwitches`)."""
        for name, value in values.items():
            setattr(self.simulator.world.switches, name, value)

    def refreshes(self, *, after: int = 0) -> list[JournalEntry]:
        """The requests to the token endpoint with an id above `after`."""
        every = tuple(self.simulator.world.journal)  # at once: requests may go on arriving
        return [entry for entry in every if entry.id > after and entry.path == TOKEN_PATH]

    def last_request(self) -> int:
        """The id of the last request there."""
        return max((entry.id for entry in tuple(self.simulator.world.journal)), default=0)

    def inside(self, *words: str, given: str = "") -> str:
        """Run `main` of one of our modules with the apps ready; return what it printed."""
        ran = subprocess.run(
            [*INSIDE, *words],
            cwd=PROJECT,
            env=dict(self.processes.environment),
            input=given,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        if ran.returncode:
            raise RuntimeError(f"{words} ended with {ran.returncode}: {ran.stderr[-3000:]}")
        return ran.stdout

    def make_people(self, number: int) -> list[int]:
        """Connect so many new people with tokens of the simulator; their connections' ids."""
        there = self.simulator.instance
        names = [f"refreshed.{n}" for n in range(number)]
        rows = [{"user_name": name, "name": name, "sys_class_name": "sys_user"} for name in names]
        sys_ids = there.insert_many("sys_user", rows)
        people = [self._granted(sys_id, name) for sys_id, name in zip(sys_ids, names, strict=True)]
        made = self.inside("proofs.refreshed_people", given=json.dumps(people))
        ids: list[int] = json.loads(made)
        return ids

    def _granted(self, sys_id: str, name: str) -> list[str | int]:
        given = self.simulator.world.credentials.grant(
            self.client, user=sys_id, scope="useraccount"
        )
        assert given.refresh
        return [
            *(sys_id, name, given.access.token, given.refresh.token),
            given.access.expires,
        ]

    def expire(self, connections: Sequence[int]) -> None:
        """Let the access tokens of these end, here and in ServiceNow."""
        self.simulator.world.credentials.expire(type_="access")
        self.database.execute(
            "UPDATE oauth_app_connection SET access_token_expires_at = now() - interval '1 s',"
            " next_refresh_at = NULL WHERE id = ANY(%s)",
            [list(connections)],
        )

    def count(self, question: str, *values: object) -> int:
        """The one number that answers a question."""
        row = self.database.execute(question, values).fetchone()
        return int(row[0]) if row else 0


@contextmanager
def refreshing(
    *, access_token_seconds: int = 1800, settings: dict[str, str] | None = None
) -> Iterator[Refreshing]:
    """Run a simulator that mints a new access token on refresh, and a database; end both."""
    with (
        running_postgres() as url,
        tempfile.TemporaryDirectory(prefix="snmcp-proof-", ignore_cleanup_errors=True) as folder,
    ):
        demo = DemoSite(Path(folder), 1, 1)
        secrets = demo.secrets
        client = OAuthClient(
            client_id=secrets.client_id,
            client_secret=secrets.client_secret,
            access_token_lifespan=access_token_seconds,
        )
        switches = OAuthSwitches(reuse_access_token=False)
        with RunningSimulator(client=client, oauth_switches=switches) as simulator:
            environment = demo.environment() | {
                "DATABASE_URL": url,
                "SERVICENOW_INSTANCE_URL": simulator.url,
                "RATE_LIMIT_PER_USER": "1000000",
                "LOG_LEVEL": "CRITICAL",
                **(settings or {}),
            }
            where = environ.Env.db_url_config(url)
            with (
                Processes(demo.directory / "logs", environment) as processes,
                psycopg.connect(
                    host=where["HOST"], user=where["USER"], dbname=where["NAME"], autocommit=True
                ) as database,
            ):
                processes.run("migrate", [*MANAGE, "migrate", "--verbosity=0", "--skip-checks"])
                database.execute(_COUNT_CHANGES)
                yield Refreshing(simulator, client, database, processes, demo)


def measured(goal: str, what: str, promised: str, reached: str, *, holds: bool) -> Measured:
    """One number of these proofs."""
    return Measured(goal=goal, what=what, promised=promised, reached=reached, holds=holds)
