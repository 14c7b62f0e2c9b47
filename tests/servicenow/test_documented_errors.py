"""Every documented refusal of the Table API, from the instance that makes it to our exception."""

from collections.abc import Awaitable, Callable

import httpx
import pytest

from servicenow import exceptions as sn
from servicenow.responses import Sought, answer_from
from simulator.records.rules import Aborted, BusinessRule, Change, Moment
from simulator.switches import Switches
from tests.simulator.small_instance import BETH, CHARLIE, DANA, FIRST, Api, small_instance

INCIDENTS, ONE = "/table/incident", f"/table/incident/{FIRST}"
JSON = {"Content-Type": "application/json"}
RESOLVED = {"state": "6", "close_notes": "Done"}

Provoke = Callable[[Api], Awaitable[httpx.Response]]


def with_rule(api: Api) -> Api:
    """An instance whose rule lets nobody change or delete an incident."""

    def keep(_: Change) -> None:
        raise Aborted

    everything = frozenset(Moment)
    rule = BusinessRule(name="Keep out", table="incident", action=keep, on=everything, order=1)
    api.instance.rules.add(rule)
    return api


def switched(api: Api, **switches: bool | str) -> Api:
    """An instance of another kind."""
    return Api(small_instance(switches=Switches(**switches)))  # type: ignore[arg-type]  # by name


DOCUMENTED: dict[str, tuple[Provoke, int, type[sn.ServiceNowFailure]]] = {
    "unknown table": (lambda api: api.get("/table/u_nope"), 400, sn.InvalidTable),
    "unknown table, explained": (
        lambda api: switched(api, invalid_table_detail=True).get("/table/u_nope"),
        400,
        sn.InvalidTable,
    ),
    "body that is no JSON": (
        lambda api: api.call("POST", INCIDENTS, content=b"{", headers=JSON),
        400,
        sn.BadRequest,
    ),
    "write without Accept": (
        lambda api: switched(api, writes_need_accept=True).call(
            "POST", INCIDENTS, json={}, without=b"accept"
        ),
        400,
        sn.BadRequest,
    ),
    "write without Content-Type": (
        lambda api: api.call("POST", INCIDENTS, content=b"{}"),
        400,
        sn.BadRequest,
    ),
    "nobody": (lambda api: api.get(INCIDENTS, by=None), 401, sn.NotAuthenticated),
    "API closed": (
        lambda api: switched(api, rest_api_role="x").get(INCIDENTS),
        403,
        sn.NotAuthorized,
    ),
    "query on a hidden field": (
        lambda api: api.get("/table/sys_user", sysparm_query="roles=admin"),
        403,
        sn.NotAuthorized,
    ),
    "insert": (lambda api: api.post("/table/core_company", {"name": "x"}), 403, sn.AclRefused),
    "update": (lambda api: api.patch(f"/table/sys_user/{BETH}", {"name": "x"}), 403, sn.AclRefused),
    "delete": (lambda api: api.call("DELETE", ONE), 403, sn.AclRefused),
    "business rule": (
        lambda api: with_rule(api).patch(ONE, {"urgency": "1"}),
        403,
        sn.BusinessRuleAbort,
    ),
    "business rule on delete": (
        lambda api: with_rule(api).call("DELETE", ONE, by=DANA),
        403,
        sn.BusinessRuleAbort,
    ),
    "data policy": (lambda api: api.patch(ONE, {"state": "6"}), 403, sn.DataPolicyViolation),
    "data policy on one field": (
        lambda api: switched(api, terse_data_policies=True).patch(ONE, RESOLVED),
        403,
        sn.DataPolicyViolation,
    ),
    "no record": (lambda api: api.get(f"/table/incident/{'f' * 32}"), 404, sn.RecordNotFound),
    "hidden record": (lambda api: api.get(ONE, by=CHARLIE), 404, sn.RecordNotFound),
    "nothing in version 1": (
        lambda api: api.get("/v1/table/incident", sysparm_query="number=x"),
        404,
        sn.RecordNotFound,
    ),
    "method": (lambda api: api.call("PUT", INCIDENTS, json={}), 405, sn.BadRequest),
    "Accept": (
        lambda api: api.call("GET", INCIDENTS, headers={"Accept": "text/html"}),
        406,
        sn.BadRequest,
    ),
    "Content-Type": (
        lambda api: api.call("POST", INCIDENTS, content=b"x", headers={"Content-Type": "text/csv"}),
        415,
        sn.BadRequest,
    ),
    "large body": (
        lambda api: api.call("POST", INCIDENTS, content=b" " * 10_485_761, headers=JSON),
        413,
        sn.BadRequest,
    ),
    "long address": (lambda api: api.get("/table/" + "a" * 23_000), 414, sn.BadRequest),
    "query too deep": (
        lambda api: api.get(INCIDENTS, sysparm_query="^OR".join(["state=1"] * 2_000)),
        500,
        sn.ServerFault,
    ),
}


@pytest.mark.parametrize("case", DOCUMENTED)
async def test_a_refusal_of_the_instance_becomes_the_exception_that_fits(case: str) -> None:
    provoke, status, expected = DOCUMENTED[case]
    response = await provoke(Api())
    assert response.status_code == status
    with pytest.raises(sn.ServiceNowFailure) as refused:
        answer_from(
            status=response.status_code,
            headers=response.headers,
            body=response.content,
            sought=Sought("incident", FIRST),
        )
    assert refused.type is expected


async def test_a_data_policy_names_its_fields_in_either_wording() -> None:
    sentences = []
    for terse in (False, True):
        response = await switched(Api(), terse_data_policies=terse).patch(ONE, RESOLVED)
        sentences.append(response.json()["error"]["detail"])
        with pytest.raises(sn.DataPolicyViolation) as refused:
            answer_from(
                status=403,
                headers=response.headers,
                body=response.content,
                sought=Sought("incident", FIRST),
            )
        assert list(refused.value.fields) == ["Resolution code"]
    assert sentences == [
        "Data Policy Exception: The following fields are mandatory: Resolution code",
        "Data Policy Exception: Resolution code is mandatory",
    ]
