import pytest

from audit_app import services
from audit_app.models import ToolCall
from tests.audit_app.calls import an_opening

pytestmark = pytest.mark.usefixtures("db")


def test_an_opened_call_is_committed_before_the_function_returns():
    ref = services.open_record(an_opening())
    assert ToolCall.objects.get(pk=ref.id).reference_id == ref.reference_id
