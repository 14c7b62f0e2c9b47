"""An answer to the consent page counts once, in this browser, for this person."""

from datetime import timedelta

from django.test import Client
from django.utils import timezone
from oauth2_provider.models import Application, Grant

from mcp_app.portal import pending_consents
from oauth_app.models import Connection
from tests.mcp_app.portal.pages import nothing_was_issued, text_of
from tests.oauth_app.authorization_server.mcp_client import (
    McpClient,
    query_of,
    ticket_of,
    yes,
)
from tests.oauth_app.authorization_server.people import browser_of


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
    session = abel.session
    kept = session["pending_consents"]
    other = Connection.objects.get(user_name="beth.anglin")
    abel.force_login(other.user)
    session = abel.session
    session["connection_id"] = other.pk
    session["pending_consents"] = kept
    session.save()
    assert abel.post("/o/authorize/", answer).status_code == 400
    assert nothing_was_issued()


def test_an_answer_after_ten_minutes_is_too_late(abel: Client, mcp_client: McpClient):
    answer = yes(mcp_client.ask(abel))
    session = abel.session
    (kept,) = session["pending_consents"].values()
    kept["until"] = timezone.now().isoformat()
    session["pending_consents"] = {answer["ticket"]: kept}
    session.save()
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
    Application.objects.update(authorization_grant_type=Application.GRANT_CLIENT_CREDENTIALS)
    response = abel.post("/o/authorize/", answer)
    assert query_of(response["Location"])["error"] == "unauthorized_client"
    assert nothing_was_issued()


def test_no_other_method_is_taken(abel: Client):
    assert abel.put("/o/authorize/").status_code == 405


def test_the_ten_minutes_are_ten_minutes():
    assert timedelta(minutes=10) == pending_consents.LIFE
