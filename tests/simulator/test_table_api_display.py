"""The three display modes, for every kind of field."""

import pytest

from tests.simulator.facts import fact
from tests.simulator.small_instance import (
    ABEL,
    BETH,
    CHARLIE,
    DANA,
    FIRST,
    FOURTH,
    HOST,
    SECOND,
    THIRD,
    Api,
)

ABEL_LINK = f"{HOST}/api/now/table/sys_user/{ABEL}"


@pytest.fixture
def api() -> Api:
    """The Table API of a fresh small instance."""
    return Api()


async def shown(
    api: Api, field: str, mode: str, *, of: str = FIRST, by: str = ABEL, **more: str
) -> object:
    """One field of an incident in a display mode."""
    record = await api.result(
        f"/table/incident/{of}", by=by, sysparm_fields=field, sysparm_display_value=mode, **more
    )
    return record[field]


@pytest.mark.parametrize(
    ("field", "of", "value", "label"),
    [
        ("short_description", FIRST, "Printer on fire", "Printer on fire"),
        ("sys_id", FIRST, FIRST, FIRST),
        ("state", SECOND, "2", "In Progress"),
        ("priority", FIRST, "1", "1 - Critical"),
        ("category", THIRD, "Network", "Network"),
        ("subcategory", FIRST, "", ""),
        ("active", FIRST, "true", "true"),
        ("opened_at", FIRST, "2026-11-19 08:00:00", "2026-11-19 08:00:00"),
        ("resolved_at", FIRST, "", ""),
        ("due_date", FIRST, "", ""),
        ("business_duration", FOURTH, "1970-01-02 02:01:00", "1 Day 2 Hours 1 Minute"),
        ("business_duration", FIRST, "", ""),
        ("sys_class_name", FIRST, "incident", "Incident"),
        ("watch_list", SECOND, f"{ABEL},{BETH}", "Abel Tuter, Beth Anglin"),
        ("group_list", FIRST, "", ""),
        ("reopen_count", THIRD, "10", "10"),
        ("caller_id.name", FIRST, "Abel Tuter", "Abel Tuter"),
        ("parent.state", FOURTH, "1", "New"),
        ("parent.opened_at", FIRST, "", ""),
    ],
)
@fact(
    "sysparm_display_value=all gives value and display_value of every field, sys_id too",
    tag="D Table API",
)
async def test_a_plain_field_is_its_value_its_label_or_both(
    api: Api, field: str, of: str, value: str, label: str
) -> None:
    assert await shown(api, field, "false", of=of) == value
    assert await shown(api, field, "true", of=of) == label
    assert await shown(api, field, "all", of=of) == {"display_value": label, "value": value}


@fact(
    "A reference is an object with a link, until sysparm_exclude_reference_link takes it away",
    tag="D Table API",
)
async def test_a_reference_has_a_link_until_it_is_excluded(api: Api) -> None:
    assert await shown(api, "caller_id", "false") == {"link": ABEL_LINK, "value": ABEL}
    assert await shown(api, "caller_id", "true") == {
        "display_value": "Abel Tuter",
        "link": ABEL_LINK,
    }
    assert await shown(api, "caller_id", "all") == {
        "display_value": "Abel Tuter",
        "value": ABEL,
        "link": ABEL_LINK,
    }
    without = {"sysparm_exclude_reference_link": "true"}
    assert await shown(api, "caller_id", "false", **without) == ABEL
    assert await shown(api, "caller_id", "true", **without) == "Abel Tuter"
    assert await shown(api, "caller_id", "all", **without) == {
        "display_value": "Abel Tuter",
        "value": ABEL,
    }


@pytest.mark.parametrize("version", ["", "/v1", "/v2"])
@fact("Links of references lead to the version of the API that was asked", tag="M live answers")
async def test_links_have_the_version_that_was_asked(api: Api, version: str) -> None:
    for mode in ("false", "true", "all"):
        record = await api.result(
            f"{version}/table/incident/{FIRST}",
            sysparm_fields="caller_id,sys_domain",
            sysparm_display_value=mode,
        )
        start = f"{HOST}/api/now{version}/table"
        assert record["caller_id"]["link"] == f"{start}/sys_user/{ABEL}"
        assert record["sys_domain"]["link"] == f"{start}/sys_user_group/global"


@fact("An empty reference is an empty string, not an object", tag="M live answers")
async def test_an_empty_reference_is_empty_in_every_mode(api: Api) -> None:
    for links in ("true", "false"):
        excluded = {"sysparm_exclude_reference_link": links}
        assert await shown(api, "assigned_to", "false", **excluded) == ""
        assert await shown(api, "assigned_to", "true", **excluded) == ""
        assert await shown(api, "assigned_to", "all", **excluded) == {
            "display_value": "",
            "value": "",
        }


@fact("An unknown sysparm_display_value is as false", tag="R")
async def test_an_unknown_mode_shows_values(api: Api) -> None:
    assert await shown(api, "state", "perhaps", of=SECOND) == "2"


@fact("A dot-walked field that is a reference is answered as one", tag="R")
async def test_a_reference_at_the_end_of_a_walk_is_a_reference(api: Api) -> None:
    assert await shown(api, "caller_id.manager", "all", of=THIRD) == {
        "display_value": "Abel Tuter",
        "value": ABEL,
        "link": ABEL_LINK,
    }


@fact("sys_domain links to the group global", tag="M live answers")
async def test_the_domain_links_to_the_global_group(api: Api) -> None:
    link = f"{HOST}/api/now/table/sys_user_group/global"
    assert await shown(api, "sys_domain", "false") == {"link": link, "value": "global"}
    assert await shown(api, "sys_domain", "true") == {"display_value": "global", "link": link}
    assert await shown(api, "sys_domain", "all", sysparm_exclude_reference_link="true") == {
        "display_value": "global",
        "value": "global",
    }


@fact("Display values of times are in the person's zone and format", tag="D Table API")
@fact("The value of a moment is in UTC and has no zone, whoever reads it", tag="M live answers")
async def test_times_are_shown_as_the_person_reads_them(api: Api) -> None:
    assert await shown(api, "opened_at", "true", by=BETH) == "19.11.2026 09:00:00 AM"
    both = await shown(api, "opened_at", "all", by=BETH)
    assert both == {
        "display_value": "19.11.2026 09:00:00 AM",
        "value": "2026-11-19 08:00:00",
    }


async def test_an_unknown_time_zone_is_utc(api: Api) -> None:
    seen = await shown(api, "opened_at", "true", of=SECOND, by=CHARLIE)
    assert seen == "2026-11-20 08:30:00"


async def test_dates_are_shown_in_the_persons_format(api: Api) -> None:
    for person, date in ((DANA, "2026-11-19"), (BETH, "19.11.2026")):
        api.instance.insert("sys_user_has_role", {"user": BETH, "role": "role-user_admin"})
        record = await api.result(
            f"/table/sys_user/{BETH}",
            by=person,
            sysparm_fields="last_login",
            sysparm_display_value="true",
        )
        assert record == {"last_login": date}


@fact("A password is shown as eight stars", tag="C PySNC")
async def test_a_password_is_masked_in_every_mode(api: Api) -> None:
    for mode, expected in (
        ("false", "********"),
        ("true", "********"),
        ("all", {"display_value": "********", "value": "********"}),
    ):
        record = await api.result(
            f"/table/sys_user/{DANA}",
            by=DANA,
            sysparm_fields="user_password",
            sysparm_display_value=mode,
        )
        assert record["user_password"] == expected
    none = await api.result(f"/table/sys_user/{ABEL}", by=DANA, sysparm_fields="user_password")
    assert none == {"user_password": ""}


@fact("A reference to a record that is gone has an empty display value", tag="R")
async def test_a_reference_without_its_record_has_no_name(api: Api) -> None:
    lost = api.instance.insert("incident", {"number": "INC1", "caller_id": "f" * 32})
    assert await shown(api, "caller_id", "all", of=lost, sysparm_exclude_reference_link="true") == {
        "display_value": "",
        "value": "f" * 32,
    }


async def test_a_list_names_who_is_gone_by_the_sys_id(api: Api) -> None:
    lost = api.instance.insert("incident", {"number": "INC2", "watch_list": f"{ABEL},{'f' * 32}"})
    assert await shown(api, "watch_list", "true", of=lost) == f"Abel Tuter, {'f' * 32}"


async def test_every_record_of_a_page_has_its_list_of_names(api: Api) -> None:
    twice = {"number": "INC3", "watch_list": f"{ABEL},{BETH}"}
    api.instance.insert_many("incident", [twice, twice])
    records = await api.result(
        "/table/incident",
        sysparm_query="number=INC3",
        sysparm_fields="watch_list",
        sysparm_display_value="true",
    )
    assert records == [{"watch_list": "Abel Tuter, Beth Anglin"}] * 2


async def test_a_display_value_may_lead_through_another_reference(api: Api) -> None:
    record = await api.result(
        "/table/sys_user_has_role",
        by=DANA,
        sysparm_query=f"user={ABEL}",
        sysparm_fields="role,role.name",
        sysparm_display_value="true",
        sysparm_exclude_reference_link="true",
    )
    assert record == [{"role": "itil", "role.name": "itil"}]


@fact("A choice has the label of the record's class, also in a list of its parent table", tag="R")
async def test_labels_follow_the_class_of_each_record(api: Api) -> None:
    problem = api.instance.insert("problem", {"number": "PRB1", "state": "104"})
    records = await api.result(
        "/table/task",
        sysparm_query=f"sys_idIN{SECOND},{problem}^ORDERBYnumber",
        sysparm_fields="state,sys_class_name",
        sysparm_display_value="true",
    )
    assert records == [
        {"state": "In Progress", "sys_class_name": "Incident"},
        {"state": "Fix in Progress", "sys_class_name": "Problem"},
    ]


@fact("Labels are those of sys_choice, whoever changes them", tag="D Choice lists")
async def test_labels_follow_changes_of_the_choices(api: Api) -> None:
    fresh = Api()
    choice = fresh.instance.query("sys_choice", "name=incident^element=state^value=2")[0]
    assert await shown(fresh, "state", "true", of=SECOND) == "In Progress"
    fresh.instance.update("sys_choice", choice["sys_id"], {"label": "Being worked on"})
    assert await shown(fresh, "state", "true", of=SECOND) == "Being worked on"


@pytest.mark.parametrize(
    ("stored", "expected"),
    [
        ("1970-01-01 00:00:42", "42 Seconds"),
        ("1970-01-01 00:02:17", "2 Minutes"),
        ("1970-01-03 01:00:00", "2 Days 1 Hour"),
        ("soon", "soon"),
    ],
)
@fact("A duration is stored as a time since 1970 and shown in words", tag="D Table API")
async def test_durations_are_shown_in_words(api: Api, stored: str, expected: str) -> None:
    timed = api.instance.insert("incident", {"time_worked": stored})
    assert await shown(api, "time_worked", "true", of=timed) == expected


async def test_what_is_no_date_is_shown_as_it_is(api: Api) -> None:
    odd = api.instance.insert("sys_user", {"user_name": "odd", "last_login": "never"})
    record = await api.result(
        f"/table/sys_user/{odd}",
        by=DANA,
        sysparm_fields="last_login",
        sysparm_display_value="true",
    )
    assert record == {"last_login": "never"}


async def test_what_is_no_time_is_shown_as_it_is(api: Api) -> None:
    odd = api.instance.insert("incident", {"opened_at": "soon"})
    assert await shown(api, "opened_at", "true", of=odd, by=BETH) == "soon"
