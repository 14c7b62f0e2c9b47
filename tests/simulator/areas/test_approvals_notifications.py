"""Events and mails of approvals."""

import pytest

from simulator.instance import Instance
from tests.simulator.facts import fact
from tests.simulator.small_instance import ABEL, BETH, CHARLIE, FIRST, small_instance

ASKED = {"sysapproval": FIRST, "approver": CHARLIE, "state": "requested"}


@pytest.fixture
def instance() -> Instance:
    """A small instance in which Charlie and Beth have addresses."""
    instance = small_instance()
    for person, email in ((CHARLIE, "charlie@example.com"), (BETH, "beth@example.com")):
        instance.update("sys_user", person, {"email": email})
    return instance


def ask(instance: Instance, **values: str) -> str:
    return instance.insert(
        "sysapproval_approver", {**ASKED, **values}, as_user=ABEL, run_rules=True
    )


def mails(instance: Instance) -> list[tuple[str, str, str]]:
    rows = instance.query("sys_email", "target_table=sysapproval_approver")
    return [(row["subject"], row["recipients"], row["copied"]) for row in rows]


@fact("A requested approval puts the event approval.inserted into sysevent", tag="R")
def test_a_request_is_an_event(instance: Instance) -> None:
    made = ask(instance)
    (event,) = instance.query("sysevent", f"instance={made}")
    assert (event["name"], event["parm1"], event["user_name"]) == (
        "approval.inserted",
        CHARLIE,
        "abel.tuter",
    )
    instance.update("sysapproval_approver", made, {"state": "approved"}, run_rules=True)
    assert instance.count("sysevent", f"instance={made}") == 1
    other = ask(instance)
    instance.update("sysapproval_approver", other, {"state": "cancelled"}, run_rules=True)
    names = {row["name"] for row in instance.query("sysevent", f"instance={other}")}
    assert names == {"approval.inserted", "approval.cancelled"}


@fact(
    "Who is asked for an approval gets a mail, their delegate for notifications a copy",
    tag="D t_DelegateApprovalsTasks",
)
def test_the_approver_gets_a_mail_and_the_delegate_a_copy(instance: Instance) -> None:
    ask(instance)
    delegation = {"user": CHARLIE, "delegate": BETH, "starts": "2026-01-01 00:00:00"}
    instance.insert("sys_user_delegate", {**delegation, "ends": "2027-01-01 00:00:00"})
    instance.insert("sys_user_delegate", {**delegation, "ends": "2026-02-01 00:00:00"})
    ask(instance, sysapproval="", document_id=BETH, source_table="sys_user")
    assert sorted(mails(instance)) == [
        ("Approval request", "charlie@example.com", "beth@example.com"),
        ("INC0000001 Approval request", "charlie@example.com", ""),
    ]


@pytest.mark.parametrize("values", [{"email": ""}, {"active": "false"}, {"notification": "1"}])
def test_who_wants_no_mail_gets_none(instance: Instance, values: dict[str, str]) -> None:
    instance.update("sys_user", CHARLIE, values)
    ask(instance)
    ask(instance, approver="9" * 32)
    ask(instance, state="not requested")
    assert mails(instance) == []
