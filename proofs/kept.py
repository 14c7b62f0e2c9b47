"""What was proved last, number by number, and the page that shows it (`docs/proof.md`)."""

import json
import os
import platform
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from itertools import groupby
from typing import Final

import psutil

from proofs.running import ROOT, Ran

KEPT: Final = ROOT / "proofs" / "proved.jsonl"
PAGE: Final = ROOT / "docs" / "proof.md"
_GOALS: Final = {
    "G1": "A crash during a call",
    "G2": "The audit log's database is gone, hangs, is full or read-only",
    "G3": "Replies that get lost, calls that are tried again",
    "G4": "Tampering with the audit log",
    "G5": "Everybody needs the same new token at once",
    "G6": "A crash between a refresh and storing what it gave",
    "G7": "ServiceNow answers a refresh with every kind of failure",
    "G8": "Refreshing ahead of time",
    "G9": "Many people at once, with equal request ids",
    "G15": "Reconnect tokens",
    "G16": "Claiming to be somebody else",
    "G18": "Secrets at rest",
    "G19": "Changing the encryption key",
    "G20": "An MCP client that sends a refresh twice",
    "G24": "Limits",
    "G25": "Redis loses everything",
    "G26": "Restarts and switches under load",
    "G27": "What an operator sees",
    "G29": "Clocks that jump",
    "G30": "A backup restored",
}
_HEAD: Final = """\
# What was proved

`make prove` breaks things on real processes (PostgreSQL, Redis, web workers, Celery, a simulated
ServiceNow; `any_order` and `identities` run in one process), holds each number against its promise,
and writes this page; nobody edits it.
`make prove ARGS=key_rotation` runs one proof and leaves the others' numbers as they are; each is a
file in `proofs/`. All of them run one after the other, beside nothing else, on the machine named.
`python -m proofs.breaking` breaks the product on purpose, for each proof in at least one way, and
sees that the proof notices.
"""


@dataclass(frozen=True)
class Number:
    """One number of one proof, with the machine and the day it comes from."""

    proof: str
    goal: str
    what: str
    promised: str
    reached: str
    holds: bool
    seconds: float
    machine: str
    date: str


def keep(ran: Ran) -> None:
    """Put the numbers of a proof in the place of its earlier ones, and write the page anew."""
    machine, date = this_machine(), datetime.now(UTC).date().isoformat()
    new = [
        Number(ran.name, **asdict(each), seconds=round(ran.seconds), machine=machine, date=date)
        for each in ran.measured
    ]
    numbers = sorted(
        [*(each for each in kept() if each.proof != ran.name), *new],
        key=lambda each: (_place(each.goal), each.proof),
    )
    lines = (json.dumps(asdict(each), ensure_ascii=False) for each in numbers)
    KEPT.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    PAGE.write_text(page(numbers), encoding="utf-8")


def kept() -> list[Number]:
    """The numbers of every proof, as it ran last in full."""
    if not KEPT.exists():
        return []
    return [Number(**json.loads(line)) for line in KEPT.read_text(encoding="utf-8").splitlines()]


def seconds_expected(name: str) -> int:
    """How long a proof took last time, else a minute."""
    return max((round(each.seconds) for each in kept() if each.proof == name), default=60) or 1


def page(numbers: Iterable[Number]) -> str:
    """The whole page, one table for each goal."""
    every = list(numbers)
    took = {each.proof: each.seconds for each in every}
    total = f"\nTogether they took {sum(took.values()) / 60:.0f} minutes.\n"
    tables = (
        _section(goal, list(of_goal))
        for goal, of_goal in groupby(every, key=lambda each: each.goal)
    )
    return _HEAD + total + "".join(tables)


def this_machine() -> str:
    """What the numbers depend on."""
    gigabytes = round(psutil.virtual_memory().total / 2**30)
    cores = os.cpu_count()
    return (
        f"{platform.system()} {platform.machine()}, {cores} cores, {gigabytes} GB,"
        f" Python {platform.python_version()}"
    )


def _section(goal: str, numbers: list[Number]) -> str:
    title = f"{goal}: {_GOALS[goal]}" if goal in _GOALS else goal or "Proofs that did not run"
    proofs = ", ".join(f"`{name}`" for name in dict.fromkeys(each.proof for each in numbers))
    rows = "".join(
        f"| {_cell(each.what)} | {_cell(each.promised)} | {_cell(each.reached)}"
        f" | {'yes' if each.holds else '**no**'} | {_cell(each.machine)} | {each.date} |\n"
        for each in numbers
    )
    return (
        f"\n## {title}\n\nBy {proofs}.\n\n"
        "| what | promised | reached | holds | machine | date |\n|---|---|---|---|---|---|\n" + rows
    )


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def _place(goal: str) -> int:
    digits = goal.removeprefix("G")
    return int(digits) if digits.isdecimal() else 10_000
