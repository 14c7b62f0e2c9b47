"""Rotation of keys while everything runs: each secret is put under the first key.

Nothing has to be remembered between two runs: what still stands under another key is what is left
to do, so a run that was killed is continued by the next one. Two at once are harmless.
"""

import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.db import transaction

from oauth_app.encrypted_columns import EncryptedColumn, encrypted_columns
from oauth_app.encryption import Keyset, keyset
from oauth_app.exceptions import DecryptionFailed
from oauth_app.fields import sealed

BATCH: Final = 100  # rows locked at once: about 40 ms
_ROUNDS: Final = 20
_PAUSE_SECONDS: Final = 0.2  # until whoever held a row has let go of it


@dataclass(frozen=True)
class Batch:
    """What one transaction did."""

    rotated: int
    unreadable: tuple[str, ...]
    last_id: Any = None

    @property
    def is_last(self) -> bool:
        """Whether no further row was to be had."""
        return self.last_id is None


@dataclass(frozen=True)
class Standing:
    """How many secrets stand under each key, by column."""

    primary_id: str
    columns: dict[str, dict[str, int]]

    @property
    def per_key(self) -> Counter[str]:
        """The secrets of all columns, by key id."""
        total: Counter[str] = Counter()
        for numbers in self.columns.values():
            total.update(numbers)
        return total

    @property
    def to_rotate(self) -> int:
        """How many secrets do not stand under the first key."""
        return sum(number for key_id, number in self.per_key.items() if key_id != self.primary_id)


def standing() -> Standing:
    """Count every secret by its key."""
    columns = {str(column): column.per_key() for column in encrypted_columns()}
    return Standing(primary_id=keyset().primary_id, columns=columns)


def rotate(
    *, batch: int = BATCH, pause_seconds: float = _PAUSE_SECONDS, rounds: int = _ROUNDS
) -> Iterator[Batch]:
    """Put every secret under the first key, `batch` rows in each transaction; yield after each.

    Rows that someone else holds are left out and come again in the next of at most `rounds`.
    Those that no key here decrypts stay as they are and are named, in the first round.
    """
    for column in encrypted_columns():
        yield from _rotated(column, batch=batch, pause_seconds=pause_seconds, rounds=rounds)


def _rotated(
    column: EncryptedColumn, *, batch: int, pause_seconds: float, rounds: int
) -> Iterator[Batch]:
    keys = keyset()
    for number in range(rounds):
        unreadable = 0
        for done in _round(column, keys=keys, batch=batch):
            unreadable += len(done.unreadable)
            yield done if number == 0 else Batch(done.rotated, (), done.last_id)
        if column.under_none_of([keys.primary_id]).count() <= unreadable:
            return
        time.sleep(pause_seconds)


def _round(column: EncryptedColumn, *, keys: Keyset, batch: int) -> Iterator[Batch]:
    done = _rotate_batch(column, keys=keys, after=None, batch=batch)
    while not done.is_last:
        yield done
        done = _rotate_batch(column, keys=keys, after=done.last_id, batch=batch)


def _rotate_batch(column: EncryptedColumn, *, keys: Keyset, after: Any, batch: int) -> Batch:  # noqa: ANN401  # a primary key
    rotated, unreadable, last = 0, [], None
    with transaction.atomic():
        rows = column.under_none_of([keys.primary_id])
        if after is not None:
            rows = rows.filter(pk__gt=after)
        # A lock that lets audit rows point at the row meanwhile. SQLite locks the whole file.
        for row in rows.select_for_update(skip_locked=True, no_key=True, of=("self",))[:batch]:
            last = row.pk
            try:
                envelope = sealed(row, column.field.name, getattr(row, column.field.name))
            except DecryptionFailed as fault:
                unreadable.append(f"{column} of row {row.pk}: {fault}")
                continue
            rotated += column.put(row, envelope)
    return Batch(rotated, tuple(unreadable), last)
