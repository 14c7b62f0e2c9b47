"""Pages of a large table: however they are read, the rows are the same."""

import pytest

from simulator.areas.incidents.many import plant_many
from simulator.instance import Instance
from simulator.queries.compiler import SelectText
from simulator.queries.parsing import parse
from simulator.records.page_reading import PageReading
from simulator.seed.ids import group_id, person_id
from simulator.seed.planting import seeded
from tests.simulator.conftest import NOW

QUERIES = (
    "",
    "ORDERBYDESCopened_at",
    "ORDERBYnumber",
    "ORDERBYpriority^ORDERBYDESCopened_at",
    "ORDERBYcaller_id",
    "ORDERBYshort_description",
    "active=true^ORDERBYDESCopened_at",
    "active=true^ORDERBYopened_at",
    f"assignment_group={group_id('Network')}^ORDERBYDESCsys_updated_on",
    f"assignment_group={group_id('Network')}^active=true^ORDERBYDESCopened_at",
    f"caller_id={person_id('abel.tuter')}^ORDERBYDESCopened_at",
    "state=7",
    "state=7^ORDERBYsys_created_on",
    "stateIN1,2,3^ORDERBYDESCopened_at",
    "short_descriptionLIKEvpn^ORDERBYDESCopened_at",
    "short_descriptionLIKEno such words",
    "correlation_id=none",
    "caller_id.department.name=IT^ORDERBYDESCopened_at",
    "number=INC0010001",
    "numberSTARTSWITHINC00110",
    "no_such_field=1^ORDERBYno_such_field",
)


@pytest.fixture(scope="module")
def instance() -> Instance:
    """Some rows of every kind."""
    made = Instance(clock=lambda: NOW, snapshot=seeded(NOW))
    plant_many(made, records=1200, seed=1)
    return made


@pytest.mark.parametrize("offset", [0, 7, 1190, 5000])
@pytest.mark.parametrize("query", QUERIES)
def test_a_page_is_the_same_with_and_without_the_total(
    instance: Instance, query: str, offset: int
) -> None:
    select = instance.compiler.compile("incident", parse(query), person=None)
    total = instance.reader.count(select)
    pages = [_page(instance, select, total=known, offset=offset) for known in (None, total)]
    assert pages[0] == pages[1]


@pytest.mark.parametrize(
    ("query", "total", "begins"),
    [
        ("state=7", 1000, "NOT INDEXED"),
        ("state=7^ORDERBYDESCopened_at", 1000, 'INDEXED BY "task.sys_class_name.opened_at"'),
        ("state=7^ORDERBYcategory", 1000, ""),
        ("state=7^ORDERBYcaller_id", 1000, ""),
    ],
)
def test_where_much_matches_rows_are_read_in_their_order(
    instance: Instance, query: str, total: int, begins: str
) -> None:
    sql = _sql(instance, query, total=total)
    assert sql.startswith(f'SELECT 1 FROM "task" t {begins}')
    assert begins or "INDEXED" not in sql


def test_where_an_index_finds_the_little_that_matches_it_is_sorted(instance: Instance) -> None:
    sql = _sql(instance, "correlation_id=x^ORDERBYDESCopened_at", total=1)
    assert sql.endswith('ORDER BY +t."opened_at" DESC, +t.rowid DESC')


def test_where_no_index_finds_it_sqlite_decides(instance: Instance) -> None:
    sql = _sql(instance, "short_descriptionLIKExyz^ORDERBYDESCopened_at", total=1)
    assert sql.endswith('ORDER BY t."opened_at" DESC, t.rowid DESC')
    assert "INDEXED" not in sql


def test_of_a_small_table_sqlite_decides(instance: Instance) -> None:
    select = instance.compiler.compile("incident", parse("ORDERBYDESCopened_at"), person=None)
    sql = PageReading(instance.store).sql("1", select, total=1000, reach=10)
    assert "INDEXED" not in sql


def _page(
    instance: Instance, select: SelectText, *, total: int | None, offset: int
) -> list[tuple[str, ...]]:
    reading = PageReading(instance.store, large=0)
    sql = reading.sql('t."number", t."caller_id"', select, total=total, reach=offset + 10)
    return instance.store.rows(f"{sql} LIMIT ? OFFSET ?", (*select.parameters, 10, offset))


def _sql(instance: Instance, query: str, *, total: int) -> str:
    select = instance.compiler.compile("incident", parse(query), person=None)
    return PageReading(instance.store, large=0).sql("1", select, total=total, reach=10)
