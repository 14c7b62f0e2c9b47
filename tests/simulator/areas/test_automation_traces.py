"""The demo shows traces of its work, and what its navigation leads to."""

import pytest

from simulator.instance import Instance
from simulator.seed.ids import person_id
from simulator.seed.planting import seeded
from tests.simulator.small_instance import NOW, Api

TABLES = (
    *("sysevent", "sys_trigger", "sys_user_session", "syslog", "syslog_transaction", "sys_email"),
    *("sys_audit", "sys_history_set", "sys_history_line", "sys_hub_flow", "wf_workflow"),
    *("sys_report", "sysauto_report", "sysevent_email_template", "sysevent_script_action"),
    *("sys_app_application", "sys_app_module", "sys_plugins", "v_plugin", "cmn_building"),
    *("cmn_cost_center", "business_unit", "cmn_relative_duration", "sys_hub_trigger_instance"),
)


@pytest.fixture(scope="module")
def demo() -> Instance:
    """An instance with the demo data, which nobody changes."""
    return Instance(clock=lambda: NOW, snapshot=seeded(NOW))


@pytest.mark.parametrize("table", TABLES)
async def test_an_administrator_finds_rows(demo: Instance, table: str) -> None:
    rows = await Api(demo).result(f"/table/{table}", by=person_id("admin"), sysparm_limit="2")
    assert rows


def test_every_row_was_made_before_now(demo: Instance) -> None:
    for table in ("sysevent", "sys_audit", "syslog_transaction", "sys_user_session"):
        assert demo.count(table, f"sys_created_on>{demo.now()}") == 0, table
    assert demo.count("sys_trigger", f"next_action<={demo.now()}") == 0


def test_the_history_of_a_closed_incident_ends_where_it_is(demo: Instance) -> None:
    (last,) = demo.query("sys_audit", "fieldname=state^newvalue=7", limit=1)
    record = demo.row("incident", last["documentkey"])
    assert record is not None
    assert record["state"] == "7"


def test_modules_lead_to_tables_that_are_there(demo: Instance) -> None:
    menus = {row["sys_id"] for row in demo.query("sys_app_application")}
    for row in demo.query("sys_app_module"):
        assert demo.knows(row["name"]), row["title"]
        assert row["application"] in menus
        demo.query(row["name"], row["filter"].removesuffix("EQ"), limit=1)


async def test_everybody_sees_the_navigation_and_nobody_else_the_logs(demo: Instance) -> None:
    joe = person_id("joe.employee")
    assert await Api(demo).result("/table/sys_app_module", by=joe, sysparm_limit="1")
    for table in ("sys_audit", "sysevent", "sys_user_session", "sys_trigger", "v_plugin"):
        assert await Api(demo).result(f"/table/{table}", by=joe) == []
