"""A fresh copy of a migrated database for each test.

Audit tables refuse UPDATE, DELETE and TRUNCATE in the database itself, so neither Django's `flush`
nor a test inside one transaction will do: commits are real, threads see them, and the copy is
thrown away.
"""

import shutil
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Protocol
from uuid import uuid4

import psycopg
from asgiref.sync import SyncToAsync
from django.core.management import call_command
from django.db import connections
from psycopg import sql

from audit_app.writers import writers


class DatabaseTemplate(Protocol):
    """A migrated database that can be copied."""

    def copy(self) -> AbstractContextManager[None]:
        """Return a context in which Django's default connection is a fresh copy."""


class SqliteTemplate:
    """A migrated SQLite file."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._file = directory / "template.sqlite3"
        with _default_database_is(str(self._file)):
            call_command("migrate", verbosity=0)
            with connections["default"].cursor() as cursor:
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    @contextmanager
    def copy(self) -> Iterator[None]:
        """Copy the file, use the copy, remove it."""
        file = self._directory / f"{uuid4().hex}.sqlite3"
        shutil.copyfile(self._file, file)
        with _default_database_is(str(file)):
            yield
        for leftover in self._directory.glob(f"{file.stem}.*"):
            leftover.unlink()


class PostgresTemplate:
    """A migrated PostgreSQL database, copied with CREATE DATABASE … TEMPLATE."""

    def __init__(self) -> None:
        self._settings = connections.settings["default"]
        self._name = f"template_{uuid4().hex}"
        self._run("CREATE DATABASE {}", self._name)
        with _default_database_is(self._name):
            call_command("migrate", verbosity=0)

    @contextmanager
    def copy(self) -> Iterator[None]:
        """Copy the database, use the copy, drop it."""
        name = f"test_{uuid4().hex}"
        self._run("CREATE DATABASE {} TEMPLATE {}", name, self._name)
        try:
            with _default_database_is(name):
                yield
        finally:
            self._run("DROP DATABASE {} WITH (FORCE)", name)

    def _run(self, statement: str, *names: str) -> None:
        where = {
            "host": self._settings["HOST"],
            "user": self._settings["USER"],
            "password": self._settings["PASSWORD"],
            "port": self._settings["PORT"] or None,
        }
        with psycopg.connect(dbname="postgres", autocommit=True, **where) as connection:
            connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


@contextmanager
def _default_database_is(name: str) -> Iterator[None]:
    settings = connections.settings["default"]
    before = settings["NAME"]
    close_everywhere()
    settings["NAME"] = name
    try:
        yield
    finally:
        close_everywhere()
        settings["NAME"] = before


@contextmanager
def database_away() -> Iterator[None]:
    """Have every connection fail, as it does while a database is stopped."""
    with _default_database_is("/nowhere/at/all"):
        yield


def close_everywhere() -> None:
    """Close the connections of this thread, of asgiref's one shared thread, of the audit log's."""
    writers.close()
    connections.close_all()
    SyncToAsync.single_thread_executor.submit(connections.close_all).result()
