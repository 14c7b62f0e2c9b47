"""The audit log as lines for other programs."""

import csv
import io
import json
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from audit_app import services
from audit_app.export import COLUMNS, as_json_line, exported
from audit_app.models import ToolCall
from audit_app.rows import intent_row
from tests.audit_app.calls import a_closing, an_opening

pytestmark = pytest.mark.usefixtures("db")


def _exported(capsys: pytest.CaptureFixture[str], *options: str) -> list[dict[str, object]]:
    call_command("export_audit", *options)
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_each_call_is_a_line_with_its_last_outcome(capsys: pytest.CaptureFixture[str]):
    ref = services.open_record(an_opening())
    services.close_record(ref, closing=a_closing(outcome="in_doubt"))
    services.close_record(ref, closing=a_closing())
    services.open_record(an_opening())
    ended, running = _exported(capsys)
    assert list(ended) == list(COLUMNS)
    assert (ended["reference_id"], ended["outcome"]) == (ref.reference_id, "succeeded")
    assert (ended["record_number"], running["outcome"]) == ("INC0010001", None)
    assert ended["arguments"] == {"incident": "INC0010001", "state": "In Progress"}


def test_a_page_is_read_only_when_it_is_wanted():
    ToolCall.objects.bulk_create(intent_row(an_opening()) for _ in range(1_001))
    lines = exported(ToolCall.objects.all(), write_row=as_json_line)
    with CaptureQueriesContext(connection) as asked:
        next(lines)
    assert len(asked) == 2, "a thousand calls and their outcomes"
    assert len(list(lines)) == 1_000


def test_calls_are_chosen_by_person_tool_and_time(capsys: pytest.CaptureFixture[str]):
    services.open_record(an_opening())
    services.open_record(an_opening(user_name="beth.anglin", tool="get_incident"))
    now = timezone.now()
    hour = timedelta(hours=1)
    for options, expected in {
        ("--person", "beth.anglin"): 1,
        ("--tool", "update_incident"): 1,
        ("--person", "charlie"): 0,
        ("--since", (now - hour).isoformat(), "--until", (now + hour).isoformat()): 2,
        ("--since", (now + hour).isoformat()): 0,
        ("--until", (now - hour).replace(tzinfo=None).isoformat()): 0,
    }.items():
        assert len(_exported(capsys, *options)) == expected, options
    with pytest.raises(CommandError, match="is no time such as"):
        call_command("export_audit", "--since", "yesterday")


@pytest.mark.parametrize("begins", ["=", "+", "-", "@"])
def test_no_cell_of_a_csv_is_a_formula(begins: str, capsys: pytest.CaptureFixture[str]):
    hostile = f'{begins}HYPERLINK("http://evil.example","x"),"\n'
    ref = services.open_record(an_opening(client_name=hostile))
    services.close_record(ref, closing=a_closing())
    call_command("export_audit", "--format", "csv")
    [row] = csv.DictReader(io.StringIO(capsys.readouterr().out))
    assert row["client_name"].startswith(f"'{begins}HYPERLINK")
    assert (row["duration_ms"], row["code"]) == ("84", "")


def test_a_file_is_made_for_its_owner_alone_and_never_written_over(tmp_path: Path):
    services.open_record(an_opening())
    file = tmp_path / "audit.csv"
    call_command("export_audit", "--format", "csv", "--output", str(file))
    assert len(file.read_text().splitlines()) == 2
    assert file.stat().st_mode & 0o777 == 0o600
    with pytest.raises(FileExistsError):
        call_command("export_audit", "--output", str(file))
