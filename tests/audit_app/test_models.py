from datetime import timedelta

import pytest
from django.db import models
from django.utils import timezone

from audit_app import services
from audit_app.models import ToolCall
from tests.audit_app.calls import INCIDENT_SYS_ID, a_closing, an_opening

pytestmark = pytest.mark.usefixtures("db")

NOW = timezone.now()
LATER = NOW + timedelta(days=1)


def _opened(**changes: object) -> services.ToolCallRef:
    return services.open_record(an_opening(**changes))


def _ended(outcome: str, **changes: object) -> services.ToolCallRef:
    ref = _opened()
    services.close_record(ref, closing=a_closing(outcome=outcome, **changes))
    return ref


def _ids(calls: "models.QuerySet[ToolCall]") -> list[int]:
    return sorted(call.pk for call in calls)


def test_a_result_is_what_the_last_outcome_says():
    ref = _ended("in_doubt", duration_ms=30_000)
    services.close_record(ref, closing=a_closing(duration_ms=41))
    call = ToolCall.objects.with_result().get()
    assert (call.result, call.result_code, call.duration_ms) == ("succeeded", "", 41)
    assert (call.record_table, call.record_number) == ("incident", "INC0010001")
    assert call.record_sys_id == INCIDENT_SYS_ID


def test_a_call_without_an_outcome_runs_for_a_minute_and_is_in_doubt_then():
    _opened()
    assert ToolCall.objects.with_result().get().result == "running"
    assert not ToolCall.objects.in_doubt().exists()
    assert ToolCall.objects.with_result(now=LATER).get().result == "in_doubt"
    assert ToolCall.objects.in_doubt(now=LATER).exists()


def test_a_call_that_was_settled_is_no_longer_in_doubt():
    ref = _ended("in_doubt")
    assert _ids(ToolCall.objects.in_doubt()) == [ref.id]
    services.close_record(ref, closing=a_closing(outcome="failed"))
    assert not ToolCall.objects.in_doubt(now=LATER).exists()
    assert _ids(ToolCall.objects.ended("failed")) == [ref.id]
    assert not ToolCall.objects.ended("in_doubt").exists()


def test_calls_are_found_by_how_they_ended():
    succeeded, failed = _ended("succeeded"), _ended("failed")
    running = _opened()
    assert _ids(ToolCall.objects.ended("succeeded")) == [succeeded.id]
    assert _ids(ToolCall.objects.ended("failed")) == [failed.id]
    assert _ids(ToolCall.objects.without_outcome()) == [running.id]


def test_calls_are_found_by_when_they_began():
    ref = _opened()
    assert _ids(ToolCall.objects.opened_since(NOW - timedelta(days=1))) == [ref.id]
    assert not ToolCall.objects.opened_since(LATER).exists()
    assert _ids(ToolCall.objects.opened_before(LATER)) == [ref.id]


@pytest.mark.parametrize("text", ["INC0010001", "inc0010001", "INC001", INCIDENT_SYS_ID.upper()])
def test_calls_are_found_by_the_record_they_changed(text: str):
    ref = _ended("succeeded")
    services.close_record(
        _opened(arguments={}), closing=a_closing(record_number="INC0020001", record_sys_id="")
    )
    assert _ids(ToolCall.objects.about_record(text)) == [ref.id]


@pytest.mark.parametrize("asked", ["INC0010001", INCIDENT_SYS_ID])
def test_a_call_in_doubt_is_found_by_the_record_it_asked_for(asked: str):
    ref = _opened(arguments={"incident": asked})
    assert _ids(ToolCall.objects.about_record(asked)) == [ref.id]


def test_a_part_of_another_number_finds_nothing():
    _ended("succeeded")
    assert not ToolCall.objects.about_record("INC0010002").exists()
    assert not ToolCall.objects.about_record("0010001").exists()
    assert not ToolCall.objects.about_record("INC1").exists()


def test_calls_are_counted_by_result():
    _ended("succeeded")
    _ended("succeeded")
    _ended("failed")
    _opened()
    counted = {"succeeded": 2, "failed": 1, "running": 1}
    assert ToolCall.objects.count_by_result() == counted
    assert ToolCall.objects.count_by_result(now=LATER) == {
        "succeeded": 2,
        "failed": 1,
        "in_doubt": 1,
    }


def test_what_went_wrong_comes_the_newest_first():
    _ended("succeeded")
    wrong = [_ended("failed"), _ended("refused"), _opened()]
    found = ToolCall.objects.gone_wrong(now=LATER)
    assert [call.pk for call in found] == [ref.id for ref in reversed(wrong)]
    assert found[0].result == "in_doubt"


def test_running_calls_are_those_that_began_within_a_minute():
    ref = _opened()
    _ended("succeeded")
    assert _ids(ToolCall.objects.running()) == [ref.id]
    assert not ToolCall.objects.running(now=LATER).exists()


@pytest.mark.parametrize("typed", ["INC0010001", INCIDENT_SYS_ID, "abel.t", "reference"])
def test_calls_are_found_by_what_a_person_types(typed: str):
    ref = _ended("succeeded")
    services.open_record(an_opening(user_name="beth.anglin", arguments={}))
    typed = ref.reference_id.upper() if typed == "reference" else typed
    assert _ids(ToolCall.objects.found_by(typed)) == [ref.id]
