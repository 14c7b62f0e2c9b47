"""`python -m simulator`: a simulated instance over HTTP, or HTTPS with `--tls`."""

import argparse
import gc
import socket
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import uvicorn

from simulator.app import create_app
from simulator.areas.organisation.people import INTRODUCED, PASSWORD
from simulator.clock import wall_clock
from simulator.console.parts import ADDRESS as CONSOLE
from simulator.listening import listen
from simulator.oauth.clients import (
    DEMO_CLIENT_SECRET,
    DEMO_PUBLIC_CLIENT_ID,
    DEMO_REDIRECT_URI,
    OAuthClient,
)
from simulator.options import options
from simulator.seed.planting import Volume
from simulator.tls import TlsFiles, tls_files

GRACE_SECONDS = 2


def announcement(
    given: argparse.Namespace, *, port: int, certificate: TlsFiles | None = None
) -> str:
    """What is printed at the start."""
    trust = f"\nClients must trust {certificate.authority}" if certificate else ""
    host = f"[{given.host}]" if ":" in given.host else given.host
    address = f"{'https' if certificate else 'http'}://{host}:{port}"
    known = given.client_secret == DEMO_CLIENT_SECRET
    secret = f" with the secret {DEMO_CLIENT_SECRET}" if known else ""
    people = "\n".join(f"  {user_name:<22} {note}" for user_name, note in INTRODUCED)
    return (
        f"Simulated ServiceNow instance: {address}{trust}\n"
        f"Console: {address}{CONSOLE}\n"
        f"{people}\n"
        f"  password of everybody: {PASSWORD}\n"
        f"OAuth client {given.client_id}{secret}, public client {DEMO_PUBLIC_CLIENT_ID}\n"
        f"Data: {given.state or 'in memory'}. Ctrl-C ends it."
    )


@contextmanager
def certificate_for(given: argparse.Namespace) -> Iterator[TlsFiles | None]:
    """The certificate, in a directory that goes with the process where none is given; or None."""
    if not given.tls:
        yield None
        return
    names = (given.host, *(given.tls_name or ()))
    with TemporaryDirectory(prefix="simulator-tls-") as passing:
        directory = Path(given.tls_directory or passing).resolve()
        yield tls_files(directory, names=names, now=wall_clock())


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until the process is told to end; 1 if the port is in use."""
    given = options(arguments)
    try:
        listening = listen(given.host, port=given.port)
    except OSError as failure:
        return _failed(
            f"Cannot listen on {given.host}:{given.port}: {failure.strerror}."
            " Choose another port with --port."
        )
    with ExitStack() as stack:
        stack.enter_context(listening)
        try:
            certificate = stack.enter_context(certificate_for(given))
        except (OSError, ValueError) as failure:
            return _failed(f"Cannot make a certificate: {failure}")
        _serve(given, listening, certificate)
    return 0


def _serve(
    given: argparse.Namespace, listening: socket.socket, certificate: TlsFiles | None
) -> None:
    if given.records:
        sys.stdout.write(f"Making up {given.records:,} incidents; a million take three minutes.\n")
        sys.stdout.flush()
    app = create_app(
        state_path=given.state,
        seed=not given.empty,
        volume=Volume(records=given.records, seed=given.seed) if given.records else None,
        admin_token=given.admin_token,
        client=OAuthClient(
            client_id=given.client_id,
            client_secret=given.client_secret,
            redirect_urls=tuple(given.redirect_uri or [DEMO_REDIRECT_URI]),
            public=not given.client_secret,
            access_token_lifespan=given.access_token_lifespan,
            refresh_token_lifespan=given.refresh_token_lifespan,
        ),
    )
    # What there is now stays: to look through it for garbage would keep requests waiting.
    gc.collect()
    gc.freeze()
    port = listening.getsockname()[1]
    sys.stdout.write(announcement(given, port=port, certificate=certificate) + "\n")
    sys.stdout.flush()
    config = uvicorn.Config(
        app,
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
        ssl_certfile=certificate.chain if certificate else None,
        ssl_keyfile=certificate.private_key if certificate else None,
    )
    # uvicorn shuts down on Ctrl-C and then passes the signal on.
    with suppress(KeyboardInterrupt):
        uvicorn.Server(config).run(sockets=[listening])


def _failed(sentence: str) -> int:
    sys.stderr.write(f"{sentence}\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
