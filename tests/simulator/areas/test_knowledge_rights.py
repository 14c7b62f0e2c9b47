"""Who may read and write knowledge: user criteria of bases and articles, roles, managers."""

from collections.abc import Mapping

import pytest

from simulator.access.acls import READ
from simulator.instance import Instance
from simulator.seed import ids
from simulator.world import World
from tests.simulator.areas.small_library import (
    DRAFT,
    OPEN,
    PRICES,
    RETIRED,
    SALES_ONLY,
    VPN,
    library,
)
from tests.simulator.facts import fact
from tests.simulator.small_instance import ABEL, BETH, CHARLIE, DANA, FIRST, NETWORK, SECOND, Api

CRITERION = "9" * 32


@pytest.fixture
def api() -> Api:
    """The APIs of a small instance with a library."""
    return library()


def restrict(instance: Instance, table: str, **criterion: str) -> None:
    """Give the open base one more criterion of a kind."""
    instance.insert("user_criteria", {"sys_id": CRITERION, "name": "One", **criterion})
    instance.insert(table, {"kb_knowledge_base": OPEN, "user_criteria": CRITERION})


async def reads(api: Api, person: str, sys_id: str = VPN) -> bool:
    """Whether a person can read an article over the Table API."""
    return (await api.get(f"/table/kb_knowledge/{sys_id}", by=person)).status_code == 200


@pytest.mark.parametrize(
    ("criterion", "person", "other"),
    [
        ({"user": f"{CHARLIE},{DANA}"}, CHARLIE, ABEL),
        ({"group": NETWORK}, BETH, CHARLIE),
        ({"role": "role-itil"}, ABEL, CHARLIE),
        ({"company": "2" * 32}, CHARLIE, ABEL),
        ({"location": "3" * 32}, CHARLIE, ABEL),
        ({"user": CHARLIE, "company": "2" * 32, "match_all": "true"}, CHARLIE, ABEL),
    ],
)
async def test_a_base_is_read_by_whom_its_criteria_name(
    api: Api, criterion: Mapping[str, str], person: str, other: str
) -> None:
    api.instance.update("sys_user", CHARLIE, {"company": "2" * 32, "location": "3" * 32})
    api.instance.update("kb_knowledge", VPN, {"author": DANA})
    restrict(api.instance, "kb_uc_can_read_mtom", **criterion)
    assert await reads(api, person)
    assert not await reads(api, other)


@pytest.mark.parametrize(
    "criterion",
    [
        {},
        {"user": CHARLIE, "active": "false"},
        {"user": CHARLIE, "role": "role-itil", "match_all": "true"},
        {"advanced": "true", "script": "answer = true;"},
        {"group": "nothing"},
    ],
)
async def test_criteria_that_do_not_match_let_nobody_in(
    api: Api, criterion: Mapping[str, str]
) -> None:
    restrict(api.instance, "kb_uc_can_read_mtom", **criterion)
    assert not await reads(api, CHARLIE)


@fact(
    "A cannot-read criterion of a knowledge base wins over a can-read one",
    tag="D user criteria of knowledge",
)
async def test_cannot_read_wins(api: Api) -> None:
    restrict(api.instance, "kb_uc_can_read_mtom", user=CHARLIE)
    assert await reads(api, CHARLIE)
    api.instance.insert(
        "kb_uc_cannot_read_mtom", {"kb_knowledge_base": OPEN, "user_criteria": CRITERION}
    )
    assert not await reads(api, CHARLIE)


@fact(
    "Whether a knowledge base without user criteria is open depends on"
    " glide.knowman.block_access_with_no_user_criteria",
    tag="D knowledge properties",
)
async def test_a_property_closes_bases_without_criteria(api: Api) -> None:
    name = "glide.knowman.block_access_with_no_user_criteria"
    assert await reads(api, CHARLIE)
    api.instance.insert("sys_properties", {"name": name, "value": "true"})
    assert not await reads(api, CHARLIE)
    assert await reads(api, DANA)


async def test_an_inactive_base_is_closed_to_all_but_its_managers(api: Api) -> None:
    api.instance.update("kb_knowledge_base", OPEN, {"active": "false", "kb_managers": CHARLIE})
    assert await reads(api, CHARLIE)
    assert not await reads(api, ABEL)


async def test_an_article_may_have_criteria_and_roles_of_its_own(api: Api) -> None:
    api.instance.update("kb_knowledge", VPN, {"author": BETH})
    api.instance.insert("user_criteria", {"sys_id": CRITERION, "name": "C", "user": CHARLIE})
    api.instance.update("kb_knowledge", VPN, {"can_read_user_criteria": CRITERION})
    assert (await reads(api, CHARLIE), await reads(api, ABEL)) == (True, False)
    api.instance.update("kb_knowledge", VPN, {"cannot_read_user_criteria": CRITERION})
    assert not await reads(api, CHARLIE)
    clear = {"cannot_read_user_criteria": "", "can_read_user_criteria": "", "roles": "itil"}
    api.instance.update("kb_knowledge", VPN, clear)
    assert (await reads(api, CHARLIE), await reads(api, ABEL)) == (False, True)


async def test_drafts_and_retired_articles_are_for_contributors(api: Api) -> None:
    for article in (DRAFT, RETIRED):
        assert await reads(api, ABEL, article)
        assert not await reads(api, CHARLIE, article)


async def test_what_hangs_on_a_hidden_article_or_base_is_hidden_too(api: Api) -> None:
    rows = {
        "kb_use": {"article": PRICES, "user": CHARLIE},
        "kb_feedback": {"article": PRICES, "user": CHARLIE, "comments": "secret"},
        "kb_version": {"knowledge": PRICES, "version": "1.0"},
        "m2m_kb_task": {"kb_knowledge": PRICES, "task": SECOND},
        "kb_category": {"label": "secret", "kb_knowledge_base": SALES_ONLY},
    }
    for table, values in rows.items():
        sys_id = api.instance.insert(table, values)
        assert await api.result(f"/table/{table}", by=CHARLIE) == []
        assert (await api.get(f"/table/{table}/{sys_id}", by=CHARLIE)).status_code == 404
        assert len(await api.result(f"/table/{table}", by=BETH)) == 1 or table == "m2m_kb_task"
    titles = {row["title"] for row in await api.result("/table/kb_knowledge_base", by=CHARLIE)}
    assert titles == {"IT"}
    assert await api.result("/table/kb_uc_can_read_mtom", by=CHARLIE) == []


async def test_an_article_on_a_task_is_seen_with_both(api: Api) -> None:
    api.instance.insert("m2m_kb_task", {"kb_knowledge": VPN, "task": FIRST})
    assert len(await api.result("/table/m2m_kb_task", by=ABEL)) == 1
    assert await api.result("/table/m2m_kb_task", by=CHARLIE) == []  # not their incident


async def test_people_without_a_role_write_no_articles(api: Api) -> None:
    values = {"short_description": "Mine", "kb_knowledge_base": OPEN}
    assert (await api.post("/table/kb_knowledge", values, by=CHARLIE)).status_code == 403
    assert (await api.post("/table/kb_knowledge", values, by=ABEL)).status_code == 201
    hidden = values | {"kb_knowledge_base": SALES_ONLY}
    assert (await api.post("/table/kb_knowledge", hidden, by=ABEL)).status_code == 403


async def test_contribution_criteria_decide_who_writes(api: Api) -> None:
    restrict(api.instance, "kb_uc_can_contribute_mtom", user=CHARLIE)
    values = {"short_description": "Mine", "kb_knowledge_base": OPEN}
    assert (await api.post("/table/kb_knowledge", values, by=CHARLIE)).status_code == 201
    assert (await api.post("/table/kb_knowledge", values, by=ABEL)).status_code == 403
    api.instance.insert(
        "kb_uc_cannot_contribute_mtom", {"kb_knowledge_base": OPEN, "user_criteria": CRITERION}
    )
    assert (await api.post("/table/kb_knowledge", values, by=CHARLIE)).status_code == 403


async def test_only_managers_delete_articles_and_keep_bases(api: Api) -> None:
    path = f"/table/kb_knowledge/{VPN}"
    assert (await api.call("DELETE", path, by=ABEL)).status_code == 403
    base = f"/table/kb_knowledge_base/{OPEN}"
    assert (await api.patch(base, {"description": "x"}, by=ABEL)).status_code == 403
    assert (await api.patch(base, {"description": "x"}, by=BETH)).status_code == 200
    assert (await api.call("DELETE", path, by=BETH)).status_code == 204


def test_the_demo_has_a_base_that_only_it_reads(world: World) -> None:
    instance = world.instance
    assert instance.count("kb_knowledge_base") == 3
    assert instance.count("kb_knowledge") >= 40
    states = {row["workflow_state"] for row in instance.query("kb_knowledge")}
    assert {"published", "draft", "retired", "review"} <= states
    (base,) = instance.query("kb_knowledge_base", "title=IT Runbooks")
    verdicts = {}
    for name in ("abel.tuter", "charlie.whitherspoon", "joe.employee"):
        person = instance.person(ids.person_id(name))
        assert person is not None
        verdict = instance.access.row(person, "kb_knowledge_base", READ)
        verdicts[name] = verdict.holds(person, base)
    assert verdicts == {"abel.tuter": True, "charlie.whitherspoon": False, "joe.employee": False}


async def test_a_hidden_article_does_not_show_through_one_that_refers_to_it(api: Api) -> None:
    api.instance.update("kb_knowledge", VPN, {"parent": PRICES})
    path = f"/table/kb_knowledge/{VPN}"
    fields = "number,parent.text,parent.kb_knowledge_base.title"
    seen = await api.result(path, by=CHARLIE, sysparm_fields=fields)
    assert seen == {"number": "KB0000001"}
    whole = await api.result(path, by=BETH, sysparm_fields=fields)
    assert whole["parent.text"] == "secret vpn"
    assert whole["parent.kb_knowledge_base.title"] == "Sales"
