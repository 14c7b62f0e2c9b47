"""The canary: a known text under each key, so that a wrong key is found before it does harm.

A key that is wrong decrypts nothing, but it encrypts: what it wrote would be lost with it, and what
it overwrote too. So no secret is written and no refresh begins before the canary was read. This
module knows no model, because the encrypted field itself asks it.
"""

from typing import Any, Final

from django.apps import apps
from django.db import DEFAULT_DB_ALIAS, connections

from oauth_app.encryption import Binding, Keyset, keyset
from oauth_app.exceptions import DecryptionFailed, WeakKey, WrongKeys

_SONG: Final = "The canary sings."


class _LastProof:
    """The keys this process has compared with the canaries last."""

    keys: Keyset | None = None


def require_right_keys() -> None:
    """Compare the keys with the canaries, once in each process; writes nothing.

    A key without a canary is new. Raises WeakKey and WrongKeys.
    """
    keys = keyset()
    if _LastProof.keys is not keys:
        compare_with_canaries(keys)
        _LastProof.keys = keys


def key_fault() -> str:
    """Return a sentence on why this process must not serve, for a readiness endpoint; else "".

    One query each time. Lets pass what the database raises when it is away.
    """
    try:
        keys = keyset()
        known = compare_with_canaries(keys)
    except WeakKey as fault:
        return f"TOKEN_ENCRYPTION_KEY: {fault}."
    except WrongKeys as fault:
        return str(fault)
    if keys.primary_id not in known:
        return f"The key {keys.primary_id!r} has not been proved: start with `manage.py serve`."
    return ""


def compare_with_canaries(keys: Keyset) -> set[str]:
    """Return the ids of the keys that have a canary. Raises WrongKeys if one does not decrypt."""
    known = dict(_canaries().values_list("key_id", "envelope"))
    for key_id in keys.key_ids & known.keys():
        if not _sings(known[key_id], keys=keys, key_id=key_id):
            raise WrongKeys(
                f"The key {key_id!r} in TOKEN_ENCRYPTION_KEY is not the one that encrypted this "
                "database. Nothing was changed. Put the right one back; a new key needs a new id."
            )
    return set(known)


def add_canaries(keys: Keyset) -> None:
    """Give each key its canary. Raises WrongKeys if another process was first, with another key."""
    for key_id in keys.key_ids:
        envelope = keys.encrypt(_SONG, binding=_binding(key_id), key_id=key_id)
        _canaries().get_or_create(key_id=key_id, defaults={"envelope": envelope})
    compare_with_canaries(keys)


def forget_canaries_but(keys: Keyset) -> None:
    """Remove the canaries of keys that are gone; only where nothing stands under them."""
    _canaries().exclude(key_id__in=keys.key_ids).delete()


def is_installed() -> bool:
    """Whether the database has the table already; before the first `migrate` it has not."""
    table = apps.get_model("oauth_app", "KeyCanary")._meta.db_table  # noqa: SLF001  # Django's documented API
    return table in connections[DEFAULT_DB_ALIAS].introspection.table_names()


def _canaries() -> Any:  # noqa: ANN401  # the model is known to the app registry only
    return apps.get_model("oauth_app", "KeyCanary").objects


def _sings(envelope: str, *, keys: Keyset, key_id: str) -> bool:
    # An envelope that names another key would prove that key, and not this one.
    try:
        return envelope.split("|")[1:2] == [key_id] and (
            keys.decrypt(envelope, binding=_binding(key_id)) == _SONG
        )
    except DecryptionFailed:
        return False


def _binding(key_id: str) -> Binding:
    return Binding(instance="-", user="-", row=key_id, field="key_canary")
