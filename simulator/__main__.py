"""`python -m simulator`: a simulated instance over HTTP, or HTTPS with `--tls`."""

import argparse
import ipaddress
import os
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
from simulator.oauth.clients import (
    ACCESS_TOKEN_LIFESPAN,
    DEMO_CLIENT_ID,
    DEMO_CLIENT_SECRET,
    DEMO_PUBLIC_CLIENT_ID,
    DEMO_REDIRECT_URI,
    REFRESH_TOKEN_LIFESPAN,
    OAuthClient,
)
from simulator.seed.planting import Volume
from simulator.tls import TlsFiles, tls_files

ADMIN_TOKEN_VARIABLE = "SIMULATOR_ADMIN_TOKEN"  # noqa: S105  # the name of a variable
GRACE_SECONDS = 2


def options(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """The command line, understood. Ends the process with a sentence where it cannot be."""
    parser = argparse.ArgumentParser(
        prog="python -m simulator", description="A simulated ServiceNow instance with demo data."
    )
    parser.add_argument("--port", type=int, default=8090, help="0 takes any free port")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument("--state", metavar="FILE", help="SQLite file to keep everything in")
    parser.add_argument("--empty", action="store_true", help="plant no demo data")
    parser.add_argument(
        "--records", type=int, metavar="N", help="make up incidents until there are N"
    )
    parser.add_argument("--seed", type=int, default=1, help="other made-up incidents (default: 1)")
    parser.add_argument("--client-id", default=DEMO_CLIENT_ID)
    parser.add_argument("--client-secret", default=DEMO_CLIENT_SECRET)
    parser.add_argument("--redirect-uri", action="append", metavar="URL", help="may be repeated")
    parser.add_argument("--access-token-lifespan", type=int, default=ACCESS_TOKEN_LIFESPAN)
    parser.add_argument("--refresh-token-lifespan", type=int, default=REFRESH_TOKEN_LIFESPAN)
    parser.add_argument(
        "--admin-token",
        default=os.environ.get(ADMIN_TOKEN_VARIABLE),
        help=f"what the admin API asks for; also from {ADMIN_TOKEN_VARIABLE}",
    )
    _add_tls(parser)
    given = parser.parse_args(arguments)
    if (given.tls_directory or given.tls_name) and not given.tls:
        parser.error("--tls-directory and --tls-name need --tls")
    if given.records is not None and (given.empty or given.records < 1):
        parser.error("--records needs a positive number, and the demo data: not --empty")
    if not is_loopback(given.host) and not given.admin_token:
        parser.error(f"{given.host} can be reached from outside: its admin API needs --admin-token")
    return given


def _add_tls(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--tls", action="store_true", help="serve HTTPS with a certificate made on this machine"
    )
    parser.add_argument(
        "--tls-directory",
        metavar="DIRECTORY",
        help="where the certificate is kept for the next start; else it lasts as long as this one",
    )
    parser.add_argument(
        "--tls-name",
        action="append",
        metavar="NAME",
        help="another host name the certificate is for, such as dev12345.service-now.com",
    )


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach an address."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def listen(host: str, *, port: int) -> socket.socket:
    """A listening socket. Raises OSError if the port is in use."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # asyncio turns Nagle's algorithm off only where the protocol is named: else 40 ms an answer.
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen(2048)
    except OSError:
        listening.close()
        raise
    return listening


def announcement(
    given: argparse.Namespace, *, port: int, certificate: TlsFiles | None = None
) -> str:
    """What is printed at the start."""
    scheme = "https" if certificate else "http"
    trust = f"\nClients must trust {certificate.authority}" if certificate else ""
    host = f"[{given.host}]" if ":" in given.host else given.host
    people = "\n".join(f"  {user_name:<22} {note}" for user_name, note in INTRODUCED)
    return (
        f"Simulated ServiceNow instance: {scheme}://{host}:{port}{trust}\n"
        f"{people}\n"
        f"  password of everybody: {PASSWORD}\n"
        f"OAuth client {given.client_id}, public client {DEMO_PUBLIC_CLIENT_ID}\n"
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
        sys.stdout.write(f"Making up {given.records:,} incidents; a million take two minutes.\n")
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
