"""`manage.py verify_audit`, as an auditor runs it."""

from pathlib import Path

import pytest
from django.core.checks import run_checks
from django.core.management import call_command
from pytest_django import Settings

from audit_app import signing
from audit_app.exceptions import UnfitSigningKey
from oauth_app.encryption import generated_key
from tests.audit_app.tampering import sealed_log, tampered

Captured = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def _log(db: None, checkpoints: Path) -> None:
    sealed_log()


def test_a_clean_log_ends_with_0_and_says_how_much_was_read(capsys: Captured):
    call_command("verify_audit")
    told = capsys.readouterr()
    assert "24 rows in 3 seals, 3 checkpoints" in told.out
    assert told.out.endswith("Nothing was changed, removed, added or moved.\n")
    assert told.err == ""


def test_tampering_ends_with_1_and_names_row_seal_and_time(capsys: Captured):
    tampered("UPDATE audit_app_toolcall SET tool = 'get_incident' WHERE id = 6")
    with pytest.raises(SystemExit) as ended:
        call_command("verify_audit")
    told = capsys.readouterr().out
    assert ended.value.code == 1
    assert "CHANGED calls row 6 (seal 2): 20" in told
    assert told.endswith("TAMPERED WITH: 1 changed.\n")


def test_more_than_can_be_told_is_counted(capsys: Captured):
    sealed_log(seals=1, calls=1_100)
    tampered("UPDATE audit_app_toolcall SET tool = 'x'")
    with pytest.raises(SystemExit):
        call_command("verify_audit")
    assert "… and 112 more." in capsys.readouterr().out


def test_missing_checkpoints_end_with_2(tmp_path: Path, capsys: Captured):
    with pytest.raises(SystemExit) as ended:
        call_command("verify_audit", checkpoints=tmp_path / "none")
    assert ended.value.code == 2
    assert "NOT PROVED: There is no file of checkpoints" in capsys.readouterr().out


def test_an_auditor_verifies_with_the_public_keys_alone(settings: Settings, capsys: Captured):
    call_command("verify_audit", "--print-public-key")
    before = capsys.readouterr().out.strip()
    settings.AUDIT_SIGNING_KEY = generated_key()
    sealed_log(seals=1)
    now = signing.public_key()
    settings.AUDIT_SIGNING_KEY = generated_key()
    call_command("verify_audit", "--public-key", before, "--public-key", now)
    with pytest.raises(SystemExit):
        call_command("verify_audit", "--public-key", before)


def test_a_bar_shows_how_far_it_is_on_a_terminal(capsys: Captured, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    call_command("verify_audit")
    assert "100% 24 rows\n" in capsys.readouterr().err


def test_a_key_that_is_none_is_told_by_a_check(settings: Settings):
    settings.AUDIT_SIGNING_KEY, settings.AUDIT_RETENTION_DAYS = "too short", -1
    ids = {each.id for each in run_checks()}
    assert {"audit_app.E004", "audit_app.E005"} <= ids
    settings.AUDIT_SIGNING_KEY = "dG9vIHNob3J0"
    with pytest.raises(UnfitSigningKey):
        signing.public_key()
    assert not signing.is_signed("x", signature="x", by="not a key")
    settings.AUDIT_SIGNING_KEY, settings.AUDIT_RETENTION_DAYS = generated_key(), 0
    assert not {"audit_app.E004", "audit_app.E005"} & {each.id for each in run_checks()}
