"""Loading rows into staging tables, each into an import set."""

from collections.abc import Mapping

from simulator.access.people import Person
from simulator.areas.imports.tables import STAGING
from simulator.errors import Refusal
from simulator.instance import Instance, Row


class NotAStagingTable(Refusal):
    """The table does not extend Import Set Row. The wording is not verified."""

    def __init__(self, table: str) -> None:
        super().__init__("Invalid staging table", f"{table} is not an import set table")


def check_staging(instance: Instance, table: str) -> None:
    """Raises NotAStagingTable."""
    tables = instance.dictionary.ancestors(table)
    if STAGING not in tables or table == STAGING:
        raise NotAStagingTable(table)


def open_set(instance: Instance, table: str, *, person: Person) -> Row:
    """The import set that takes single rows of a table today; a new one if there is none."""
    today = instance.now()[:10]
    query = f"table_name={table}^mode=synchronous^state=loading^sys_created_on>={today} 00:00:00"
    known = instance.query("sys_import_set", query, limit=1)
    return known[0] if known else new_set(instance, table, person=person)


def new_set(instance: Instance, table: str, *, person: Person, **values: str) -> Row:
    """A new import set of a table."""
    sys_id = instance.insert(
        "sys_import_set",
        {"table_name": table, "short_description": f"Import of {table}", **values},
        as_user=person.sys_id,
        run_rules=True,
    )
    return instance.row("sys_import_set", sys_id) or {}


def load_row(
    instance: Instance,
    table: str,
    values: Mapping[str, str],
    *,
    import_set: Row,
    row: int,
    person: Person,
) -> Row:
    """Stage one row as a person. Raises AclRefused."""
    own = {name: value for name, value in values.items() if not name.startswith("sys_")}
    staged = {
        **own,
        "sys_import_set": import_set["sys_id"],
        "sys_import_row": str(row),
        "sys_import_state": "pending",
    }
    sys_id = instance.writer.create(table, staged, person=person)
    return instance.row(table, sys_id) or {}


def rows_in(instance: Instance, import_set: Row) -> int:
    """How many rows an import set has."""
    return instance.count(STAGING, f"sys_import_set={import_set['sys_id']}")
