"""An answer to the consent page counts once, in this browser, for this person."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from oauth2_provider.models import Application, Grant

from mcp_app.portal import pending_consents
from oauth_app.models import Connection, ConsentQuestion, User
from oauth_app.models.connections import State
from tests.mcp_app.portal.pages import nothing_was_issued, text_of
from tests.oauth_app.authorization_server.mcp_client import (
    REDIRECT,
    McpClient,
    query_of,
    ticket_of,
    yes,
)
from tests.oauth_app.authorization_server.people import browser_of
from tools_app.models import ToolsetGrant


def test_an_answer_counts_once(abel: Client, mcp_client: McpClient):
    answer = yes(mcp_client.ask(abel))
    assert abel.post("/o/authorize/", answer).status_code == 302
    replayed = abel.post("/o/authorize/", answer)
    assert replayed.status_code == 400
    assert "no longer open" in text_of(replayed)
    assert Grant.objects.count() == 1


def test_a_no_cannot_be_turned_into_a_yes(abel: Client, mcp_client: McpClient):
    answer = yes(mcp_client.ask(abel))
    abel.post("/o/authorize/", answer | {"decision": "deny"})
    assert abel.post("/o/authorize/", answer).status_code == 400
    assert nothing_was_issued()


def test_an_answer_without_the_question_is_nothing(abel: Client, mcp_client: McpClient):
    for ticket in ("", "made-up", "x" * 500):
        form = {"ticket": ticket, "decision": "allow", "toolsets": ["incidents"]}
        assert abel.post("/o/authorize/", form).status_code == 400
    assert nothing_was_issued()


def test_parameters_of_a_request_in_a_post_issue_nothing(abel: Client, mcp_client: McpClient):
    form = mcp_client.question() | {"allow": "Authorize", "decision": "allow"}
    assert abel.post("/o/authorize/", form).status_code == 400
    assert nothing_was_issued()


def test_charlie_cannot_answer_what_abel_was_asked(
    abel: Client, charlie: Client, mcp_client: McpClient
):
    answer = yes(mcp_client.ask(abel))
    assert charlie.post("/o/authorize/", answer).status_code == 400
    assert nothing_was_issued()


def test_abel_cannot_answer_in_another_browser(abel: Client, mcp_client: McpClient):
    answer = yes(mcp_client.ask(abel))
    elsewhere = browser_of(Connection.objects.get(user_name="abel.tuter"))
    assert elsewhere.post("/o/authorize/", answer).status_code == 400
    assert nothing_was_issued()


def test_a_question_to_somebody_else_in_the_same_browser_is_gone(
    abel: Client, beth: Client, mcp_client: McpClient
):
    answer = yes(mcp_client.ask(abel))
    secret = abel.session["consent_browser"]
    other = Connection.objects.get(user_name="beth.anglin")
    abel.force_login(other.user)
    assert "consent_browser" not in abel.session
    session = abel.session
    session["connection_id"] = other.pk
    session["consent_browser"] = secret
    session.save()
    assert abel.post("/o/authorize/", answer).status_code == 400
    assert nothing_was_issued()


def test_an_answer_after_ten_minutes_is_too_late(abel: Client, mcp_client: McpClient):
    answer = yes(mcp_client.ask(abel))
    ConsentQuestion.objects.update(expires_at=timezone.now())
    assert abel.post("/o/authorize/", answer).status_code == 400
    assert nothing_was_issued()


def test_a_forged_form_from_another_site_is_refused(abel: Client, mcp_client: McpClient):
    answer = yes(mcp_client.ask(abel))
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = abel.cookies
    response = strict.post("/o/authorize/", answer)
    assert response.status_code == 403
    assert "no longer valid" in text_of(response)
    assert nothing_was_issued()


def test_somebody_signed_out_meanwhile_answers_nothing(abel: Client, mcp_client: McpClient):
    answer = yes(mcp_client.ask(abel))
    abel.logout()
    assert abel.post("/o/authorize/", answer)["Location"].startswith("/oauth/authorize")
    assert nothing_was_issued()


def test_several_questions_stay_open_side_by_side_but_not_without_end(
    abel: Client, mcp_client: McpClient
):
    tickets = [
        ticket_of(mcp_client.ask(abel, state=f"st-{n}"))
        for n in range(pending_consents.MOST_OPEN + 1)
    ]
    form = {"decision": "allow", "toolsets": ["incidents"]}
    assert abel.post("/o/authorize/", form | {"ticket": tickets[0]}).status_code == 400
    for number, ticket in enumerate(tickets[1:], start=1):
        response = abel.post("/o/authorize/", form | {"ticket": ticket})
        assert query_of(response["Location"])["state"] == f"st-{number}"


def test_a_client_deleted_meanwhile_gets_nothing(abel: Client, mcp_client: McpClient):
    answer = yes(mcp_client.ask(abel))
    Application.objects.all().delete()
    assert abel.post("/o/authorize/", answer).status_code == 400
    assert nothing_was_issued()


def test_a_redirect_removed_meanwhile_gets_nothing(abel: Client, mcp_client: McpClient):
    answer = yes(mcp_client.ask(abel))
    Application.objects.update(redirect_uris="https://elsewhere.example/cb")
    response = abel.post("/o/authorize/", answer)
    assert response.status_code == 400
    assert "Location" not in response
    assert nothing_was_issued()


def test_a_client_that_lost_the_code_grant_meanwhile_is_told_so(
    abel: Client, mcp_client: McpClient
):
    answer = yes(mcp_client.ask(abel))
    Application.objects.update(authorization_grant_type=Application.GRANT_IMPLICIT)
    response = abel.post("/o/authorize/", answer)
    assert query_of(response["Location"])["error"] == "unauthorized_client"
    assert nothing_was_issued()


def test_no_other_method_is_taken(abel: Client):
    assert abel.put("/o/authorize/").status_code == 405


def test_a_question_stays_open_for_ten_minutes(abel: Client, mcp_client: McpClient):
    mcp_client.ask(abel)
    question = ConsentQuestion.objects.get()
    assert question.expires_at - question.created_at >= timedelta(minutes=10)
    assert question.expires_at - question.created_at < timedelta(minutes=10, seconds=5)


def test_of_two_answers_at_once_only_one_is_taken(abel: Client, mcp_client: McpClient):
    # Both have found the question open before either of them closes it.
    ticket = ticket_of(mcp_client.ask(abel))
    person = Connection.objects.get(user_name="abel.tuter").user
    first, second = abel.session, abel.session
    for session in (first, second):
        assert pending_consents.find(session, ticket=ticket, user=person)
    taken = [
        pending_consents.take_answer(session, ticket=ticket, user=person)
        for session in (first, second)
    ]
    assert taken == [True, False]


def test_nothing_that_opens_a_question_is_stored_readably(abel: Client, mcp_client: McpClient):
    ticket = ticket_of(mcp_client.ask(abel))
    stored = str(ConsentQuestion.objects.values().get())
    assert ticket not in stored
    assert abel.session["consent_browser"] not in stored


def test_a_yes_after_the_connection_ended_leads_to_sign_in_and_back_to_the_question(
    abel: Client, mcp_client: McpClient
):
    answer = yes(mcp_client.ask(abel, state="a&b=c d/ü"))
    Connection.objects.update(state=State.NEEDS_SIGN_IN)
    response = abel.post("/o/authorize/", answer)
    target = query_of(response["Location"])
    assert response["Location"].startswith("/oauth/authorize?")
    assert target["instance"] == str(Connection.objects.get().instance_id)
    assert query_of(target["next"]) == mcp_client.question(state="a&b=c d/ü")
    assert nothing_was_issued()


def test_a_no_needs_no_connection(abel: Client, mcp_client: McpClient):
    answer = yes(mcp_client.ask(abel))
    Connection.objects.update(state=State.DISCONNECTED)
    response = abel.post("/o/authorize/", answer | {"decision": "deny"})
    assert query_of(response["Location"])["error"] == "access_denied"


def test_a_person_turned_off_meanwhile_answers_nothing(abel: Client, mcp_client: McpClient):
    answer = yes(mcp_client.ask(abel))
    User.objects.update(is_active=False)
    assert abel.post("/o/authorize/", answer)["Location"].startswith("/oauth/authorize")
    assert nothing_was_issued()


@pytest.mark.parametrize(
    "changed", [{"name": "ServiceNow"}, {"redirect_uris": f"{REDIRECT} https://evil.example/cb"}]
)
def test_a_client_that_describes_itself_differently_meanwhile_gets_nothing(
    abel: Client, mcp_client: McpClient, changed: dict[str, str]
):
    answer = yes(mcp_client.ask(abel))
    Application.objects.update(**changed)
    response = abel.post("/o/authorize/", answer)
    assert response.status_code == 400
    assert "This question has changed" in text_of(response)
    assert nothing_was_issued()


def test_tools_taken_away_meanwhile_cannot_be_allowed(abel: Client, mcp_client: McpClient):
    answer = yes(mcp_client.ask(abel))
    ToolsetGrant.objects.create(toolset="incidents", reach=ToolsetGrant.Reach.OFF)
    assert abel.post("/o/authorize/", answer).status_code == 400
    assert nothing_was_issued()


def test_tools_that_became_read_only_meanwhile_are_asked_about_anew(
    abel: Client, mcp_client: McpClient
):
    answer = yes(mcp_client.ask(abel))
    ToolsetGrant.objects.create(toolset="incidents", reach=ToolsetGrant.Reach.READ)
    response = abel.post("/o/authorize/", answer)
    assert response.status_code == 400
    assert "This question has changed" in text_of(response)
    assert nothing_was_issued()


def test_a_double_click_sends_the_form_once(abel: Client, mcp_client: McpClient):
    page = mcp_client.ask(abel).content.decode()
    assert 'data-once action="/o/authorize/"' in page
    assert "js/once.js" in page
