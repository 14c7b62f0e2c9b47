"""Tool calls in the admin: everything an operator asks is found there, nothing can be changed."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from audit_app import services
from audit_app.admin import CappedPaginator
from audit_app.models import ToolCall, ToolCallOutcome
from oauth_app.models import User
from tests.audit_app.calls import INCIDENT_SYS_ID, a_closing, an_opening
from tests.support.operators import operator_with, superuser

pytestmark = pytest.mark.usefixtures("db")

LIST = "/admin/audit_app/toolcall/"
CHANGED = "INC0010001"


@pytest.fixture
def operator(db: None) -> Client:
    return operator_with("view_toolcall")


def _call(
    outcome: str = "succeeded", closing: dict[str, object] | None = None, **opening: object
) -> services.ToolCallRef:
    ref = services.open_record(an_opening(**opening))
    services.close_record(ref, closing=a_closing(outcome=outcome, **(closing or {})))
    return ref


def _listed(client: Client, query: str = "") -> list[str]:
    """Return the rows of the list as texts, the newest first."""
    page = client.get(LIST + query)
    assert page.status_code == 200
    rows = re.findall(r"<tr.*?</tr>", page.content.decode(), flags=re.DOTALL)
    texts = [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in rows]
    return [text for text in texts if re.match(r"\d{4}-\d\d-\d\d", text)]


def test_who_changed_a_record_through_ai_with_which_client_and_when(operator: Client):
    _call(tool="get_incident", arguments={"incident": "INC0010009"}, closing={"record_number": "X"})
    ref = _call(client_name="Claude", client_version="2.1")
    (row,) = _listed(operator, f"?q={CHANGED}")
    when = ToolCall.objects.get(pk=ref.id).opened_at.strftime("%Y-%m-%d %H:%M:%S")
    assert row == (f"{when} abel.tuter Claude 2.1 update_incident INC0010001 succeeded 84 ms")


@pytest.mark.parametrize(
    "typed", ["INC0010001", "inc001000", INCIDENT_SYS_ID, "abel.tuter", "abel", " abel "]
)
def test_calls_are_found_by_record_and_person(operator: Client, typed: str):
    _call()
    _call(
        user_name="beth.anglin",
        arguments={},
        closing={"record_number": "CHG0030001", "record_sys_id": "0" * 32},
    )
    (row,) = _listed(operator, f"?q={typed}")
    assert "abel.tuter" in row


def test_a_call_is_found_by_its_reference(operator: Client):
    ref, _other = _call(), _call(user_name="beth.anglin")
    (row,) = _listed(operator, f"?q={ref.reference_id.upper()}")
    assert "abel.tuter" in row


def test_a_person_whose_name_looks_like_a_number_is_found(operator: Client):
    _call(user_name="usr10", arguments={}, closing={"record_number": ""})
    assert len(_listed(operator, "?q=usr10")) == 1


def test_searching_for_nothing_lists_everything(operator: Client):
    _call()
    assert len(_listed(operator, "?q=")) == 1
    assert len(_listed(operator, "?q=+")) == 1


@pytest.mark.parametrize(
    ("query", "people"),
    [
        ("?person=beth.anglin", ["beth"]),
        ("?person=", ["beth", "abel"]),
        ("?record=CHG0030001", ["beth"]),
        ("?record=", ["beth", "abel"]),
        ("?tool=get_change", ["beth"]),
        ("?client=ChatGPT", ["beth"]),
        ("?outcome=failed", ["beth"]),
        ("?outcome=succeeded", ["abel"]),
        ("?outcome=in_doubt", []),
        ("?outcome=running", []),
        ("?access__exact=read", ["beth"]),
        ("?credential__exact=reconnect", ["beth"]),
        ("?opened_at_from=2001-01-01&opened_at_to=2001-01-02", []),
        ("?opened_at_from=2001-01-01", ["beth", "abel"]),
        ("?opened_at_to=2001-01-01", []),
        ("?opened_at_to=9999-12-31", ["beth", "abel"]),
        ("?opened_at_from=nonsense", ["beth", "abel"]),
        ("?opened_at__year=2001", []),
    ],
)
def test_filters_narrow_the_list(operator: Client, query: str, people: list[str]):
    _call()
    _call(
        "failed",
        user_name="beth.anglin",
        tool="get_change",
        access="read",
        client_name="ChatGPT",
        credential="reconnect",
        arguments={},
        closing={"record_number": "CHG0030001"},
    )
    rows = _listed(operator, query)
    assert [re.search(r"(\w+)\.\w+ ", row)[1] for row in rows] == people


def test_the_last_day_of_a_range_belongs_to_it(operator: Client):
    _call()
    today = ToolCall.objects.get().opened_at.date()
    assert len(_listed(operator, f"?opened_at_to={today}")) == 1
    assert not _listed(operator, f"?opened_at_to={today - timedelta(days=2)}")


@pytest.mark.parametrize("name", ["q", "person", "record", "tool", "client", "outcome"])
def test_an_address_made_up_by_hand_is_no_error(operator: Client, name: str):
    _call()
    for value in ["%00", "%EF%BF%BF", "'; DROP TABLE audit_app_toolcall", "x" * 5000]:
        assert operator.get(f"{LIST}?{name}={value}").status_code in {200, 302}


def test_running_and_in_doubt_calls_stand_out(operator: Client):
    services.open_record(an_opening(user_name="running.person"))
    ToolCall(
        reference_id="a" * 32,
        user_id=1,
        user_name="doubtful.person",
        tool="update_incident",
        opened_at=datetime.now(UTC) - timedelta(minutes=5),
        credential="oauth",
    ).save()
    running, doubtful = _listed(operator)
    assert "running.person" in running
    assert running.endswith("running")
    assert doubtful.endswith("in doubt")
    assert len(_listed(operator, "?outcome=running")) == 1
    assert len(_listed(operator, "?outcome=in_doubt")) == 1


def test_filters_offer_the_tools_and_clients_of_late_calls(operator: Client):
    _call(client_name="Zed")
    page = operator.get(LIST).content.decode()
    assert '<option value="update_incident">' in page
    assert '<option value="Zed">' in page


def test_the_list_counts_so_far_and_no_further():
    for _ in range(3):
        _call()
    calls = ToolCall.objects.with_result().order_by("pk")
    assert CappedPaginator(calls, 1).count == 3
    pages = CappedPaginator(calls, 1)
    pages.most_counted = 2
    assert pages.count == 2


def test_the_date_hierarchy_offers_every_period_between_first_and_last(operator: Client):
    for moment in ["2024-11-30T10:00:00+00:00", "2025-02-01T00:00:00+00:00"]:
        ToolCall(
            reference_id=moment[:32],
            user_id=1,
            user_name="abel.tuter",
            tool="get_incident",
            opened_at=datetime.fromisoformat(moment),
            credential="oauth",
        ).save()
    years = operator.get(LIST).content.decode()
    assert "?opened_at__year=2024" in years
    assert "?opened_at__year=2025" in years
    months = operator.get(LIST + "?opened_at__year=2025").content.decode()
    assert "February 2025" in months
    days = operator.get(LIST + "?opened_at__year=2024&opened_at__month=11").content.decode()
    assert "November 30" in days
    one_day = LIST + "?opened_at__year=2024&opened_at__month=11&opened_at__day=30"
    assert len(_listed(operator, one_day.removeprefix(LIST))) == 1


def test_the_list_takes_at_most_ten_queries_and_no_more_with_more_calls(operator: Client):
    def queries() -> int:
        with CaptureQueriesContext(connection) as made:
            assert operator.get(LIST).status_code == 200
        return len(made)

    _call()
    few = queries()
    for _ in range(20):
        _call()
    assert queries() == few <= 10


def test_operators_see_what_was_called_and_no_arguments(operator: Client):
    ref = _call(arguments={"state": "On Hold"})
    page = operator.get(f"{LIST}{ref.id}/change/").content.decode()
    assert "abel.tuter" in page
    assert "On Hold" not in page
    assert "Arguments" not in page


def test_operators_with_the_permission_see_redacted_arguments():
    ref = _call(arguments={"state": "On Hold", "note": "the customer is angry"})
    operator = operator_with("view_toolcall", "view_arguments")
    page = operator.get(f"{LIST}{ref.id}/change/").content.decode()
    assert "Arguments, redacted" in page
    assert "On Hold" in page
    assert "angry" not in page


def test_members_of_the_auditors_group_see_arguments(operator: Client):
    ref = _call(arguments={"state": "On Hold"})
    User.objects.get(username="olga").groups.add(Group.objects.get(name="Auditors"))
    assert "On Hold" in operator.get(f"{LIST}{ref.id}/change/").content.decode()


def test_a_call_shows_each_of_its_outcomes(operator: Client):
    ref = _call("in_doubt", {"code": "OUTCOME_UNKNOWN", "note": "the reply was lost"})
    services.close_record(ref, closing=a_closing(duration_ms=4321))
    page = operator.get(f"{LIST}{ref.id}/change/").content.decode()
    for shown in ["in doubt · OUTCOME_UNKNOWN", "the reply was lost", "4321 ms", "640"]:
        assert shown in page


def test_a_call_without_an_outcome_says_so(operator: Client):
    ref = services.open_record(an_opening())
    page = operator.get(f"{LIST}{ref.id}/change/").content.decode()
    assert "Nobody recorded how it ended." in page


def test_hostile_text_is_escaped():
    ref = _call(
        client_name="<script>alert(1)</script>",
        arguments={"state": "a<b>"},
        closing={"note": "<img src=x>"},
    )
    client = superuser()
    for address in [LIST, f"{LIST}{ref.id}/change/"]:
        page = client.get(address).content.decode()
        assert "<script>alert" not in page
        assert "<img src=x>" not in page
        assert "a<b>" not in page


def test_nobody_adds_changes_or_removes_a_record_not_even_a_superuser():
    ref = _call()
    client = superuser()
    before = [*ToolCall.objects.values(), *ToolCallOutcome.objects.values()]
    for address in ["add/", f"{ref.id}/delete/"]:
        assert client.get(LIST + address).status_code == 403
        assert client.post(LIST + address, {"post": "yes"}).status_code == 403
    assert client.post(f"{LIST}{ref.id}/change/", {"tool": "x"}).status_code == 403
    action = {"action": "delete_selected", "_selected_action": [ref.id], "post": "yes"}
    client.post(LIST, action)
    assert [*ToolCall.objects.values(), *ToolCallOutcome.objects.values()] == before
    assert "delete_selected" not in client.get(LIST).content.decode()


@pytest.mark.parametrize("address", ["", "{}/change/", "{}/history/"])
def test_an_operator_without_the_permission_is_refused(address: str):
    ref = _call()
    assert operator_with().get(LIST + address.format(ref.id)).status_code == 403
