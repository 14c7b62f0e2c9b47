"""Tools ask ServiceNow no more often than their snapshots say."""

from typing import Any

from simulator.control.request_journal import JournalEntry
from tests.inventory.request_counts import NAMES, REQUESTS, REQUESTS_AGAIN
from tests.tools_app.catalog.each_tool import ARGUMENTS, prepared
from tests.tools_app.desk import Desk
from tools_app.catalog import CATALOG

# Asked for once in ten minutes by the client, whichever tool needs them.
REMEMBERED = ("sys_db_object", "sys_dictionary", "sys_choice")


def asked(desk: Desk) -> list[JournalEntry]:
    """What was asked of ServiceNow, without what the client remembers."""
    return [each for each in desk.sent() if not each.path.endswith(REMEMBERED)]


async def test_each_tool_asks_as_often_as_its_snapshot_says(abel: Desk) -> None:
    counts, again = {}, {}
    for tool in CATALOG:
        abel.client.names.forget_all()
        arguments = {**await prepared(abel, tool), **NAMES.get(tool, {})}
        abel.world.journal.clear()
        await abel.call(tool, **arguments)
        counts[tool] = len(asked(abel))
        if tool in NAMES:
            abel.world.journal.clear()
            await abel.call(tool, **arguments)
            again[tool] = len(asked(abel))
    assert counts == REQUESTS
    assert again == REQUESTS_AGAIN


async def test_a_persons_very_first_search_is_one_request(abel: Desk) -> None:
    for name in ("search_incidents", "search_problems", "list_change_requests", "lookup_user"):
        abel.world.journal.clear()
        await abel.call(name, **ARGUMENTS[name])
        assert len(abel.requests()) == 1, name


async def test_names_of_a_new_incident_are_asked_for_once_as_are_labels(abel: Desk) -> None:
    named: dict[str, Any] = {
        "short_description": "Mail is slow",
        "assignment_group": "Network",
        "configuration_item": abel.one("cmdb_ci", "nameISNOTEMPTY")["name"],
        "urgency": "High",
        "category": "Network",
    }
    await abel.call("create_incident", **named)
    abel.world.journal.clear()
    await abel.call("create_incident", **named)
    written, read_back = abel.requests()
    assert written.method == "POST"
    assert read_back.path.startswith("/api/now/table/incident/")
