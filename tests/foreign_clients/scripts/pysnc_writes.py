"""pysnc: inserting, changing and deleting, one by one and many in a batch."""

from place import ADMIN, ADMIN_ID, CHARLIE, SIMULATOR, failure, unique
from pysnc import ServiceNowClient, exceptions

client = ServiceNowClient(SIMULATOR, ADMIN)


def _problems(text: str):  # noqa: ANN202  # the type is the client's
    record = client.GlideRecord("problem")
    record.add_query("short_description", "LIKE", text)
    record.query()
    return record


def _inserted(text: str, count: int) -> None:
    for number in range(count):
        record = client.GlideRecord("problem")
        record.initialize()
        record.short_description = f"{text} {number}"
        assert record.insert()


def a_record_is_inserted_changed_and_deleted() -> None:
    record = client.GlideRecord("problem")
    record.initialize()
    record.short_description = "Unit Test - Insert"
    record.description = "Second Field"
    record.bunk_field = "Bunk Field"
    assert record.is_new_record()
    sys_id = record.insert()
    assert sys_id == record.sys_id
    assert record.get_value("opened_by") == ADMIN_ID
    assert record.get_display_value("opened_by") == "System Administrator"
    assert str(record.number).startswith("PRB")

    again = client.GlideRecord("problem")
    assert again.get(str(sys_id))
    assert not again.changes()
    beth = client.GlideRecord("sys_user")
    assert beth.get("user_name", "beth.anglin")
    again.short_description = "ABCDEFG0123"
    again.assigned_to = beth.sys_id
    assert again.changes()
    assert again.update() is not None
    assert again.short_description == "ABCDEFG0123"
    assert again.get_display_value("assigned_to") == "Beth Anglin"

    third = client.GlideRecord("problem")
    assert third.get(str(sys_id))
    popped = third.pop_record()
    popped.short_description = "ZZZ123"
    assert popped.update()
    assert third.delete()
    assert not client.GlideRecord("problem").get(str(sys_id))


def a_sys_id_may_be_chosen_and_keeps_its_case() -> None:
    chosen = "AAAABBBBCCCCDDDDEEEEFFFF00001111"
    record = client.GlideRecord("problem")
    record.initialize()
    record.set_new_guid_value(chosen)
    record.short_description = "Unit Test - Insert Custom GUID"
    assert record.insert() == chosen
    found = client.GlideRecord("problem")
    assert found.get(chosen)
    assert found.sys_id == chosen
    assert found.delete()


def many_are_deleted_in_a_batch() -> None:
    text = unique("BUNKZZ")
    _inserted(text, 5)
    assert len(_problems(text)) == 5
    record = client.GlideRecord("problem")
    record.add_query("short_description", "LIKE", text)
    assert record.delete_multiple()
    assert len(_problems(text)) == 0


def many_are_changed_in_a_batch_and_only_those_that_differ() -> None:
    text, appended = unique("BUNKZZ"), unique("APPENDEDZZ")
    _inserted(text, 10)
    record = _problems(text)
    while record.next():
        record.short_description = f"{record.short_description} -- {appended}"
    assert record.update_multiple()
    changed = _problems(appended)
    assert len(changed) == 10
    expected = []
    for number, each in enumerate(changed):
        if number % 2 == 0:
            each.short_description = f"{each.short_description} even"
            expected.append(each.get_value("sys_id"))
    seen = []
    changed.update_multiple(lambda answer: seen.append(answer.json()["result"]["sys_id"]["value"]))
    assert seen == expected
    assert changed.delete_multiple()


def what_a_business_rule_refuses_fails_alone() -> None:
    word, text, appended = unique("EICAR"), unique("BUNKZZ"), unique("APPENDEDZZ")
    rule = client.GlideRecord("sys_script")
    rule.initialize()
    rule.name = unique("rejects some problems")
    rule.collection = "problem"
    rule.active = True
    rule.when = "before"
    rule.order = 100
    rule.action_insert = True
    rule.action_update = True
    rule.abort_action = True
    rule.add_message = True
    rule.message = "rejected by a business rule"
    rule.filter_condition = f"short_descriptionLIKE{word}^ORdescriptionLIKE{word}^EQ"
    assert rule.insert()
    _inserted(text, 6)
    record = _problems(text)
    for number, each in enumerate(record):
        each.short_description = f"{each.short_description} {appended if number < 3 else word}"
    assert not record.update_multiple()
    assert len(_problems(appended)) == 3
    assert len(_problems(word)) == 0
    rule.delete()


def what_an_acl_refuses_is_told() -> None:
    charlie = ServiceNowClient(SIMULATOR, CHARLIE)
    record = charlie.GlideRecord("sys_user_group")
    record.initialize()
    record.name = "Charlie's own"
    refused = failure(exceptions.RoleException, record.insert)
    assert "ACL Exception Insert Failed" in str(refused)


def deleting_what_is_gone_is_not_found() -> None:
    record = client.GlideRecord("problem")
    record.initialize()
    record.short_description = "Gone"
    assert record.insert()
    assert record.delete()
    missing = failure(exceptions.NotFoundException, record.delete)
    assert "No Record found" in str(missing)
