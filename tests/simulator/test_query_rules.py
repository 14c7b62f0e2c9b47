"""Business rules that run before a query narrow what people find."""

from typing import Any

import pytest

from simulator.instance import Instance
from simulator.records.query_scripts import added, holds
from simulator.seed.planting import seeded
from tests.simulator.facts import fact
from tests.simulator.small_instance import (
    ABEL,
    BETH,
    CHARLIE,
    DANA,
    FIFTH,
    FIRST,
    NOW,
    SECOND,
    THIRD,
    Api,
)

ACTIVE_ONLY = "current.addQuery('active', true);"


@pytest.fixture
def api() -> Api:
    """The Table API of a fresh small instance."""
    return Api()


async def rule(api: Api, **values: str) -> str:
    """A query business rule of incidents that an administrator inserts; its sys_id."""
    row = {"name": "Mine", "collection": "incident", "action_query": "true", "when": "before"}
    response = await api.post("/table/sys_script", {**row, **values}, by=DANA)
    assert response.status_code == 201, response.text
    return str(response.json()["result"]["sys_id"])


async def found(api: Api, table: str = "incident", *, by: str = ABEL, **more: str) -> set[str]:
    """The sys_ids of what a person finds."""
    rows = await api.result(f"/table/{table}", by=by, sysparm_fields="sys_id", **more)
    return {row["sys_id"] for row in rows}


@fact(
    "A business rule that runs before a query adds its conditions to lists, and to their total",
    tag="D How business rules work",
)
async def test_a_rule_narrows_lists_and_their_counts(api: Api) -> None:
    await rule(api, filter_condition="active=true", condition='!gs.hasRole("admin")')
    response = await api.get("/table/incident", sysparm_fields="sys_id")
    assert response.headers["x-total-count"] == "4"
    assert FIFTH not in {row["sys_id"] for row in response.json()["result"]}
    assert FIFTH in await found(api, by=DANA)
    stats = await api.result("/stats/incident", sysparm_count="true")
    assert stats["stats"]["count"] == "4"


@fact("What a query business rule hides is answered 404, and cannot be changed", tag="R")
async def test_a_single_record_is_hidden_too(api: Api) -> None:
    await rule(api, filter_condition="caller_id.name=Abel Tuter")
    for sys_id, status in ((FIRST, 200), (SECOND, 404)):
        path = f"/table/incident/{sys_id}"
        assert (await api.get(path)).status_code == status
        assert (await api.patch(path, {"urgency": "2"})).status_code == status
    assert (await api.call("DELETE", f"/table/incident/{SECOND}", by=DANA)).status_code == 404


async def test_a_rule_is_anded_to_every_alternative_of_a_query(api: Api) -> None:
    await rule(api, script=ACTIVE_ONLY)
    query = {"sysparm_query": "state=7^NQstate=1^ORstate=7^NQu_nope=1"}
    assert await found(api, **query) == {FIRST}
    api.instance.switches.ignore_query_conditions = True
    assert FIFTH not in await found(api)


async def test_several_rules_narrow_together_until_they_are_switched_off(api: Api) -> None:
    first = await rule(api, filter_condition="active=true")
    await rule(api, filter_condition="caller_idISNOTEMPTY^state!=3")
    assert await found(api) & {THIRD, FIFTH} == set()
    await api.patch(f"/table/sys_script/{first}", {"active": "false"}, by=DANA)
    assert FIFTH not in await found(api)
    await api.call("DELETE", f"/table/sys_script/{first}", by=DANA)


async def test_a_rule_of_a_table_is_one_of_those_that_extend_it(api: Api) -> None:
    await rule(api, collection="task", filter_condition="active=true")
    assert FIFTH not in await found(api, "task")
    assert FIFTH not in await found(api, "incident")


@pytest.mark.parametrize(
    "values",
    [
        {"active": "false"},
        {"when": "after"},
        {"action_query": "false"},
        {"collection": "problem"},
        {"role_conditions": "network_lead"},
        {"condition": "gs.getSession().isInteractive()"},
        {"condition": "new Checker().check(current)"},
    ],
)
async def test_a_rule_that_does_not_run_hides_nothing(api: Api, values: dict[str, str]) -> None:
    await rule(api, filter_condition="active=true", **values)
    assert FIFTH in await found(api)


async def test_a_rule_for_a_role_runs_for_those_who_hold_it(api: Api) -> None:
    await rule(api, filter_condition="active=true", role_conditions="itil_admin,network_lead")
    assert FIFTH in await found(api, by=ABEL)
    assert FIFTH not in await found(api, by=BETH)


async def test_a_rule_may_ask_who_reads(api: Api) -> None:
    await rule(
        api,
        condition="!gs.hasRole('admin')",
        script="""(function executeRule(current, previous /*null when async*/) {
            var u = gs.getUserID(); // the one who reads
            var q = current.addQuery("caller_id", u).addOrCondition("opened_by", "=", u);
            gs.print("query restricted to user: " + u);
        })(current, previous);""",
    )
    assert await found(api, by=BETH) == {SECOND, THIRD}
    assert len(await found(api, by=DANA)) == 5


async def test_what_the_instance_itself_reads_is_not_narrowed(api: Api) -> None:
    await rule(api, filter_condition="active=true")
    assert api.instance.count("incident") == 5
    walked = await api.result(f"/table/incident/{SECOND}", sysparm_fields="caller_id.name")
    assert walked == {"caller_id.name": "Charlie Whitherspoon"}


async def test_the_field_a_rule_reads_may_be_hidden_from_the_person(api: Api) -> None:
    body = {"collection": "sys_user", "filter_condition": "failed_attempts=2"}
    await rule(api, **body)
    assert await found(api, "sys_user") == {CHARLIE}


@pytest.mark.parametrize(
    ("script", "condition"),
    [
        ("", ""),
        (ACTIVE_ONLY, "active=true"),
        ("current.addActiveQuery()", "active=true"),
        ("current.addQuery('name', 'CONTAINS', 'a^b');", "nameCONTAINSa^^b"),
        ("current.addQuery('active=true^state=1')", "active=true^state=1"),
        ("current.addEncodedQuery('a=1^ORb=2')\ncurrent.addNullQuery('c')", "a=1^ORb=2^cISEMPTY"),
        ("var q = current.addNotNullQuery('c'); ", "cISNOTEMPTY"),
        ("if (!gs.hasRole('admin')) {\n  current.addActiveQuery();\n}", "active=true"),
        ("if (gs.hasRole('admin')) current.addActiveQuery();", ""),
        ("current.addQuery('priority', 1)", "priority=1"),
        ("current.addQuery('caller_id', u)", None),
        ("current.addQuery('a', 'b', 'c', 'd')", None),
        ("current.addOrder('a')", None),
        ("if (maybe) { current.addActiveQuery(); }", None),
        ("answer = compute();", None),
        ("current.addQuery(" + "1," * 5000, None),
    ],
)
def test_scripts_are_understood_or_they_are_not(
    api: Api, script: str, condition: str | None
) -> None:
    person = api.instance.person(ABEL)
    assert person is not None
    assert added(script, person) == condition


def test_conditions_are_understood_or_they_are_not(api: Api) -> None:
    person = api.instance.person(ABEL)
    assert person is not None
    assert holds("gs.hasRole('admin, itil') && !gs.isInteractive()", person) is True
    assert holds("!gs.hasRole('itil')", person) is False
    assert holds("gs.hasRole('itil') || true", person) is None


@fact(
    "The base instance hides inactive people from those who are not admin by the rule `user query`",
    tag="R",
)
async def test_the_demo_has_the_rule_of_inactive_people_switched_off() -> None:
    demo = Instance(clock=lambda: NOW, snapshot=seeded(NOW))
    (row,) = demo.query("sys_script", "name=user query")
    assert (row["active"], row["collection"]) == ("false", "sys_user")
    api = Api(demo)
    by = {name: str((demo.find_user(name) or {})["sys_id"]) for name in ("admin", "beth.anglin")}
    query: dict[str, Any] = {"sysparm_query": "active=false"}
    demo.insert("sys_user", {"user_name": "gone", "active": "false"})
    assert await found(api, "sys_user", by=by["beth.anglin"], **query)
    demo.update("sys_script", row["sys_id"], {"active": "true"})
    assert await found(api, "sys_user", by=by["beth.anglin"], **query) == set()
    assert await found(api, "sys_user", by=by["admin"], **query)
