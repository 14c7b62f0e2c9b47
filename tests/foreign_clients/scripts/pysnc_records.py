"""pysnc: reading records, as its documentation and its own integration tests do."""

from place import ABEL, ADMIN, ADMIN_ID, CHARLIE, INSTANCE, SIMULATOR, failure
from pysnc import ServiceNowClient, exceptions

client = ServiceNowClient(SIMULATOR, ADMIN)


def an_instance_is_reached_by_its_name() -> None:
    named = ServiceNowClient(INSTANCE, ABEL)
    assert named.instance == f"https://{INSTANCE}.service-now.com"
    record = named.GlideRecord("incident")
    record.limit = 1
    record.query()
    assert record.next()


def a_record_is_got_by_its_sys_id() -> None:
    record = client.GlideRecord("sys_user")
    assert record.get(ADMIN_ID) is True
    assert record.user_name == "admin"
    assert record.get_link(no_stack=True).endswith(f"sys_user.do?sys_id={ADMIN_ID}")


def a_record_is_got_by_a_field() -> None:
    record = client.GlideRecord("sys_user")
    assert record.get("user_name", "beth.anglin") is True
    assert record.name == "Beth Anglin"


def a_record_that_is_not_there_is_false() -> None:
    record = client.GlideRecord("sys_user")
    assert record.get("bunk") is False
    assert record.get("sys_id", "bunk") is False
    assert not record.has_next()


def conditions_are_joined() -> None:
    record = client.GlideRecord("incident")
    record.add_active_query()
    condition = record.add_query("priority", "1")
    condition.add_or_condition("priority", "2")
    record.query()
    assert len(record) == record.get_row_count() > 0
    assert {each.get_value("priority") for each in record} == {"1", "2"}
    assert all(each.active == "true" for each in record)


def an_encoded_query_comes_after_the_others() -> None:
    record = client.GlideRecord("incident")
    record.add_encoded_query("stateIN1,2^ORDERBYDESCnumber")
    record.add_query("number", "STARTSWITH", "INC001")
    record.fields = ["number", "state"]
    record.query()
    assert record.next()
    assert record.state in ("1", "2")


def empty_fields_and_filled_ones() -> None:
    filled, empty, every = (client.GlideRecord("incident") for _ in range(3))
    filled.add_not_null_query("assigned_to")
    empty.add_null_query("assigned_to")
    for record in (filled, empty, every):
        record.fields = "sys_id"
        record.query()
    assert 0 < len(filled) < len(every)
    assert len(filled) + len(empty) == len(every)


def a_join_finds_managers_of_groups() -> None:
    record = client.GlideRecord("sys_user")
    join = record.add_join_query("sys_user_group", join_table_field="manager")
    join.add_query("active", "true")
    assert "JOINsys_user.sys_id=sys_user_group.manager!active=true" in record.get_encoded_query()
    record.query()
    group = client.GlideRecord("sys_user_group")
    group.add_query("active", "true")
    group.add_not_null_query("manager")
    group.query()
    assert {each.get_value("sys_id") for each in record} == {
        each.get_value("manager") for each in group
    }
    assert len(record) > 0


def a_join_finds_who_has_a_role() -> None:
    role = client.GlideRecord("sys_user_role")
    assert role.get("name", "admin")
    record = client.GlideRecord("sys_user")
    join = record.add_join_query("sys_user_has_role", join_table_field="user")
    join.add_query("role", str(role.sys_id))
    record.query()
    assert "admin" in [str(each.user_name) for each in record]


def a_related_list_query_counts_what_points_here() -> None:
    role, group = client.GlideRecord("sys_user_role"), client.GlideRecord("sys_user_group")
    assert role.get("name", "itil")
    assert group.get("name", "Network")
    given = client.GlideRecord("sys_group_has_role")
    given.initialize()
    given.role = str(role.sys_id)
    given.group = str(group.sys_id)
    assert given.insert()
    written = client.GlideRecord("sys_user_group")
    written.add_encoded_query("RLQUERYsys_group_has_role.group,>0,m2m^role.nameLIKEitil^ENDRLQUERY")
    built = client.GlideRecord("sys_user_group")
    condition = built.add_rl_query("sys_group_has_role", "group", ">0", stop_at_relationship=True)
    condition.add_query("role.name", "LIKE", "itil")
    for record in (written, built):
        record.query()
        assert len(record) > 0
    assert [str(one.sys_id) for one in written] == [str(one.sys_id) for one in built]
    nobody = client.GlideRecord("sys_user_group")
    nobody.add_rl_query("sys_group_has_role", "group", "=0", stop_at_relationship=False)
    nobody.query()
    every = client.GlideRecord("sys_user_group")
    every.query()
    assert len(nobody) < len(every)


def references_are_walked_along() -> None:
    record = client.GlideRecord("sys_user")
    record.fields = "sys_id,active,email,department,department.name,manager.user_name"
    assert record.get("user_name", "beth.anglin")
    assert len(record.get_value("department")) == 32
    assert record.department.name == record.get_display_value("department")
    assert record.get_value("department.name") == record.get_display_value("department")
    assert record.get_element("nonsense") is None
    missing = failure(AttributeError, lambda: record.department.description)
    assert "has no attribute" in str(missing)


def pages_are_fetched_while_they_are_needed() -> None:
    record = client.GlideRecord("incident", batch_size=50)
    record.fields = "sys_id"
    record.query()
    assert record.get_row_count() > 150
    found = [str(each.sys_id) for each in record]
    assert len(found) == len(set(found)) == len(record)
    assert found == sorted(found)
    assert len([each.sys_id for each in record]) == len(record)


def a_limit_holds_over_several_pages() -> None:
    for limit in (9, 7):
        record = client.GlideRecord("incident")
        record.fields = "sys_id"
        record.batch_size = 3
        record.limit = limit
        record.query()
        assert len([each.sys_id for each in record]) == limit


def a_record_set_that_is_spent_is_not_rewound() -> None:
    record = client.GlideRecord("incident", batch_size=25, rewindable=False)
    record.fields = "sys_id"
    record.limit = 50
    record.query()
    assert len(list(record)) == 50
    assert not list(record)


def fields_are_those_asked_for() -> None:
    record = client.GlideRecord("sys_user")
    record.fields = "sys_id,name"
    assert record.get(ADMIN_ID)
    assert set(record.serialize()) == {"sys_id", "name"}
    assert "name" in record
    assert "whatever" not in record
    every = client.GlideRecord("sys_user")
    every.limit = 1
    every.query()
    assert len(every.fields) > 10


def values_and_display_values_differ() -> None:
    record = client.GlideRecord("incident")
    record.fields = "sys_id,state,caller_id,active"
    assert record.get("number", "INC0010001")
    assert record.state == "2"
    assert record.get_display_value("state") == "In Progress"
    assert record.get_display_value("caller_id") == "Abel Tuter"
    assert len(record.get_value("caller_id")) == 32
    assert bool(record.active)
    assert f"State is {record.state}" == "State is 2"
    both = record.serialize(display_value="both")
    assert both["state"] == {"value": "2", "display_value": "In Progress"}
    assert record.serialize(display_value=True)["state"] == "In Progress"


def a_password_is_never_shown() -> None:
    record = client.GlideRecord("sys_user")
    assert record.get(ADMIN_ID)
    assert record.get_display_value("user_password") == "********"


def display_values_may_be_left_out_or_alone() -> None:
    for asked in (False, True):
        record = client.GlideRecord("incident")
        record.display_value = asked
        record.add_query("number", "INC0010001")
        record.query()
        assert record.next()
        assert record.get_value("state") == ("In Progress" if asked else "2")
        assert record.sys_updated_on.date_value().year >= 2020


def links_are_there_where_they_are_wanted() -> None:
    record = client.GlideRecord("incident")
    record.exclude_reference_link = False
    assert record.get("number", "INC0010001")
    link = record.caller_id.get_link()
    assert link == f"{SIMULATOR}/api/now/table/sys_user/{record.caller_id}"


def a_view_and_an_order() -> None:
    record = client.GlideRecord("incident")
    record.view = "mobile"
    record.order_by_desc("number")
    record.limit = 5
    record.query()
    numbers = [str(each.number) for each in record]
    assert numbers == sorted(numbers, reverse=True)


def records_become_columns() -> None:
    record = client.GlideRecord("incident")
    record.fields = "sys_id,short_description,state"
    record.limit = 4
    record.query()
    assert list(record.to_pandas()) == [
        *("sys_id", "short_description", "state__value", "state__display"),
    ]
    assert list(record.to_pandas(mode="display")) == ["sys_id", "short_description", "state"]
    assert len(record.to_pandas(mode="both")["state__value"]) == 4
    assert len(record.serialize_all()) == 4


def a_very_long_query_travels_in_a_batch() -> None:
    record = client.GlideRecord("sys_user")
    for _ in range(2300):
        record.add_query("AAAA", "BBBB")
    record.add_query("sys_id", ADMIN_ID)
    assert len(record.get_encoded_query()) > 23_000
    record.query()
    assert len(record) == 1
    assert record.next()
    assert record.sys_id == ADMIN_ID


def an_absurd_table_is_refused_in_html() -> None:
    record = client.GlideRecord("A" * 23_000)
    refused = failure(exceptions.RequestException, lambda: record.get("whatever"))
    assert str(refused).startswith("<")
    assert "html>" in str(refused)


def a_table_that_is_not_there_is_refused() -> None:
    record = client.GlideRecord("sys_user_list")
    refused = failure(exceptions.RequestException, lambda: record.get("whatever"))
    assert "Invalid table sys_user_list" in str(refused)


def people_see_what_they_may_see() -> None:
    charlie = ServiceNowClient(SIMULATOR, CHARLIE)
    record = charlie.GlideRecord("incident")
    record.batch_size = 300
    record.query()
    seen = list(record)
    assert 0 < len(seen) < len(record)


def the_dictionary_is_read_like_any_table() -> None:
    record = client.GlideRecord("sys_db_object")
    condition = record.add_query("name", "incident")
    condition.add_or_condition("name", "problem")
    record.query()
    assert record.get_row_count() == 2


def aggregates_are_asked_for_in_its_session() -> None:
    answer = client.session.get(
        f"{client.instance}/api/now/stats/incident",
        params={
            "sysparm_count": "true",
            "sysparm_avg_fields": "priority",
            "sysparm_group_by": "assignment_group",
            "sysparm_display_value": "all",
            "sysparm_query": "assignment_groupISNOTEMPTY",
        },
    )
    groups = answer.json()["result"]
    record = client.GlideRecord("incident")
    record.add_not_null_query("assignment_group")
    record.query()
    assert sum(int(group["stats"]["count"]) for group in groups) == len(record)
    names = [group["groupby_fields"][0]["display_value"] for group in groups]
    assert names == sorted(names)
    assert all(1 <= float(group["stats"]["avg"]["priority"]) <= 5 for group in groups)
