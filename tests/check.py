"""`make check`: every check that needs no running test, all of them even when one fails."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PROGRAMS = Path(sys.executable).parent
# A deployment as `docs/deployment.md` describes it, so that `check --deploy` judges the product.
DEPLOYED = {
    "ENV_FILE": "",
    "SECRET_KEY": "x" * 25 + "0123456789abcdefghijklmnopqrstuvwxyz",
    "TOKEN_ENCRYPTION_KEY": "k1:qs4mFJrUcHHkrW9OgJPVX0MDfOy0jy+nv1EmBTEbU7Y=",
    "PUBLIC_BASE_URL": "https://mcp.example.com",
    "DATABASE_URL": "postgres://snmcp@db.example.com/snmcp",
    "REDIS_URL": "redis://redis.example.com:6379/0",
    "SERVICENOW_INSTANCE_URL": "https://example.service-now.com",
    "SERVICENOW_CLIENT_ID": "0123456789abcdef0123456789abcdef",
    "SERVICENOW_CLIENT_SECRET": "not-a-real-secret",
}
OFFLINE = {**DEPLOYED, "DATABASE_URL": "sqlite://:memory:"}


def main() -> int:
    """Run every check, print which failed, return 0 only if none did."""
    failed = [name for name, passed in _checks() if not passed]
    print("\nFAILED: " + ", ".join(failed) if failed else "\nAll checks passed")
    return 1 if failed else 0


def _checks() -> list[tuple[str, bool]]:
    templates = _tracked("*.html")
    sources = _tracked("*.py")
    return [
        ("format", _run("ruff", "format", "--check", ".")),
        ("lint", _run("ruff", "check", ".")),
        ("file size", _short_enough(sources)),
        ("types", _run("mypy")),
        ("architecture", _run("lint-imports", "--no-logo")),
        ("templates", _run("djade", "--target-version", "5.2", "--check", *templates)),
        ("Django idioms", _run("django-upgrade", "--target-version", "5.2", "--check", *sources)),
        ("deployment", _manage("check", "--deploy", "--fail-level", "WARNING", **DEPLOYED)),
        ("migrations", _manage("makemigrations", "--check", "--dry-run", **OFFLINE)),
        ("snapshots", _run("python", "-m", "tests.inventory.snapshots", "--check")),
    ]


def _short_enough(sources: list[str], *, most_lines: int = 400) -> bool:
    long = [name for name in sources if _lines(name) > most_lines]
    for name in long:
        print(f"{name} has more than {most_lines} lines")
    return not long


def _lines(name: str) -> int:
    return len((ROOT / name).read_text(encoding="utf-8").splitlines())


def _tracked(pattern: str) -> list[str]:
    listed = subprocess.run(
        ["git", "ls-files", "--", pattern], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout.splitlines()
    return [name for name in listed if "/migrations/" not in name and (ROOT / name).exists()]


def _manage(*arguments: str, **environment: str) -> bool:
    return _run("python", "manage.py", *arguments, **environment)


def _run(program: str, *arguments: str, **environment: str) -> bool:
    print(f"\n--- {program} {' '.join(arguments[:4])}", flush=True)
    command = [str(PROGRAMS / program), *arguments]
    return not subprocess.run(
        command, cwd=ROOT, env={**os.environ, **environment}, check=False
    ).returncode


if __name__ == "__main__":
    sys.exit(main())
