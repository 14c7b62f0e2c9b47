"""`manage.py export_audit`: the audit log as JSONL or CSV."""

from argparse import ArgumentTypeError
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from audit_app.export import (
    COLUMNS,
    as_csv_line,
    as_json_line,
    calls_to_export,
    csv_line,
    exported,
)


class Command(BaseCommand):
    """Writes one line for each call, however many there are, to standard output or a file."""

    help = "Write tool calls with their outcomes as JSON lines or CSV."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take which calls, in which form, to where."""
        parser.add_argument("--format", choices=["jsonl", "csv"], default="jsonl")
        parser.add_argument(
            "--since", type=_moment, help="from this time on, UTC: 2026-11-20T08:00"
        )
        parser.add_argument("--until", type=_moment, help="up to this time, which is not included")
        parser.add_argument("--person", default="", help="a user name")
        parser.add_argument("--tool", default="", help="the name of a tool")
        parser.add_argument(
            "--output", type=Path, help="a file to make, only for its owner to read"
        )

    def handle(self, **chosen: Any) -> None:  # noqa: ANN401  # Django's signature
        """Write them; an existing file is never written over."""
        filters = {name: chosen[name] for name in ("since", "until", "person", "tool")}
        write_row = as_csv_line if chosen["format"] == "csv" else as_json_line
        with ExitStack() as opened:
            out = self.stdout.write
            if chosen["output"]:
                chosen["output"].touch(mode=0o600, exist_ok=False)
                file = chosen["output"].open("w", encoding="utf-8", newline="")
                out = opened.enter_context(file).write
            if chosen["format"] == "csv":
                out(csv_line(list(COLUMNS)))
            for line in exported(calls_to_export(**filters), write_row=write_row):
                out(line)


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as fault:
        raise ArgumentTypeError(f"{text!r} is no time such as 2026-11-20T08:00") from fault
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
