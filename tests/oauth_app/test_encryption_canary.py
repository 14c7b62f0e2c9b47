"""With a wrong key nothing starts, nothing is written, and the operator reads why."""

from io import StringIO
from typing import Any

import pytest
from celery.signals import worker_init
from django.core.management import CommandError, call_command
from django.core.management.base import SystemCheckError
from django.db import connection as database

from oauth_app import encryption_canary, leases
from oauth_app.checks import keys_of_this_database
from oauth_app.encryption import keyset
from oauth_app.encryption_canary import key_fault
from oauth_app.exceptions import WrongKeys
from oauth_app.fields import sealed
from oauth_app.key_proof import prove_keys
from oauth_app.models import Connection, KeyCanary
from oauth_app.models.connections import State
from tests.oauth_app.sealed_rows import (
    BOTH,
    NEW,
    OLD,
    WRONG,
    everything,
    make_instance,
    make_person,
)

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
def abel() -> Connection:
    return make_person("abel", instance=make_instance())


def test_the_first_start_writes_a_canary_for_each_key_and_the_next_one_none(settings: Any) -> None:
    prove_keys()
    first = list(KeyCanary.objects.values())
    prove_keys()
    assert list(KeyCanary.objects.values()) == first
    assert str(KeyCanary.objects.get()) == "Canary of the key k1"
    settings.TOKEN_ENCRYPTION_KEY = BOTH
    prove_keys()
    assert set(KeyCanary.objects.values_list("key_id", flat=True)) == {"k1", "k2"}


def test_a_wrong_key_starts_nothing_and_changes_nothing(abel: Connection, settings: Any) -> None:
    prove_keys()
    before = everything()
    settings.TOKEN_ENCRYPTION_KEY = WRONG
    with pytest.raises(SystemCheckError, match=r"E006\) The key 'k1' .* is not the one"):
        call_command("serve", port=0)
    with pytest.raises(SystemExit, match="The worker does not start"):
        worker_init.send(sender=None)
    for command in ("rotate_keys", "forget_lost_secrets"):
        with pytest.raises(CommandError, match="is not the one that encrypted"):
            call_command(command)
    with pytest.raises(WrongKeys):
        leases.claim(abel.pk, version=abel.version)
    with pytest.raises(WrongKeys):
        sealed(abel, "access_token", "a newer token")
    with pytest.raises(WrongKeys):
        make_instance()
    assert everything() == before
    assert "is not the one that encrypted" in key_fault()


def test_a_wrong_key_is_noticed_on_the_secrets_where_there_is_no_canary_yet(
    abel: Connection, settings: Any
) -> None:
    before = everything()
    settings.TOKEN_ENCRYPTION_KEY = WRONG
    with pytest.raises(CommandError, match=r"does not decrypt oauth_app\.Instance\.client_secret"):
        call_command("serve", port=0)
    assert everything() == before


def test_one_damaged_row_is_no_wrong_key(abel: Connection) -> None:
    make_person("beth", instance=abel.instance)
    swapped = Connection.objects.values_list("access_token", flat=True).get(user_name="beth")
    Connection.objects.filter(pk=abel.pk).update(access_token=swapped)
    prove_keys()
    assert KeyCanary.objects.count() == 1


def test_a_key_that_was_taken_out_too_early_is_asked_for(abel: Connection, settings: Any) -> None:
    prove_keys()
    before = everything()
    settings.TOKEN_ENCRYPTION_KEY = NEW
    with pytest.raises(WrongKeys, match=r"lacks keys under which secrets stand: 'k1' \(3\)"):
        prove_keys()
    assert everything() == before


def test_another_process_that_was_first_with_another_key_of_that_id_wins(settings: Any) -> None:
    theirs = keyset()
    settings.TOKEN_ENCRYPTION_KEY = WRONG
    ours = keyset()
    encryption_canary.add_canaries(theirs)
    with pytest.raises(WrongKeys):
        encryption_canary.add_canaries(ours)


def test_a_canary_of_another_key_proves_nothing(settings: Any) -> None:
    settings.TOKEN_ENCRYPTION_KEY = BOTH
    prove_keys()
    other = KeyCanary.objects.get(key_id="k2").envelope
    KeyCanary.objects.filter(key_id="k1").update(envelope=other)
    with pytest.raises(WrongKeys):
        prove_keys()


def test_readiness_says_what_is_wrong_with_the_keys(settings: Any) -> None:
    assert "has not been proved" in key_fault()
    prove_keys()
    assert key_fault() == ""
    settings.TOKEN_ENCRYPTION_KEY = ""
    assert key_fault() == "TOKEN_ENCRYPTION_KEY: no key is set."


def test_a_worker_starts_with_the_right_keys_and_not_without_any(settings: Any) -> None:
    worker_init.send(sender=None)
    assert KeyCanary.objects.count() == 1
    settings.TOKEN_ENCRYPTION_KEY = ""
    with pytest.raises(SystemExit, match="no key is set"):
        worker_init.send(sender=None)


def test_the_check_is_silent_where_it_has_nothing_to_say(settings: Any) -> None:
    assert keys_of_this_database(databases=None) == []
    assert keys_of_this_database(databases=["default"]) == []
    settings.TOKEN_ENCRYPTION_KEY = ""
    assert keys_of_this_database(databases=["default"]) == []  # E001 says it
    with database.cursor() as cursor:
        cursor.execute("DROP TABLE oauth_app_keycanary")
    settings.TOKEN_ENCRYPTION_KEY = OLD
    assert keys_of_this_database(databases=["default"]) == []


def test_after_a_lost_key_people_sign_in_again(abel: Connection, settings: Any) -> None:
    prove_keys()
    settings.TOKEN_ENCRYPTION_KEY = NEW
    said = StringIO()
    call_command("forget_lost_secrets", stdout=said)
    assert "3 secrets stand under the key 'k1'" in said.getvalue()
    assert Connection.objects.get().state == State.ACTIVE
    call_command("forget_lost_secrets", yes=True, stdout=said)
    assert "oauth_app.Instance.client_secret: 1 forgotten" in said.getvalue()
    now = Connection.objects.get()
    assert (now.state, now.access_token, now.refresh_token) == (State.NEEDS_SIGN_IN, "", "")
    prove_keys()
    call_command("forget_lost_secrets", stdout=said)
    assert "Nothing is lost" in said.getvalue()
