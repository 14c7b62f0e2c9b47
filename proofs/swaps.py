"""Moves ciphertexts in a database, as somebody with SQL would; prints what came of it.

Each step changes one thing only: the field, the row, the person or the instance that a ciphertext
stands at. So each part of what it is bound to is needed to refuse.
"""

from collections.abc import Iterator
from typing import Any, Final

from django.core.management import call_command
from django.db import connection as database

from oauth_app.exceptions import DecryptionFailed
from oauth_app.models import Connection, Instance, User

_MINE: Final = "a secret of this row"


def main(number: str) -> None:
    """Print how many were moved, how many decrypted there, and how many read well once back."""
    call_command("migrate", verbosity=0)
    moves = _moves(int(number))
    moved = decrypted = well = 0
    for row, column, elsewhere in moves:
        before = _value(row, column)
        _put(row, column, elsewhere)
        decrypted += _reads(row)
        _put(row, column, before)
        well += _reads(row)
        moved += 1
    print(moved, decrypted, well)  # read by the proof


def _moves(number: int) -> Iterator[tuple[int, str, Any]]:
    one, two = (
        Instance.objects.create(base_url=f"https://{name}.example.com", client_id="c")
        for name in ("one", "two")
    )
    stranger = User.objects.create(username="stranger")
    for count in range(number // 4):
        user = User.objects.create(username=f"person-{count}")
        row, sibling = (_row(user, one, f"{count:031x}{end}") for end in "ab")
        yield row, "access_token", _value(row, "refresh_token")
        yield row, "access_token", _value(sibling, "access_token")
        yield row, "user_id", stranger.pk
        yield row, "instance_id", two.pk


def _row(user: User, instance: Instance, sys_id: str) -> int:
    made = Connection.objects.create(
        user=user, instance=instance, sys_id=sys_id, access_token=_MINE, refresh_token=_MINE
    )
    return made.pk


def _reads(row: int) -> bool:
    try:
        return Connection.objects.get(pk=row).access_token == _MINE
    except DecryptionFailed:
        return False


def _value(row: int, column: str) -> Any:  # noqa: ANN401  # an envelope or an id
    with database.cursor() as cursor:
        statement = f"SELECT {column} FROM oauth_app_connection WHERE id = %s"  # ours
        cursor.execute(statement, [row])
        return cursor.fetchone()[0]


def _put(row: int, column: str, value: Any) -> None:  # noqa: ANN401  # an envelope or an id
    with database.cursor() as cursor:
        statement = f"UPDATE oauth_app_connection SET {column} = %s WHERE id = %s"  # ours
        cursor.execute(statement, [value, row])
