"""Before anything is served: the keys are those of this database, or nothing starts."""

from collections import Counter
from typing import Final

from oauth_app.encrypted_columns import EncryptedColumn, encrypted_columns
from oauth_app.encryption import Keyset, keyset
from oauth_app.encryption_canary import add_canaries, compare_with_canaries
from oauth_app.exceptions import DecryptionFailed, WrongKeys

_TRIED: Final = 5  # one damaged row must not look like a wrong key


def prove_keys() -> None:
    """Prove the keys on canaries and stored secrets, then give new keys their canary.

    Raises WeakKey or WrongKeys with a sentence for an operator; then nothing was written.
    """
    keys = keyset()
    known = compare_with_canaries(keys)
    _require_none_missing(keys)
    for key_id in keys.key_ids - known:
        _require_reads_what_stands_under(key_id)
    add_canaries(keys)


def _require_none_missing(keys: Keyset) -> None:
    missing = lost_keys(keys)
    if not missing:
        return
    named = ", ".join(f"{key_id!r} ({number:,})" for key_id, number in sorted(missing.items()))
    raise WrongKeys(
        f"TOKEN_ENCRYPTION_KEY lacks keys under which secrets stand: {named}. Nothing was changed. "
        "Put them back behind the first key, then run `manage.py rotate_keys`. If they are lost "
        "for good: `manage.py forget_lost_secrets`."
    )


def lost_keys(keys: Keyset) -> Counter[str]:
    """Return the ids of keys that are not at hand, with how many secrets stand under each."""
    missing: Counter[str] = Counter()
    for column in encrypted_columns():
        if column.under_none_of(keys.key_ids).exists():
            found = column.per_key()
            missing.update({each: found[each] for each in found.keys() - keys.key_ids})
    return missing


def _require_reads_what_stands_under(key_id: str) -> None:
    for column in encrypted_columns():
        tried = list(column.secrets().filter(under_key=key_id).order_by("pk")[:_TRIED])
        if tried and not any(_reads(column, row) for row in tried):
            raise WrongKeys(
                f"The key {key_id!r} in TOKEN_ENCRYPTION_KEY does not decrypt {column}. Nothing "
                "was changed. Put the right one back; a new key needs a new id."
            )


def _reads(column: EncryptedColumn, row: object) -> bool:
    try:
        getattr(row, column.field.name)
    except DecryptionFailed:
        return False
    return True
