"""Whatever is written into the tables of the catalogue and of orders, nothing breaks."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simulator.areas.catalog.seed.naming import plan_id, variable_id
from simulator.areas.catalog.tables import TABLES
from simulator.data.sys_ids import stable_sys_id
from tests.simulator.areas.catalog_api import ADMIN, FRED, HEADSET, LAPTOP, Catalog, item_id

REQUEST, ITEM = (
    stable_sys_id(table, number)
    for table, number in (("sc_request", "REQ0000001"), ("sc_req_item", "RITM0000001"))
)

_FIELDS = sorted({field.name for table in TABLES for field in table.fields})
_VALUES = st.text(max_size=12) | st.sampled_from(
    [
        *(REQUEST, ITEM, HEADSET, LAPTOP, FRED, plan_id("Server")),
        *(variable_id("Developer Laptop", "memory"), item_id("New Hire")),
        *("true", "false", "1", "3", "4", "7", "-5", "approved", "rejected", "requested"),
        *("closed_complete", "closed_cancelled", "submitted", "in_process", "one_to_many"),
        *("\x00", "x^NQactive=true", "javascript:gs.getUserID()", "1970-01-03 00:00:00"),
        *("2026-11-20 09:00:00", "NaN", "1e400", "9" * 40, "-1", "1.5", "incident", "sys_user"),
    ]
)
_ROWS = st.dictionaries(st.sampled_from(_FIELDS), _VALUES, max_size=8)


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    """One catalogue for all that is written: it only gets worse."""
    return Catalog()


@settings(
    max_examples=30,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(table=st.sampled_from([table.name for table in TABLES]), first=_ROWS, then=_ROWS)
async def test_odd_rows_are_taken_or_refused(
    catalog: Catalog, table: str, first: dict[str, str], then: dict[str, str]
) -> None:
    made = await catalog.post(f"/table/{table}", first, by=ADMIN, sysparm_display_value="all")
    assert made.status_code < 500, made.text
    if made.status_code == 201:
        path = f"/table/{table}/{made.json()['result']['sys_id']['value']}"
        changed = await catalog.patch(path, then, by=ADMIN)
        assert changed.status_code < 500, changed.text
    for path in ("/items", f"/items/{LAPTOP}", "/cart", "/catalogs"):
        response = await catalog.ask("GET", path)
        assert response.status_code < 500, response.text
    ordered = await catalog.ask("POST", f"/items/{HEADSET}/order_now", {"sysparm_quantity": 1})
    assert ordered.status_code < 500, ordered.text
