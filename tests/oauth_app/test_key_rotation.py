"""Rotation puts every secret under the first key, beside whoever else is writing."""

from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.core.management.base import OutputWrapper
from django.db import connection as database
from django.db import models
from django.test.utils import isolate_apps

from oauth_app.encrypted_columns import EncryptedColumn, encrypted_columns
from oauth_app.encryption import Envelope
from oauth_app.fields import EncryptedTextField, sealed
from oauth_app.key_proof import prove_keys
from oauth_app.key_rotation import Batch, rotate, standing
from oauth_app.models import AuthorizationRequest, Connection, Instance, KeyCanary
from oauth_app.progress import Progress
from tests.oauth_app.sealed_rows import BOTH, NEW, OLD, WRONG, make_instance, make_person


@pytest.fixture
def people(db: None) -> list[Connection]:
    instance = make_instance()
    AuthorizationRequest.objects.create(
        instance=instance, state_hash="s", browser_hash="b", code_verifier="the verifier"
    )
    return [make_person(name, instance=instance) for name in ("abel", "beth", "charlie")]


def said_by(*arguments: str) -> str:
    out = StringIO()
    call_command("rotate_keys", *arguments, stdout=out, stderr=out)
    return out.getvalue()


def column(name: str) -> EncryptedColumn:
    return next(each for each in encrypted_columns() if str(each) == name)


def test_every_encrypted_field_of_every_model_is_found() -> None:
    assert {str(each) for each in encrypted_columns()} == {
        "oauth_app.AuthorizationRequest.code_verifier",
        "oauth_app.Connection.access_token",
        "oauth_app.Connection.refresh_token",
        "oauth_app.Instance.client_secret",
    }


def test_all_secrets_stand_under_the_new_key_and_read_as_before(
    people: list[Connection], settings: Any
) -> None:
    prove_keys()
    settings.TOKEN_ENCRYPTION_KEY = BOTH
    with pytest.raises(CommandError, match="8 secrets do not stand under the first key, 'k2'"):
        said_by("--check")
    said = said_by("--batch", "2")
    assert "8 secrets were put under the key 'k2'" in said
    assert "The key 'k1' is no longer needed" in said
    settings.TOKEN_ENCRYPTION_KEY = NEW
    prove_keys()
    for person in Connection.objects.all():
        assert person.access_token == f"access token of {person.user_name}"
        assert person.refresh_token == f"refresh token of {person.user_name}"
    assert Instance.objects.get().client_secret == "the client secret"
    assert AuthorizationRequest.objects.get().code_verifier == "the verifier"
    assert "oauth_app.Instance.client_secret: 1 under k2" in said_by("--check")
    assert set(KeyCanary.objects.values_list("key_id", flat=True)) == {"k1", "k2"}
    said_by()
    assert set(KeyCanary.objects.values_list("key_id", flat=True)) == {"k2"}


def test_a_token_that_was_stored_meanwhile_is_never_overwritten(
    people: list[Connection], settings: Any
) -> None:
    settings.TOKEN_ENCRYPTION_KEY = BOTH
    row = Connection.objects.get(user_name="abel")
    stale = sealed(row, "access_token", row.access_token)
    Connection.objects.filter(pk=row.pk).update(
        access_token=sealed(row, "access_token", "a newer token")
    )
    assert column("oauth_app.Connection.access_token").put(row, stale) is False
    assert Connection.objects.get(pk=row.pk).access_token == "a newer token"


def test_what_was_interrupted_is_continued(people: list[Connection], settings: Any) -> None:
    settings.TOKEN_ENCRYPTION_KEY = BOTH
    begun = rotate(batch=1)
    for _ in range(3):
        next(begun)
    begun.close()
    assert standing().per_key == {"k1": 5, "k2": 3}
    assert sum(each.rotated for each in rotate()) == 5
    assert standing().to_rotate == 0


@pytest.mark.parametrize("rounds", [1, 2])
def test_what_was_written_under_the_old_key_meanwhile_is_rotated_in_the_next_round(
    people: list[Connection], settings: Any, rounds: int
) -> None:
    settings.TOKEN_ENCRYPTION_KEY = BOTH
    row = people[0]
    steps = rotate(batch=1, pause_seconds=0, rounds=rounds)
    done = list(_until_access_token_of(row, steps))
    settings.TOKEN_ENCRYPTION_KEY = f"{OLD},{NEW}"  # a server that was not restarted yet
    late = sealed(row, "access_token", "written late")
    settings.TOKEN_ENCRYPTION_KEY = BOTH
    Connection.objects.filter(pk=row.pk).update(access_token=late)
    if rounds == 1:
        assert len(list(steps)) > 0
        assert standing().per_key == {"k1": 1, "k2": 7}
        return
    done += steps
    assert standing().to_rotate == 0
    assert sum(each.rotated for each in done) == 9
    assert Connection.objects.get(pk=row.pk).access_token == "written late"


def _until_access_token_of(row: Connection, steps: Iterator[Batch]) -> Iterator[Batch]:
    for step in steps:
        yield step
        if Connection.objects.filter(pk=row.pk, access_token__startswith=Envelope("1|k2|")):
            return


def test_what_no_key_decrypts_stays_as_it_is_and_is_named(
    people: list[Connection], settings: Any
) -> None:
    prove_keys()
    swapped = Connection.objects.values_list("refresh_token", flat=True).get(user_name="beth")
    Connection.objects.update(access_token=swapped)
    for number in range(4):
        make_person(f"more{number}", instance=people[0].instance)
    Connection.objects.update(access_token=swapped)
    settings.TOKEN_ENCRYPTION_KEY = BOTH
    out = StringIO()
    with pytest.raises(CommandError, match="7 secrets do not stand"):
        call_command("rotate_keys", stdout=out, stderr=out)
    assert out.getvalue().count("Left as it is: oauth_app.Connection.access_token of row") == 5
    assert "… and 2 more" in out.getvalue()
    assert set(Connection.objects.values_list("access_token", flat=True)) == {swapped}


def test_a_key_id_counts_letter_for_letter_and_no_envelope_is_none(
    people: list[Connection], settings: Any
) -> None:
    with database.cursor() as cursor:
        cursor.execute(
            "UPDATE oauth_app_connection SET access_token = 'rubbish' WHERE user_name = 'abel'"
        )
        cursor.execute(
            "UPDATE oauth_app_connection SET access_token = '1|K1|n|c' WHERE user_name = 'beth'"
        )
    found = column("oauth_app.Connection.access_token")
    assert found.per_key() == {"k1": 1, "K1": 1, "bbish": 1}
    assert found.under_none_of(["k1"]).count() == 2


@pytest.mark.usefixtures("db")
def test_rotation_refuses_a_batch_of_nothing_and_does_with_no_secret_at_all() -> None:
    with pytest.raises(CommandError, match="at least 1"):
        said_by("--batch", "0")
    assert "All secrets stand under the key 'k1'" in said_by()


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_shows_a_bar_and_anything_else_a_line_now_and_then() -> None:
    moments = iter([0.0, 1.0, 2.0, 0.0, 1.0, 6.0, 7.0, 0.0, 0.0])
    terminal, file = Terminal(), StringIO()
    bar = Progress(OutputWrapper(terminal), total=200, now=lambda: next(moments))
    bar.show(50)
    bar.show(200)
    bar.finish()
    assert "\r[########......................]  25%  50 of 200, 3 s left" in terminal.getvalue()
    assert terminal.getvalue().rstrip().endswith("] 100%  200 of 200")
    lines = Progress(OutputWrapper(file), total=200, now=lambda: next(moments))
    for done in (50, 100, 150):
        lines.show(done)
    lines.finish()
    assert file.getvalue() == "100 of 200, 6 s left\n"
    empty = Progress(OutputWrapper(terminal), total=0, now=lambda: next(moments))
    empty.show(0)
    assert "0 of 0" in terminal.getvalue()


@isolate_apps("oauth_app")
def test_a_model_that_does_not_say_what_its_secrets_belong_to_is_an_error() -> None:
    inside = {"secret": EncryptedTextField(), "__module__": "oauth_app.models"}
    careless = type("Careless", (models.Model,), inside)
    [error] = careless._meta.get_field("secret").check()
    assert error.id == "oauth_app.E007"
    assert Connection._meta.get_field("access_token").check() == []


def test_the_wrong_key_reads_nothing(people: list[Connection], settings: Any) -> None:
    settings.TOKEN_ENCRYPTION_KEY = f"{NEW},{WRONG}"
    assert sum(each.rotated for each in rotate()) == 0
