"""What is read again and again is read once, until it is written to."""

from collections.abc import Iterator

import pytest

from simulator.data.kept_reads import is_about_settings, table_written, tables_read
from simulator.data.store import Store

VALUE = 'SELECT "value" FROM "sys_properties" WHERE "name" = ?'
COUNT = 'SELECT count(*) FROM "thing"'


@pytest.fixture
def store() -> Iterator[Store]:
    """A table of settings and another one."""
    made = Store(None)
    made.write("CREATE TABLE sys_properties (name TEXT, value TEXT)")
    made.write("CREATE TABLE thing (name TEXT)")
    made.write("INSERT INTO sys_properties VALUES ('a', '1')")
    yield made
    made.close()


@pytest.mark.parametrize(
    "statement",
    [
        'UPDATE "sys_properties" SET "value" = \'2\'',
        "UPDATE OR IGNORE sys_properties SET value = '2'",
        "DELETE FROM sys_properties",
        "INSERT OR REPLACE INTO \"sys_properties\" VALUES ('b', '1')",
        "ALTER TABLE sys_properties ADD COLUMN more TEXT",
    ],
)
def test_a_write_is_seen_at_once(store: Store, statement: str) -> None:
    everything = 'SELECT * FROM "sys_properties"'
    before = store.rows(everything)
    store.write(statement)
    assert store.rows(everything) != before


def test_rows_that_a_write_returns_are_written_each_time(store: Store) -> None:
    add = "INSERT INTO sys_properties VALUES ('b', '2') RETURNING value"
    assert [store.rows(add), store.rows(add)] == [[("2",)], [("2",)]]
    assert len(store.rows(VALUE, ("b",))) == 2
    store.rows("UPDATE sys_properties SET value = '3' RETURNING 1")
    assert store.scalar(VALUE, ("a",)) == "3"


def test_many_rows_are_seen_at_once(store: Store) -> None:
    assert store.count(COUNT, ()) == 0
    store.write_many("INSERT INTO thing VALUES (?)", [("a",), ("b",)])
    assert store.count(COUNT, ()) == 2


def test_a_view_changes_with_what_it_shows(store: Store) -> None:
    store.write('CREATE VIEW "shown" AS SELECT name FROM thing')
    assert store.count('SELECT count(*) FROM "shown"', ()) == 0
    store.write("INSERT INTO thing VALUES ('a')")
    assert store.count('SELECT count(*) FROM "shown"', ()) == 1


def test_what_was_taken_back_is_not_remembered(store: Store) -> None:
    def fail() -> None:
        with store.transaction():
            store.write("DELETE FROM sys_properties")
            assert store.scalar(VALUE, ("a",)) is None
            raise LookupError

    with pytest.raises(LookupError):
        fail()
    assert store.scalar(VALUE, ("a",)) == "1"


def test_a_snapshot_that_is_restored_is_seen_at_once(store: Store) -> None:
    snapshot = store.snapshot()
    store.write("UPDATE sys_properties SET value = '2'")
    assert store.scalar(VALUE, ("a",)) == "2"
    store.restore(snapshot)
    assert store.scalar(VALUE, ("a",)) == "1"


def test_the_size_of_a_snapshot_is_known_before(store: Store) -> None:
    assert store.size_bytes == len(store.snapshot())


def test_changing_the_rows_that_were_given_changes_nothing(store: Store) -> None:
    store.rows(VALUE, ("a",)).clear()
    assert store.rows(VALUE, ("a",)) == [("1",)]


def test_values_are_told_apart(store: Store) -> None:
    assert store.scalar(VALUE, ("a",)) == "1"
    assert store.scalar(VALUE, ("b",)) is None


@pytest.mark.parametrize(
    ("sql", "tables"),
    [
        ('SELECT 1 FROM "a" x JOIN "b" y ON 1', {"a", "b"}),
        ('SELECT 1 FROM "a" WHERE x IN (SELECT y FROM "c")', {"a", "c"}),
        ('SELECT 1 FROM a WHERE rowid IN (SELECT rowid FROM "a@text" WHERE 1)', {"a"}),
    ],
)
def test_the_tables_of_a_statement_are_known(sql: str, tables: set[str]) -> None:
    assert tables_read(sql) == tables


def test_only_statements_about_settings_alone_are_kept() -> None:
    assert is_about_settings(VALUE)
    assert not is_about_settings('SELECT 1 FROM "sys_properties" JOIN "task"')
    assert not is_about_settings("UPDATE sys_properties SET value = 1")
    assert not is_about_settings("SELECT 1")
    assert table_written("DROP TABLE thing") == ""
