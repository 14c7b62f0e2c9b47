"""Secrets at rest: a ciphertext that was moved never decrypts, and no nonce comes twice.

Works on a SQLite file of its own. `python -m proofs.envelopes` runs it alone, in full.
"""

import os
import secrets
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from oauth_app.encryption import Binding, Keyset, generated_key
from proofs.alone import print_measured
from proofs.measured import Measured, Scale
from snmcp_project.demo.site import PROJECT

_PROGRESS_EVERY: Final = 250_000


def prove(scale: Scale) -> Iterable[Measured]:
    """Swap ciphertexts between rows, people, instances and fields, and count nonces."""
    yield from _swaps(scale.pick(full=1_000, short=200))
    yield _nonces(scale.pick(full=1_000_000, short=50_000))


def _swaps(number: int) -> Iterator[Measured]:
    with tempfile.TemporaryDirectory(prefix="snmcp-proof-") as folder:
        command = [sys.executable, "-m", "proofs.inside", "proofs.swaps", str(number)]
        environment = os.environ | {
            "ENV_FILE": "",
            "DJANGO_SETTINGS_MODULE": "snmcp_project.settings",
            "SECRET_KEY": secrets.token_urlsafe(48),
            "TOKEN_ENCRYPTION_KEY": f"only:{generated_key()}",
            "DATABASE_URL": f"sqlite:///{Path(folder) / 'swaps.sqlite3'}",
            "SERVICENOW_INSTANCE_URL": "",
            "LOG_LEVEL": "WARNING",
        }
        ran = subprocess.run(
            command, cwd=PROJECT, env=environment, stdout=subprocess.PIPE, text=True, check=True
        )
    swapped, decrypted, read_in_place = map(int, ran.stdout.split())
    yield Measured(
        goal="G18",
        what="secrets that decrypt after they were moved to another row, field, person or instance",
        promised=f"0 of {number:,}",
        reached=f"{decrypted:,} of {swapped:,}",
        holds=decrypted == 0 and swapped == number,
    )
    yield Measured(
        goal="G18",
        what="the same secrets, put back in their place, that read as before",
        promised=f"{number:,} of {number:,}",
        reached=f"{read_in_place:,} of {swapped:,}",
        holds=read_in_place == swapped,
    )


def _nonces(number: int) -> Measured:
    keys = Keyset.parsed(generated_key())
    here = Binding(instance="1", user="2", row="3", field="connection.access_token")
    seen: set[bytes] = set()
    for count in range(1, number + 1):
        seen.add(keys.encrypt("a token", binding=here).split("|")[2].encode())
        if count % _PROGRESS_EVERY == 0:
            print(f"  {count:,} of {number:,} nonces", flush=True)  # progress
    repeated = number - len(seen)
    return Measured(
        goal="G18",
        what=f"nonces that came twice in {number:,} encryptions of the same text",
        promised="0",
        reached=f"{repeated:,}",
        holds=repeated == 0,
    )


if __name__ == "__main__":
    print_measured(prove)
