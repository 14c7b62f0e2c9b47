"""What is said where a business rule writes another record, and a rule of that one aborts."""

import pytest

from simulator.records.rules import Aborted, Change, rule
from tests.simulator.facts import fact
from tests.simulator.small_instance import ABEL, FIRST, SECOND, Api


@pytest.fixture
def api() -> Api:
    """The Table API of an instance where a change of an incident changes a problem."""
    api = Api()
    api.instance.insert("problem", {"sys_id": "9" * 32, "number": "PRB1"})

    def spread(change: Change) -> None:
        if change.changes("category"):
            change.update("problem", "9" * 32, {"short_description": change.get("category")})

    def refuse(change: Change) -> None:
        if change.get("short_description") == "secret":
            raise Aborted

    api.instance.rules.add(rule("Tell the problem", "incident", spread, order=10, after=True))
    api.instance.rules.add(rule("Keep secrets", "problem", refuse, order=10))
    return api


@fact(
    "An abort names the outermost rule, and lists all that were running from there, by commas",
    tag="C tdi4servicenow test data, KB0813377",
)
async def test_the_stack_lists_the_rules_from_the_outermost_one(api: Api) -> None:
    outer = rule("Tell the problem", "incident", lambda _: None, order=10)
    response = await api.patch(f"/table/incident/{FIRST}", {"category": "secret"})
    assert response.status_code == 403
    assert response.json()["error"]["detail"] == (
        "Operation against file 'problem' was aborted by Business Rule"
        f" 'Tell the problem^{outer.sys_id}'."
        " Business Rule Stack:Tell the problem,Keep secrets"
    )
    record = await api.result(f"/table/incident/{FIRST}")
    assert record["category"] == "hardware"


async def test_a_stack_ends_with_the_write_it_is_of(api: Api) -> None:
    await api.patch(f"/table/incident/{FIRST}", {"category": "secret"})
    assert (await api.patch(f"/table/incident/{SECOND}", {"category": "a"})).status_code == 200
    response = await api.patch(
        f"/table/problem/{'9' * 32}", {"short_description": "secret"}, by=ABEL
    )
    detail = response.json()["error"]["detail"]
    assert detail.endswith("Business Rule Stack:Keep secrets")
