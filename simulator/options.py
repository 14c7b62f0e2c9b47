"""The command line of `python -m simulator`."""

import argparse
import os
from collections.abc import Sequence

from simulator.listening import is_loopback
from simulator.oauth.clients import (
    ACCESS_TOKEN_LIFESPAN,
    DEMO_CLIENT_ID,
    DEMO_CLIENT_SECRET,
    REFRESH_TOKEN_LIFESPAN,
)

ADMIN_TOKEN_VARIABLE = "SIMULATOR_ADMIN_TOKEN"  # noqa: S105  # the name of a variable


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
