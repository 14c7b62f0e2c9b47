"""What a hand may type into the address of an admin page."""

import pytest

from tests.support.operators import superuser

pytestmark = pytest.mark.usefixtures("db")


@pytest.mark.parametrize(
    "address",
    [
        "/admin/oauth_app/connection/?state__exact=%00",
        "/admin/oauth_app/user/?q=a%00b",
        "/admin/oauth_app/clientgrant/?access__exact=%00",
        "/admin/tools_app/toolsetting/?group__id__exact=%00",
        "/admin/audit_app/toolcall/?%00=1",
    ],
)
def test_a_query_with_a_null_character_is_left_out(address: str):
    operator = superuser()
    answer = operator.get(address)
    page = address.partition("?")[0]
    assert (answer.status_code, answer.headers["Location"]) == (302, f"{page}?e=1")
    assert operator.get(f"{page}?e=1").status_code == 200


def test_a_written_percent_sign_is_no_null_character():
    assert superuser().get("/admin/oauth_app/user/?q=%2500").status_code == 200
