"""The application refuses to change a record before the database has to."""

from collections.abc import Callable

import pytest
from django.db import models

from audit_app import services
from audit_app.exceptions import AppendOnly
from audit_app.models import ToolCall, ToolCallOutcome
from tests.audit_app.calls import a_closing, an_opening

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture(autouse=True)
def _a_call(db: None) -> None:
    services.close_record(services.open_record(an_opening()), closing=a_closing())


CHANGES: list[Callable[["models.QuerySet[models.Model]"], object]] = [
    lambda rows: rows.update(id=99),
    lambda rows: rows.all().delete(),
    lambda rows: rows.bulk_update(list(rows), ["id"]),
    lambda rows: rows.update_or_create(id=1),
    lambda rows: rows.bulk_create([rows.model(id=1)], ignore_conflicts=True),
    lambda rows: rows.bulk_create(
        [rows.model(id=1)], update_conflicts=True, update_fields=["id"], unique_fields=["id"]
    ),
    lambda rows: rows.get().delete(),
    lambda rows: rows.get().save(),
    lambda rows: rows.model(id=1).save(force_update=True),
    lambda rows: rows.model(id=1).save(update_fields=["id"]),
]


@pytest.mark.parametrize("model", [ToolCall, ToolCallOutcome])
@pytest.mark.parametrize("change", CHANGES)
def test_the_application_refuses_to_change_or_remove(
    model: type[models.Model], change: Callable[["models.QuerySet[models.Model]"], object]
):
    before = list(model._default_manager.values())
    with pytest.raises(AppendOnly):
        change(model._default_manager.all())
    assert list(model._default_manager.values()) == before


async def test_asynchronous_changes_are_refused_too():
    with pytest.raises(AppendOnly):
        await ToolCall.objects.aupdate(tool="get_incident")
    with pytest.raises(AppendOnly):
        await ToolCall.objects.all().adelete()
    call = await ToolCall.objects.aget()
    with pytest.raises(AppendOnly):
        await call.asave()
    with pytest.raises(AppendOnly):
        await call.adelete()


def test_rows_can_be_added_in_bulk():
    made = ToolCallOutcome.objects.bulk_create(
        [ToolCallOutcome(call_id=1, outcome="failed"), ToolCallOutcome(call_id=1, outcome="failed")]
    )
    assert len(made) == 2
    assert ToolCallOutcome.objects.count() == 3


def test_rows_name_what_they_are():
    call, outcome = ToolCall.objects.get(), ToolCallOutcome.objects.get()
    assert str(call) == f"Call {call.reference_id} · update_incident"
    assert str(outcome) == f"succeeded · {call.pk}"
