"""What one demo site is made of: its folder, its ports, its throw-away secrets."""

import base64
import json
import os
import secrets
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

PROJECT = Path(__file__).resolve().parent.parent.parent
DEFAULT_DIRECTORY = PROJECT / "var" / "demo"
OPERATOR = "operator"


@dataclass(frozen=True)
class DemoSecrets:
    """Secrets made once for each demo folder, so that a second start finds its data again."""

    secret_key: str
    encryption_key: str
    client_id: str
    client_secret: str
    operator_password: str

    @classmethod
    def kept_in(cls, directory: Path) -> Self:
        """Return the secrets kept in `directory`, making and keeping them the first time."""
        file = directory / "secrets.json"
        if file.exists():
            return cls(**json.loads(file.read_text(encoding="utf-8")))
        made = cls(
            secret_key=secrets.token_urlsafe(48),
            encryption_key="demo:" + base64.b64encode(secrets.token_bytes(32)).decode(),
            client_id=secrets.token_hex(16),
            client_secret=secrets.token_urlsafe(24),
            operator_password=secrets.token_urlsafe(9),
        )
        directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        file.touch(mode=0o600)
        file.write_text(json.dumps(asdict(made), indent=2), encoding="utf-8")
        return made


@dataclass(frozen=True)
class DemoSite:
    """One demo: where it keeps its data and where it listens (loopback only)."""

    directory: Path
    port: int
    simulator_port: int

    @property
    def address(self) -> str:
        """The address people open."""
        return f"http://localhost:{self.port}"

    @property
    def instance_address(self) -> str:
        """The address of the simulated ServiceNow."""
        return f"http://localhost:{self.simulator_port}"

    @property
    def secrets(self) -> DemoSecrets:
        """This site's secrets."""
        return DemoSecrets.kept_in(self.directory)

    @property
    def redis_directory(self) -> Path:
        """Where the embedded Redis has its socket."""
        return self.directory / "redis"

    def environment(self) -> dict[str, str]:
        """The environment of every process of this site: nothing of the caller's settings."""
        keep = {name: os.environ[name] for name in _KEPT if name in os.environ}
        own = self.secrets
        return keep | {
            "ENV_FILE": "",
            "DJANGO_SETTINGS_MODULE": "snmcp_project.settings",
            "SECRET_KEY": own.secret_key,
            "TOKEN_ENCRYPTION_KEY": own.encryption_key,
            "MCP_PORT": str(self.port),
            "PUBLIC_BASE_URL": self.address,
            "DATABASE_URL": f"sqlite:///{self.directory}/snmcp.sqlite3",
            "AUDIT_CHECKPOINTS": str(self.directory / "audit-checkpoints.jsonl"),
            "REDIS_URL": f"unix://{self.redis_directory}/redis.sock",
            "SERVICENOW_INSTANCE_URL": self.instance_address,
            "SERVICENOW_CLIENT_ID": own.client_id,
            "SERVICENOW_CLIENT_SECRET": own.client_secret,
            "MCP_URL_TOKENS": "on",
            "LOG_FORMAT": "text",
            "DJANGO_SUPERUSER_PASSWORD": own.operator_password,
        }

    def simulator_command(self) -> list[str]:
        """The words that start the simulated ServiceNow of this site."""
        return [
            *(sys.executable, "-m", "simulator", f"--port={self.simulator_port}"),
            f"--state={self.directory / 'instance.sqlite3'}",
            f"--client-id={self.secrets.client_id}",
            f"--client-secret={self.secrets.client_secret}",
            f"--redirect-uri={self.address}/oauth/callback",
        ]


# What a child needs of the caller's environment; settings of a real site must not leak in.
_KEPT = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "LD_LIBRARY_PATH")
