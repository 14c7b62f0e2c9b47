"""Brings demo data kept by an older simulator up to date."""

from simulator.instance import Instance

# What people hold is never complete: later areas bring roles of their own.
_ALWAYS = ("sys_user_role", "sys_user_role_contains", "sys_user_has_role")


def complete(instance: Instance, *, demo: bytes) -> None:
    """Add the demo data of tables in which there is nothing yet; what is there stays as it is.

    `demo` is the snapshot of a freshly planted instance.
    """
    fresh = Instance(clock=instance.clock, snapshot=demo)
    try:
        with instance.store.transaction():
            for name, table in fresh.dictionary.tables.items():
                if not table.view and (name in _ALWAYS or not _own_rows(instance, name)):
                    _add(instance, fresh, name)
            _count_on(instance, fresh)
    finally:
        fresh.close()


def _add(instance: Instance, fresh: Instance, table: str) -> None:
    rows = [row for row in _own_rows(fresh, table) if instance.row(table, row["sys_id"]) is None]
    if rows:
        instance.insert_many(table, rows)


def _count_on(instance: Instance, fresh: Instance) -> None:
    """Give no number again that an added record has."""
    for row in fresh.query("sys_number"):
        kept = instance.row("sys_number", row["sys_id"])
        if kept and int(kept["number"] or 0) < int(row["number"] or 0):
            instance.update("sys_number", row["sys_id"], {"number": row["number"]})


def _own_rows(instance: Instance, table: str) -> list[dict[str, str]]:
    """The records of this very class."""
    if "sys_class_name" not in instance.dictionary.fields_of(table):
        return instance.query(table)
    return instance.query(table, f"sys_class_name={table}")
