"""How fast the simulator is: `python -m benchmarks.simulator [--records N] [--seconds S]`.

Prints Markdown. Everything goes over real HTTP to one process; the load comes from another one.
"""

import argparse
import os
import platform
import sqlite3
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from functools import partial

from benchmarks.load import Measured
from benchmarks.server import RunningSimulator
from benchmarks.shapes import page_of, shapes

REPETITIONS = 3
PAGE_QUERY = "active=true^ORDERBYDESCopened_at"
_NEW = '{"short_description":"Made by a benchmark","caller_id":"62826bf03710200044e0bfc8bcbe5df1"}'


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print."""
    given = _options(arguments)
    write(f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {_machine()}, load average {_busy()}.")
    with RunningSimulator() as server:
        report_pages(server, seconds=given.seconds, title="The demo's 240 incidents")
    options = ["--records", str(given.records), *(["--state", given.state] if given.state else [])]
    with RunningSimulator(options) as server:
        report_size(server, records=given.records)
        report_pages(server, seconds=given.seconds, title=f"{given.records:,} incidents")
        report_shapes(server, seconds=given.seconds)
        report_writes(server, seconds=given.seconds)
        report_patience(server, seconds=given.seconds)
        write(
            f"\nMemory at the end: {server.resident_mb:,.0f} MiB, most {server.peak_mb:,.0f} MiB."
        )
    write(f"\nLoad average at the end {_busy()}.")
    return 0


def report_size(server: RunningSimulator, *, records: int) -> None:
    """What it takes to have so many records."""
    write(f"\n### {records:,} incidents\n")
    rows = [
        ("made and ready after", f"{server.started_in:,.1f} s"),
        ("memory (RSS) when ready", f"{server.resident_mb:,.0f} MiB"),
        ("most memory while they were made", f"{server.peak_mb:,.0f} MiB"),
    ]
    table(("", ""), rows)


def report_pages(server: RunningSimulator, *, seconds: float, title: str) -> None:
    """Requests a second for a page of 10 records of 15 fields."""
    write(f"\n### Pages of 10 records of 15 fields: {title}\n")
    token, rows = server.token(), []
    for display in ("false", "all"):
        request = page_of(PAGE_QUERY, display=display)
        for connections in (1, 8, 32):
            before = server.cpu_seconds
            load = partial(
                server.under, [request], token=token, connections=connections, seconds=seconds
            )
            found = repeated(load)
            used = (server.cpu_seconds - before) / REPETITIONS
            rows.append((display, str(connections), *_figures(found), f"{_per(used, found):.2f}"))
    table(("display_value", "connections", *_FIGURES, "CPU ms each"), rows)


def report_shapes(server: RunningSimulator, *, seconds: float) -> None:
    """Latencies of each kind of list, with its `X-Total-Count`, one request at a time."""
    write("\n### Kinds of list, one request at a time, with `X-Total-Count`\n")
    token, rows = server.token(), []
    for shape in shapes(server, token=token):
        first = once(server, shape.request, token=token)
        load = partial(server.under, [shape.request], token=token, seconds=seconds / 3)
        found = repeated(load)
        rows.append((shape.name, f"{first.p50:.1f}", f"{found.p50:.1f}", f"{found.p99:.1f}"))
    table(("list", "first ms", "p50 ms", "p99 ms"), rows)


def once(server: RunningSimulator, request: str, *, token: str) -> Measured:
    """One request alone: what it matches has not been counted since the last write."""
    server.under([f"PATCH {_one(server, token)}"], token=token, seconds=0, body=_touch())
    return server.under([request], token=token, seconds=0, warm_up=0)


def report_writes(server: RunningSimulator, *, seconds: float) -> None:
    """Writes a second, through ACLs and business rules, and pages while they go on."""
    write("\n### Writes\n")
    token, rows = server.token(), []
    for name, request, body in (
        ("POST an incident", "POST /api/now/table/incident", _NEW),
        ("PATCH one", f"PATCH {_one(server, token)}", '{"urgency":"2","comments":"Again"}'),
    ):
        for connections in (1, 8):
            load = partial(
                server.under,
                [request],
                token=token,
                connections=connections,
                seconds=seconds,
                body=body,
            )
            found = repeated(load)
            rows.append((name, str(connections), *_figures(found)))
    table(("write", "connections", *_FIGURES), rows)


def report_patience(server: RunningSimulator, *, seconds: float) -> None:
    """How long small requests take while somebody has every row looked at."""
    write("\n### Small requests while every row is looked at by somebody else\n")
    token, stop, scans = server.token(), threading.Event(), [0]

    def scan() -> None:
        while not stop.is_set():
            scans[0] += 1
            query = f"descriptionNOT LIKEno such text {scans[0]}^ORDERBYdescription"
            server.get(page_of(query).removeprefix("GET "), token=token)

    small = [page_of("number=INC0010001")]
    alone = server.under(small, token=token, seconds=seconds)
    other = threading.Thread(target=scan)
    other.start()
    beside = server.under(small, token=token, seconds=seconds)
    stop.set()
    other.join()
    table(
        ("", *_FIGURES, "slowest ms"),
        [
            ("alone", *_figures(alone), f"{alone.slowest:.0f}"),
            (f"beside {scans[0]} scans", *_figures(beside), f"{beside.slowest:.0f}"),
        ],
    )


def repeated(measure: Callable[[], Measured]) -> Measured:
    """The median repetition, by its p50."""
    found = sorted((measure() for _ in range(REPETITIONS)), key=lambda one: one.p50)
    middle = found[len(found) // 2]
    if any(one.refused for one in found):
        raise RuntimeError(f"{middle.refused} of {middle.answers} answers were refusals")
    return middle


_FIGURES = ("a second", "p50 ms", "p99 ms")


def _figures(found: Measured) -> tuple[str, ...]:
    return (f"{found.per_second:,.0f}", f"{found.p50:.2f}", f"{found.p99:.2f}")


def _per(seconds: float, found: Measured) -> float:
    # The warm-up of half a second is in the processor's time, too.
    return 1000 * seconds / (found.answers + found.per_second / 2)


def _one(server: RunningSimulator, token: str) -> str:
    found = server.get(
        "/api/now/table/incident?sysparm_query=active=true&sysparm_limit=1&sysparm_fields=sys_id",
        token=token,
    )
    return f"/api/now/table/incident/{found['result'][0]['sys_id']}"


def _touch() -> str:
    return f'{{"user_input":"{time.monotonic_ns()}"}}'


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> None:
    """Print a Markdown table."""
    for row in _lines(tuple(head), rows):
        write(row)


def _lines(head: tuple[str, ...], rows: Iterable[Iterable[str]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"|{'---|' * len(head)}"
    for row in rows:
        yield f"| {' | '.join(row)} |"


def write(line: str) -> None:
    """Print a line at once: measuring takes minutes."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _machine() -> str:
    return (
        f"{os.cpu_count()} cores, Python {platform.python_version()},"
        f" SQLite {sqlite3.sqlite_version}"
    )


def _busy() -> str:
    return f"{os.getloadavg()[0]:.1f}"


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.simulator", description=__doc__)
    parser.add_argument("--records", type=int, default=100_000, help="how many incidents")
    parser.add_argument("--state", metavar="FILE", help="make them there, or measure those there")
    parser.add_argument("--seconds", type=float, default=3.0, help="of each measurement")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
