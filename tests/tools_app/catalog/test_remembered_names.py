"""What a name was found to mean is remembered for a while, for one connection alone."""

import pytest

from servicenow.exceptions import ServiceNowFailure
from servicenow.remembered import Remembered
from simulator.control.faults import FaultKind
from tests.tools_app.desk import Desk
from tools_app.exceptions import AmbiguousMatch, InvalidArguments

NAMED = {"assignment_group": "Network", "assigned_to": "Beth Anglin"}
PLACES = ("sys_user_group", "sys_user", "cmdb_ci")


def looked_up(desk: Desk) -> list[str]:
    """The tables in which names were looked for, in order; the journal begins anew then."""
    tables = [entry.path.split("/")[4] for entry in desk.requests("GET", "/api/now/table/")]
    desk.world.journal.clear()
    return [table for table in tables if table in PLACES]


async def test_a_name_is_looked_for_once_whichever_tool_takes_it(abel: Desk) -> None:
    await abel.call("search_incidents", **NAMED)
    assert sorted(looked_up(abel)) == ["sys_user", "sys_user_group"]
    await abel.call("search_incidents", assigned_to=" beth ANGLIN ")
    await abel.call("search_problems", assignment_group="network")
    await abel.call("create_incident", short_description="Slow", assignment_group="Network")
    assert looked_up(abel) == []


async def test_several_names_are_one_request_even_for_a_search(abel: Desk) -> None:
    await abel.call("search_incidents", **NAMED)
    paths = [entry.path for entry in abel.sent() if "sys_d" not in entry.path]
    assert paths == ["/api/now/v1/batch", "/api/now/table/incident"]


async def test_names_are_found_one_by_one_where_batches_are_not_allowed(abel: Desk) -> None:
    abel.fault(FaultKind.SCOPE_NOT_ALLOWED, path="/api/now/v1/batch")
    whole = await abel.call("search_incidents", **NAMED)
    assert sorted(looked_up(abel)) == ["sys_user", "sys_user_group"]
    assert await abel.call("search_incidents", **NAMED) == whole


async def test_names_are_looked_for_again_after_their_time(abel: Desk) -> None:
    abel.client.names = Remembered(seconds=-1)
    for _ in range(2):
        await abel.call("search_incidents", assignment_group="Network")
        assert looked_up(abel) == ["sys_user_group"]


async def test_a_name_that_fits_none_or_several_is_not_remembered(abel: Desk) -> None:
    with pytest.raises(InvalidArguments):
        await abel.call("search_incidents", assignment_group="Night Watch")
    abel.instance.insert("sys_user_group", {"name": "Night Watch", "active": "true"})
    await abel.call("search_incidents", assignment_group="Night Watch")
    for _ in range(2):
        abel.instance.insert("sys_user_group", {"name": "Twins", "active": "true"})
    with pytest.raises(AmbiguousMatch):
        await abel.call("search_incidents", assignment_group="Twins")
    looked_up(abel)
    with pytest.raises(AmbiguousMatch):
        await abel.call("search_incidents", assignment_group="Twins")
    assert looked_up(abel) == ["sys_user_group"]


async def test_an_answer_shows_the_name_that_a_record_has_by_now(abel: Desk) -> None:
    group = abel.instance.insert("sys_user_group", {"name": "Night Watch", "active": "true"})
    await abel.call("search_incidents", assignment_group="Night Watch")
    abel.instance.update("sys_user_group", group, {"name": "Day Watch"})
    answer = await abel.call(
        "create_incident", short_description="Light", assignment_group="Night Watch"
    )
    assert answer["assignment_group"] == {"sys_id": group, "name": "Day Watch"}


async def test_after_a_write_that_failed_names_are_looked_for_again(abel: Desk) -> None:
    group = abel.instance.insert("sys_user_group", {"name": "Night Watch", "active": "true"})
    await abel.call("search_incidents", assignment_group="Night Watch")
    abel.instance.delete("sys_user_group", group)
    again = abel.instance.insert("sys_user_group", {"name": "Night Watch", "active": "true"})
    wanted = {"short_description": "Dark", "assignment_group": "Night Watch"}
    abel.fault(FaultKind.NOT_AUTHORIZED, method="POST", path="/api/now/table/incident")
    with pytest.raises(ServiceNowFailure):
        await abel.call("create_incident", **wanted)
    answer = await abel.call("create_incident", **wanted)
    assert answer["assignment_group"] == {"sys_id": again, "name": "Night Watch"}
