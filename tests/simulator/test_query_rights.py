"""What a query may not tell a person about what they may not read."""

import httpx
import pytest

from tests.simulator.facts import fact
from tests.simulator.small_instance import ABEL, CHARLIE, DANA, FIRST, SECOND, Api, small_instance

_REFUSED = "Insufficient rights to query records"


@pytest.fixture
def api() -> Api:
    return Api(small_instance())


def is_refused(response: httpx.Response) -> bool:
    return response.status_code == 403 and response.json()["error"]["message"] == _REFUSED


@pytest.mark.parametrize(
    "query",
    [
        "RLQUERYoauth_credential.user,>0^tokenSTARTSWITHs^ENDRLQUERY",
        "RLQUERYsys_user.manager,>0^user_passwordSTARTSWITHp^ENDRLQUERY",
        "RLQUERYsys_journal_field.element_id,>0^valueLIKEwater^ENDRLQUERY",
        "JOINsys_user.sys_id=oauth_credential.user!tokenISNOTEMPTY",
        "JOINsys_user.sys_id=sys_user.sys_id!failed_attempts>1",
        "JOINsys_user.user_password=sys_user.user_password!active=true",
    ],
)
@fact(
    "Conditions of related lists and joins need the right to read the fields they are about",
    tag="R",
)
async def test_related_lists_and_joins_ask_for_rights_of_the_other_table(
    api: Api, query: str
) -> None:
    assert is_refused(await api.get("/table/sys_user", by=CHARLIE, sysparm_query=query))
    for_admin = await api.get("/table/sys_user", by=DANA, sysparm_query=query)
    assert for_admin.status_code == 200


async def test_a_join_on_what_may_be_read_is_answered_whatever_its_fields_mean_elsewhere(
    api: Api,
) -> None:
    # `roles` is a field of people that only administrators read; one of articles is not.
    query = "JOINsys_user.sys_id=kb_knowledge.author!rolesISEMPTY"
    assert (await api.get("/table/sys_user", sysparm_query=query)).status_code == 200


@pytest.mark.parametrize(
    "query", ["problem_id.short_descriptionLIKEdisk", "ORDERBYproblem_id.short_description"]
)
@fact(
    "A dot-walk in a query into a table the person may not read is refused as an unreadable field",
    tag="R",
)
async def test_a_walk_into_a_closed_table_is_refused(api: Api, query: str) -> None:
    assert is_refused(await api.get("/table/incident", by=CHARLIE, sysparm_query=query))
    assert (await api.get("/table/incident", by=ABEL, sysparm_query=query)).status_code == 200


async def test_who_approves_a_problem_may_search_problems(api: Api) -> None:
    problem = api.instance.insert("problem", {"number": "PRB1"})
    query = {"sysparm_query": "numberLIKEPRB", "sysparm_fields": "number"}
    assert is_refused(await api.get("/table/problem", by=CHARLIE, **query))
    asked = {"sysapproval": problem, "approver": CHARLIE, "state": "requested"}
    api.instance.insert("sysapproval_approver", asked)
    assert await api.result("/table/problem", by=CHARLIE, **query) == [{"number": "PRB1"}]


@fact(
    "Fields of a table that a person may not read at all are unreadable to their queries",
    tag="M live answers",
)
async def test_a_closed_table_cannot_be_searched_by_counting_what_matches(api: Api) -> None:
    for table, query in (
        ("sys_journal_field", "valueLIKEwater"),
        ("problem", "short_descriptionLIKEdisk"),
        ("sys_properties", "nameLIKEglide"),
    ):
        path = f"/table/{table}"
        assert is_refused(await api.get(path, by=CHARLIE, sysparm_query=query)), table
        without = await api.get(path, by=CHARLIE)
        assert (without.status_code, without.json()) == (200, {"result": []})


async def test_the_thread_of_an_incident_is_no_way_to_its_work_notes(api: Api) -> None:
    query = "comments_and_work_notesLIKEwater"
    assert is_refused(await api.get("/table/incident", by=CHARLIE, sysparm_query=query))
    response = await api.get("/table/incident", by=ABEL, sysparm_query=query)
    assert [row["sys_id"] for row in response.json()["result"]] == [FIRST]


@pytest.mark.parametrize(
    "query", ["u_nope=1", "u_nopeLIKEx^active=true", "manager.u_nope=1", "ORDERBYu_nope"]
)
@fact(
    "Some instances refuse a query on an unknown field as one on an unreadable field, with 403",
    tag="M on instances of the Australia release, by others",
)
async def test_an_instance_may_not_tell_unknown_fields_from_unreadable_ones(
    api: Api, query: str
) -> None:
    everybody = await api.result("/table/sys_user", by=DANA, sysparm_query="u_nope=1")
    assert len(everybody) == 4
    api.instance.switches.unknown_query_fields_are_refused = True
    assert is_refused(await api.get("/table/sys_user", by=DANA, sysparm_query=query))
    known = await api.result("/table/sys_user", by=DANA, sysparm_query="active=true")
    assert len(known) == 4


@fact(
    "glide.export.query.enforce_field_acl says whether queries on unreadable fields are refused",
    tag="R",
)
async def test_a_property_says_whether_queries_are_checked(api: Api) -> None:
    asked = {"sysparm_query": "failed_attempts>1", "sysparm_fields": "user_name"}
    assert is_refused(await api.get("/table/sys_user", **asked))
    values = {"name": "glide.export.query.enforce_field_acl", "value": "false"}
    sys_id = api.instance.insert("sys_properties", values)
    assert (await api.get("/table/sys_user", **asked)).status_code == 200
    api.instance.update("sys_properties", sys_id, {"value": "true"})
    assert is_refused(await api.get("/table/sys_user", **asked))


@fact("A text search does not look into fields the person may never read", tag="R")
async def test_a_text_search_leaves_unreadable_journals_alone(api: Api) -> None:
    api.instance.update("incident", SECOND, {"work_notes": "The zebra did it"})
    api.instance.update("incident", SECOND, {"comments": "A giraffe, we think"})

    async def found(by: str, word: str) -> int:
        query = f"123TEXTQUERY321={word}"
        response = await api.get("/table/incident", by=by, sysparm_query=query)
        return int(response.headers["X-Total-Count"])

    assert await found(ABEL, "zebra") == 1
    assert await found(CHARLIE, "zebra") == 0
    assert await found(CHARLIE, "giraffe") == 1


async def test_a_text_search_finds_nothing_where_no_text_may_be_read(api: Api) -> None:
    response = await api.get(
        "/table/sys_metadata", by=CHARLIE, sysparm_query="123TEXTQUERY321=glide"
    )
    assert response.json() == {"result": []}


async def test_aggregates_do_not_walk_into_a_closed_table(api: Api) -> None:
    for table, walk in (("sc_cat_item", "workflow.name"), ("task_time_worked", "task.number")):
        for asked in ("sysparm_group_by", "sysparm_max_fields"):
            response = await api.get(f"/stats/{table}", by=CHARLIE, **{asked: walk})
            assert is_refused(response), walk
            assert (await api.get(f"/stats/{table}", by=DANA, **{asked: walk})).status_code == 200
