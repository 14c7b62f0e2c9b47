"""Who counts as signed in, and where everybody else is sent."""

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse
from django.test import Client, RequestFactory

from oauth_app.http import SignedInRequest, local_path, sign_in_required, signed_in
from oauth_app.models import Connection, User
from oauth_app.models.connections import State
from tests.oauth_app.visitors import Visitor
from tests.support.operators import superuser

pytestmark = pytest.mark.usefixtures("db")


@sign_in_required
def page(request: SignedInRequest) -> HttpResponse:
    return HttpResponse(f"{request.connection.user_name} since {request.signed_in_at:%Y}")


def ask(client: Client, *, method: str = "GET") -> Any:
    """Ask for the page in this browser's session."""
    request = getattr(RequestFactory(), method.lower())("/page?tab=2")
    request.session = client.session
    user_id = request.session.get("_auth_user_id")
    request.user = User.objects.get(pk=user_id) if user_id else AnonymousUser()
    return page(request)


def test_a_person_gets_their_own_page(browser: Visitor, abel: Connection) -> None:
    assert ask(browser.client).content.startswith(b"abel.tuter since 20")


def test_nobody_is_sent_to_sign_in_and_comes_back(browser: Visitor) -> None:
    answer = ask(browser.client)
    assert answer.status_code == 302
    assert answer["Location"] == "/oauth/authorize?next=%2Fpage%3Ftab%3D2"


def test_a_form_sent_too_late_does_not_come_back_to_its_address(browser: Visitor) -> None:
    assert ask(browser.client, method="POST")["Location"] == "/oauth/authorize"


def test_an_operator_with_a_password_is_not_a_person(abel: Connection) -> None:
    assert ask(superuser()).status_code == 302


def test_charlie_cannot_put_abels_connection_into_his_session(
    abel: Connection, other_browser: Visitor
) -> None:
    other_browser.sign_in("charlie.whitherspoon")
    session = other_browser.client.session
    session["connection_id"] = abel.pk
    session.save()
    assert ask(other_browser.client).status_code == 302


def test_a_disconnected_person_still_sees_their_page(browser: Visitor, abel: Connection) -> None:
    Connection.objects.update(state=State.DISCONNECTED)
    assert ask(browser.client).status_code == 200


def test_after_the_connection_is_deleted_nobody_is_signed_in(
    browser: Visitor, abel: Connection
) -> None:
    Connection.objects.all().delete()
    assert ask(browser.client).status_code == 302


def test_a_session_without_a_connection_is_nobody(rf: RequestFactory) -> None:
    request = rf.get("/")
    request.session = Client().session
    request.user = AnonymousUser()
    assert signed_in(request) is None


@pytest.mark.parametrize("path", ["/connection", "/o/authorize/?client_id=a&scope=b"])
def test_a_path_of_ours_is_kept(path: str) -> None:
    assert local_path(path) == path


@pytest.mark.parametrize("path", ["", "connection", "//x", "///x", "/\\x", "http:x", "\t//x"])
def test_anything_else_is_my_connection(path: str) -> None:
    assert local_path(path) == "/connection"
