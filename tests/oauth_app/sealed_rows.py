"""People with encrypted tokens, for the tests of keys."""

from typing import Any

from django.conf import settings
from django.db import connection as database

from oauth_app.encrypted_columns import encrypted_columns
from oauth_app.encryption import generated_key
from oauth_app.models import Connection, Instance, User

OLD = settings.TOKEN_ENCRYPTION_KEY  # `k1:…`
NEW = f"k2:{generated_key()}"
BOTH = f"{NEW},{OLD}"
WRONG = f"k1:{generated_key()}"


def make_instance() -> Instance:
    """An instance with a client secret."""
    return Instance.objects.create(
        base_url="https://one.example.com", client_id="c", client_secret="the client secret"
    )


def make_person(name: str, *, instance: Instance) -> Connection:
    """A person with two tokens."""
    return Connection.objects.create(
        user=User.objects.create(username=name),
        instance=instance,
        sys_id=name.ljust(32, "0"),
        user_name=name,
        access_token=f"access token of {name}",
        refresh_token=f"refresh token of {name}",
    )


def everything() -> list[Any]:
    """Every row that a wrong key could spoil, as the database holds it."""
    tables = sorted({column.model._meta.db_table for column in encrypted_columns()})
    rows = []
    with database.cursor() as cursor:
        for table in (*tables, "oauth_app_keycanary"):
            cursor.execute(f"SELECT * FROM {table}")
            rows.append(sorted(map(repr, cursor.fetchall())))
    return rows
