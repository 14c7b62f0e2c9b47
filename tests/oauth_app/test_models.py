"""What rows call themselves, and what of them can be read."""

import pytest
from oauth2_provider.models import get_application_model

from oauth_app.models import (
    AuthorizationRequest,
    BrowserSession,
    ClientGrant,
    Connection,
    GrantedToken,
    ReconnectToken,
)
from oauth_app.models.row_ids import fresh_row_id
from oauth_app.reconnect_tokens import make
from oauth_app.revocations import announce_revocation, on_revocation
from oauth_app.sessions import SessionStore
from simulator.world import World
from tests.oauth_app.connected import connect
from tests.oauth_app.visitors import Visitor

pytestmark = pytest.mark.usefixtures("db")


def test_rows_are_named_after_people_and_things_never_after_secrets(
    world: World, browser: Visitor
) -> None:
    abel = connect(world)
    browser.begin()
    application = get_application_model().objects.create(name="Claude", redirect_uris="https://c")
    consent = ClientGrant.objects.create(user=abel.user, application=application)
    token, raw = make(user=abel.user, connection=abel, name="laptop")
    assert str(abel) == "abel.tuter on localhost:8090"
    assert str(AuthorizationRequest.objects.get()) == "Sign-in at localhost:8090"
    assert str(consent) == "Claude for abel.tuter@localhost_8090"
    assert str(GrantedToken(client_grant=consent)) == f"Tokens of {consent}"
    assert str(token) == f"laptop ({raw[:10]}…{raw[-4:]})"
    assert set(ClientGrant.objects.live()) == {consent}
    assert raw not in repr(ReconnectToken.objects.get())


def test_a_session_can_be_read_by_whoever_holds_its_row(world: World) -> None:
    session = SessionStore()
    session["colour"] = "green"
    session.save()
    row = BrowserSession.objects.get()
    assert row.get_decoded() == {"colour": "green"}
    assert BrowserSession.get_session_store_class() is SessionStore
    session.delete()
    assert not BrowserSession.objects.exists()


def test_a_session_keeps_its_row_when_it_is_saved_again(world: World) -> None:
    session = SessionStore()
    session.create()
    session["colour"] = "green"
    session.save()
    assert SessionStore(session.session_key)["colour"] == "green"
    assert BrowserSession.objects.count() == 1


def test_a_row_id_is_there_before_the_row_and_exact_in_javascript() -> None:
    ids = {fresh_row_id() for _ in range(10_000)}
    assert len(ids) == 10_000
    assert all(2**52 <= each < 2**53 for each in ids)
    assert Connection().pk is not None


def test_a_revocation_is_told_to_whoever_listens() -> None:
    heard: list[str] = []
    on_revocation(lambda: heard.append("once"))
    announce_revocation()
    assert heard == ["once"]
