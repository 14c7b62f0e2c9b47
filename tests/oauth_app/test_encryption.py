"""Secrets at rest: only the right key, row, field, person and instance gives them back."""

import base64
import hashlib
import json
import secrets
from typing import Any

import pytest
from django.core import serializers
from django.core.management import CommandError, call_command
from django.db import connection as database
from django.forms.models import model_to_dict

from oauth_app.encryption import Binding, Envelope, Keyset, generated_key, keyset
from oauth_app.exceptions import DecryptionFailed, WeakKey
from oauth_app.fields import sealed
from oauth_app.models import Connection, Instance
from tests.oauth_app.sealed_rows import make_instance, make_person

# Looks random and is the same in every process that collects the tests.
RANDOM = hashlib.sha256(b"a key of these tests").digest()
HERE = Binding(instance="1", user="2", row="3", field="connection.access_token")


def key(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def test_what_was_encrypted_comes_back() -> None:
    keys = Keyset.parsed(generated_key())
    assert keys.decrypt(keys.encrypt("a token", binding=HERE), binding=HERE) == "a token"


def test_an_envelope_names_version_and_key_and_hides_the_rest() -> None:
    envelope = Keyset.parsed(f"new:{generated_key()}").encrypt("a token", binding=HERE)
    version, key_id, nonce, _ = envelope.split("|")
    assert (version, key_id, envelope.key_id) == ("1", "new", "new")
    assert len(base64.urlsafe_b64decode(nonce)) == 12
    assert "a token" not in envelope


def test_a_text_that_is_no_envelope_names_no_key() -> None:
    assert Envelope("nothing").key_id == ""


def test_every_write_uses_a_nonce_of_its_own() -> None:
    keys = Keyset.parsed(generated_key())
    nonces = {keys.encrypt("same", binding=HERE).split("|")[2] for _ in range(1000)}
    assert len(nonces) == 1000


def test_the_first_key_encrypts_and_all_decrypt() -> None:
    old, new = generated_key(), generated_key()
    written_before = Keyset.parsed(f"old:{old}").encrypt("a token", binding=HERE)
    both = Keyset.parsed(f"new:{new}, old:{old}")
    assert both.decrypt(written_before, binding=HERE) == "a token"
    assert both.encrypt("a token", binding=HERE).key_id == "new"


def test_a_bare_key_goes_on_decrypting_under_the_name_default() -> None:
    old = generated_key()
    written_before = Keyset.parsed(old).encrypt("a token", binding=HERE)
    both = Keyset.parsed(f"new:{generated_key()},default:{old}")
    assert both.decrypt(written_before, binding=HERE) == "a token"


def test_a_key_that_was_removed_no_longer_decrypts() -> None:
    written_before = Keyset.parsed(f"old:{generated_key()}").encrypt("a token", binding=HERE)
    with pytest.raises(DecryptionFailed, match="'old' is not in TOKEN_ENCRYPTION_KEY"):
        Keyset.parsed(f"new:{generated_key()}").decrypt(written_before, binding=HERE)


def test_another_key_under_the_same_id_does_not_decrypt() -> None:
    written_before = Keyset.parsed(f"a:{generated_key()}").encrypt("a token", binding=HERE)
    with pytest.raises(DecryptionFailed, match="belongs elsewhere"):
        Keyset.parsed(f"a:{generated_key()}").decrypt(written_before, binding=HERE)


@pytest.mark.parametrize("moved", ["instance", "user", "row", "field"])
def test_a_ciphertext_moved_elsewhere_does_not_decrypt(moved: str) -> None:
    keys = Keyset.parsed(generated_key())
    envelope = keys.encrypt("a token", binding=HERE)
    there = Binding(**{**vars(HERE), moved: "elsewhere"})
    with pytest.raises(DecryptionFailed, match="belongs elsewhere"):
        keys.decrypt(envelope, binding=there)


@pytest.mark.parametrize(
    "changed",
    ["", "1|a", "2|a|b|c", "1|a|###|###", "1|a|AAAA|AAAA", "1|a||"],
)
def test_a_text_that_was_never_an_envelope_does_not_decrypt(changed: str) -> None:
    with pytest.raises(DecryptionFailed):
        Keyset.parsed(f"a:{generated_key()}").decrypt(changed, binding=HERE)


def test_one_changed_character_anywhere_is_noticed() -> None:
    keys = Keyset.parsed(generated_key())
    envelope = keys.encrypt("a token", binding=HERE)
    for place in range(len(envelope) - 2):
        other = "A" if envelope[place] != "A" else "B"
        with pytest.raises(DecryptionFailed):
            keys.decrypt(envelope[:place] + other + envelope[place + 1 :], binding=HERE)


@pytest.mark.parametrize(
    ("unfit", "why"),
    [
        ("", "no key is set"),
        (" , ", "no key is set"),
        ("not base64!", "not base64"),
        (key(b"short"), "has 5 bytes instead of 32"),
        (key(RANDOM[:16]), "has 16 bytes"),
        (key(RANDOM + b"x"), "has 33 bytes"),
        (key(bytes(32)), "not random"),
        (key(b"\xff" * 32), "not random"),
        (key(b"\x01\x80" * 16), "not random"),
        (key(bytes(range(32))), "not random"),
        (key(bytes(range(93, 61, -1))), "not random"),
        (key(b"Correct-Horse-Battery-Staple-42!"), "not random"),
        (f"a:{key(RANDOM)},a:{key(RANDOM)}", "used twice"),
        (f"a b:{key(RANDOM)}", "a key id must be"),
        (f":{key(RANDOM)}", "a key id must be"),
        (f"{'x' * 33}:{key(RANDOM)}", "a key id must be"),
    ],
)
def test_an_unfit_key_is_refused_with_the_reason_and_never_shown(unfit: str, why: str) -> None:
    with pytest.raises(WeakKey, match=why) as refusal:
        Keyset.parsed(unfit)
    for part in unfit.replace(",", ":").split(":"):
        assert len(part) < 8 or part not in str(refusal.value)


def test_ten_thousand_random_keys_are_all_good_enough() -> None:
    for _ in range(10_000):
        Keyset.parsed(generated_key())


def test_a_url_safe_spelling_of_a_key_is_the_same_key() -> None:
    raw = secrets.token_bytes(30) + b"\xfb\xff"
    one, other = key(raw), base64.urlsafe_b64encode(raw).decode()
    assert one != other
    assert Keyset.parsed(one) == Keyset.parsed(other)


def test_a_keyset_does_not_show_its_keys() -> None:
    made = generated_key()
    assert made not in repr(Keyset.parsed(made))
    assert repr(base64.b64decode(made)) not in repr(Keyset.parsed(made))


def test_generate_key_prints_one_usable_key_and_needs_no_setting(
    settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.SECRET_KEY = ""
    settings.TOKEN_ENCRYPTION_KEY = ""
    call_command("generate_key")
    printed = capsys.readouterr()
    assert Keyset.parsed(printed.out).primary_id.startswith("20")
    assert "TOKEN_ENCRYPTION_KEY=<this>" in printed.err
    assert printed.out.strip().partition(":")[2] not in printed.err


def test_generate_key_takes_the_id_it_is_given(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("generate_key", id="winter")
    assert Keyset.parsed(capsys.readouterr().out).primary_id == "winter"
    with pytest.raises(CommandError, match="1 to 32 letters"):
        call_command("generate_key", id="two words")


def test_in_a_file_each_key_may_stand_on_its_own_line() -> None:
    lines = f"new:{generated_key()}\nold:{generated_key()}\n"
    assert Keyset.parsed(lines).primary_id == "new"
    assert Keyset.parsed(lines).key_ids == {"new", "old"}


def test_a_key_other_than_the_first_encrypts_only_when_it_is_named() -> None:
    both = Keyset.parsed(f"new:{generated_key()},old:{generated_key()}")
    assert both.encrypt("a token", binding=HERE, key_id="old").key_id == "old"


@pytest.fixture
def instance(db: None) -> Instance:
    return make_instance()


def stored(row: Connection, column: str) -> str:
    with database.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM oauth_app_connection WHERE id = %s", [row.pk])
        return str(cursor.fetchone()[0])


def put(row: Connection, column: str, envelope: str) -> Connection:
    with database.cursor() as cursor:
        statement = f"UPDATE oauth_app_connection SET {column} = %s WHERE id = %s"
        cursor.execute(statement, [envelope, row.pk])
    return Connection.objects.get(pk=row.pk)


def test_the_database_holds_envelopes_and_the_row_gives_clear_text(instance: Instance) -> None:
    abel = Connection.objects.get(pk=make_person("abel", instance=instance).pk)
    assert abel.access_token == "access token of abel"
    assert stored(abel, "access_token").startswith("1|k1|")
    assert "abel" not in stored(abel, "access_token")


def test_beths_ciphertext_in_abels_row_does_not_decrypt(instance: Instance) -> None:
    abel, beth = make_person("abel", instance=instance), make_person("beth", instance=instance)
    swapped = put(abel, "access_token", stored(beth, "access_token"))
    with pytest.raises(DecryptionFailed):
        _ = swapped.access_token


def test_the_refresh_tokens_ciphertext_in_the_access_tokens_field_does_not_decrypt(
    instance: Instance,
) -> None:
    abel = make_person("abel", instance=instance)
    swapped = put(abel, "access_token", stored(abel, "refresh_token"))
    with pytest.raises(DecryptionFailed):
        _ = swapped.access_token


def test_a_row_given_to_someone_else_does_not_decrypt(instance: Instance) -> None:
    abel, beth = make_person("abel", instance=instance), make_person("beth", instance=instance)
    Connection.objects.filter(pk=abel.pk).update(user=beth.user)
    with pytest.raises(DecryptionFailed):
        _ = Connection.objects.get(pk=abel.pk).access_token


def test_a_row_moved_to_another_instance_does_not_decrypt(instance: Instance) -> None:
    abel = make_person("abel", instance=instance)
    evil = Instance.objects.create(base_url="https://evil.example.com", client_id="c")
    Connection.objects.filter(pk=abel.pk).update(instance=evil)
    with pytest.raises(DecryptionFailed):
        _ = Connection.objects.get(pk=abel.pk).access_token


def test_saving_a_row_that_was_only_loaded_does_not_encrypt_anew(instance: Instance) -> None:
    abel = Connection.objects.get(pk=make_person("abel", instance=instance).pk)
    before = stored(abel, "access_token")
    abel.name = "Abel"
    abel.save()
    assert stored(abel, "access_token") == before


def test_saving_the_same_text_again_uses_a_new_nonce(instance: Instance) -> None:
    abel = make_person("abel", instance=instance)
    before = stored(abel, "access_token")
    abel.access_token = "access token of abel"
    abel.save()
    assert stored(abel, "access_token") != before
    assert Connection.objects.get().access_token == "access token of abel"


def test_an_empty_secret_stays_empty(instance: Instance) -> None:
    abel = make_person("abel", instance=instance)
    abel.access_token = ""
    abel.save()
    assert stored(abel, "access_token") == ""
    assert Connection.objects.get().access_token == ""
    assert sealed(abel, "access_token", "") == ""


def test_clear_text_reaches_the_database_on_no_other_way(instance: Instance) -> None:
    abel = make_person("abel", instance=instance)
    with pytest.raises(TypeError, match="takes no clear text"):
        Connection.objects.filter(pk=abel.pk).update(access_token="clear")
    with pytest.raises(TypeError, match="takes no clear text"):
        Connection.objects.filter(access_token="clear").exists()
    Connection.objects.filter(pk=abel.pk).update(
        access_token=sealed(abel, "access_token", "another")
    )
    assert Connection.objects.get().access_token == "another"


def test_only_encrypted_fields_are_sealed(instance: Instance) -> None:
    with pytest.raises(TypeError, match="not an encrypted field"):
        sealed(instance, "name", "clear")


def test_a_secret_that_was_left_out_of_the_query_is_loaded_when_asked_for(
    instance: Instance,
) -> None:
    make_person("abel", instance=instance)
    assert Connection.objects.defer("access_token").get().access_token == "access token of abel"


def test_dumps_forms_and_values_hold_no_clear_text(instance: Instance) -> None:
    abel = make_person("abel", instance=instance)
    dump = serializers.serialize("json", [abel, instance])
    field = Connection._meta.get_field("access_token")
    shown = [
        dump,
        field.value_from_object(abel),
        json.dumps(model_to_dict(abel), default=str),
        str(Connection.objects.values()),
    ]
    for text in shown:
        assert "token of abel" not in text
        assert "the client secret" not in text


def test_the_settings_keyset_is_read_once_for_each_value(settings: Any) -> None:
    assert keyset() is keyset()
    before = keyset()
    settings.TOKEN_ENCRYPTION_KEY = generated_key()
    assert keyset() is not before
