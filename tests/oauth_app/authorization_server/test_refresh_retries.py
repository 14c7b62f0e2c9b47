"""A refresh whose answer got lost is answered again; a refresh token used again ends its family."""

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from oauth2_provider.models import AccessToken, RefreshToken

from oauth_app.authorization_server.grants import revoke_grant
from oauth_app.authorization_server.refresh_retries import RETRIES_LAST
from oauth_app.authorization_server.verification import verify_access_token
from oauth_app.models import ClientGrant, GrantedToken, RefreshAnswer, User
from oauth_app.tasks import purge_expired
from tests.oauth_app.authorization_server.mcp_client import MCP, McpClient
from tests.oauth_app.authorization_server.musts import guards
from tests.oauth_app.authorization_server.musts_of_tokens import TOKEN_MUSTS
from tests.oauth_app.authorization_server.parallel import at_once

RETRIES = 24


def opens(tokens: dict[str, str]) -> bool:
    return verify_access_token(tokens["access_token"], resource=MCP) is not None


def refused(response: HttpResponse, error: str = "invalid_grant", status: int = 400) -> bool:
    return (response.status_code, response.json()["error"]) == (status, error)


def a_minute_later() -> None:
    long_ago = timezone.now() - RETRIES_LAST
    RefreshAnswer.objects.update(given_at=long_ago)


def live_pairs() -> int:
    return RefreshToken.objects.filter(revoked=None).count()


def signed_out(tokens: dict[str, str]) -> bool:
    return not opens(tokens) and live_pairs() == 0 and ClientGrant.objects.get().revoked_at


# --- the same request gets the same answer -----------------------------------------------------


def test_24_retries_one_after_the_other_get_the_same_answer(abel: Client, mcp_client: McpClient):
    first = mcp_client.tokens(abel)
    answers = [mcp_client.refresh(first["refresh_token"]) for _ in range(RETRIES)]
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.content for answer in answers}) == 1
    assert answers[0].json()["refresh_token"] != first["refresh_token"]
    assert opens(answers[-1].json())
    assert live_pairs() == 1


def test_24_retries_at_one_moment_get_the_same_answer(abel: Client, mcp_client: McpClient):
    first = mcp_client.tokens(abel)
    answers = at_once([lambda: mcp_client.refresh(first["refresh_token"])] * RETRIES)
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.content for answer in answers}) == 1
    assert opens(answers[0].json())
    assert live_pairs() == 1
    assert mcp_client.refresh(answers[0].json()["refresh_token"]).status_code == 200


def test_a_retry_is_answered_although_the_new_access_token_was_used(
    abel: Client, mcp_client: McpClient
):
    first = mcp_client.tokens(abel)
    second = mcp_client.refresh(first["refresh_token"]).json()
    assert opens(second)  # in the other window of this client
    assert mcp_client.refresh(first["refresh_token"]).json() == second


def test_a_confidential_client_shows_its_secret_at_each_retry(abel: Client):
    client = McpClient.registered(token_endpoint_auth_method="client_secret_post")
    secret = {"client_secret": client.client_secret}
    first = client.exchange(client.code(abel), **secret).json()
    second = client.refresh(first["refresh_token"], **secret).json()
    wrong = client.refresh(first["refresh_token"], client_secret="wrong")
    assert refused(wrong, "invalid_client", 401)
    assert refused(client.refresh(first["refresh_token"]), "invalid_client", 401)
    assert client.refresh(first["refresh_token"], **secret).json() == second
    assert opens(second)


def test_a_family_of_many_refreshes_keeps_one_answer(abel: Client, mcp_client: McpClient):
    tokens = mcp_client.tokens(abel)
    for _ in range(5):
        tokens = mcp_client.refresh(tokens["refresh_token"]).json()
    assert RefreshAnswer.objects.count() == 1


# --- everything else is a reuse ----------------------------------------------------------------


@guards(TOKEN_MUSTS)
def test_a_refresh_token_used_again_ends_its_family(abel: Client, mcp_client: McpClient):
    for _ in range(10):
        first = mcp_client.tokens(abel)
        second = mcp_client.refresh(first["refresh_token"]).json()
        a_minute_later()
        assert refused(mcp_client.refresh(first["refresh_token"]))
        assert not opens(second)
        assert refused(mcp_client.refresh(second["refresh_token"]))
    assert live_pairs() == 0
    assert not ClientGrant.objects.live().exists()


@pytest.mark.parametrize(
    "changed",
    [
        {"scope": "mcp:read"},
        {"scope": "mcp:read mcp:write"},
        {"resource": MCP},
        {"resource": "https://other.example/mcp"},
    ],
)
def test_another_request_with_a_spent_token_is_no_retry(
    abel: Client, mcp_client: McpClient, changed: dict[str, str]
):
    first = mcp_client.tokens(abel)
    second = mcp_client.refresh(first["refresh_token"]).json()
    assert refused(mcp_client.refresh(first["refresh_token"], **changed))
    assert signed_out(second)


def test_two_different_requests_at_one_moment_are_no_retry(abel: Client, mcp_client: McpClient):
    first = mcp_client.tokens(abel)
    answers = at_once(
        [
            lambda: mcp_client.refresh(first["refresh_token"]),
            lambda: mcp_client.refresh(first["refresh_token"], scope="mcp:read"),
        ]
    )
    assert sorted(answer.status_code for answer in answers) == [200, 400]
    (won,) = (answer for answer in answers if answer.status_code == 200)
    assert signed_out(won.json())


@guards(TOKEN_MUSTS)
def test_a_token_spent_two_refreshes_ago_ends_its_family(abel: Client, mcp_client: McpClient):
    first = mcp_client.tokens(abel)
    second = mcp_client.refresh(first["refresh_token"]).json()
    third = mcp_client.refresh(second["refresh_token"]).json()
    assert refused(mcp_client.refresh(first["refresh_token"]))
    assert signed_out(third)


@guards(TOKEN_MUSTS)
def test_a_spent_refresh_token_is_worth_nothing_to_another_client(
    abel: Client, mcp_client: McpClient
):
    first = mcp_client.tokens(abel)
    second = mcp_client.refresh(first["refresh_token"]).json()
    thief = McpClient.registered(client_name="Thief")
    assert refused(thief.refresh(first["refresh_token"]))
    assert opens(second)
    assert mcp_client.refresh(first["refresh_token"]).json() == second


@guards(TOKEN_MUSTS)
def test_an_answer_is_not_given_again_once_the_consent_is_revoked(
    abel: Client, mcp_client: McpClient
):
    first = mcp_client.tokens(abel)
    mcp_client.refresh(first["refresh_token"])
    revoke_grant(ClientGrant.objects.get())
    assert refused(mcp_client.refresh(first["refresh_token"]))
    assert live_pairs() == 0


def test_an_answer_is_not_given_again_once_its_client_signed_out(
    abel: Client, mcp_client: McpClient
):
    first = mcp_client.tokens(abel)
    second = mcp_client.refresh(first["refresh_token"]).json()
    body = {"client_id": mcp_client.client_id, "token": second["refresh_token"]}
    assert Client().post("/o/revoke_token/", body).status_code == 200
    assert not RefreshAnswer.objects.exists()
    assert refused(mcp_client.refresh(first["refresh_token"]))


def test_an_answer_is_not_given_again_to_somebody_who_was_turned_off(
    abel: Client, mcp_client: McpClient
):
    first = mcp_client.tokens(abel)
    mcp_client.refresh(first["refresh_token"])
    User.objects.update(is_active=False)
    assert refused(mcp_client.refresh(first["refresh_token"]))


def test_what_was_reused_on_one_computer_ends_nothing_on_another(
    abel: Client, mcp_client: McpClient
):
    here, there = mcp_client.tokens(abel), mcp_client.tokens(abel)
    mcp_client.refresh(here["refresh_token"])
    a_minute_later()
    assert refused(mcp_client.refresh(here["refresh_token"]))
    assert opens(there)
    assert mcp_client.refresh(there["refresh_token"]).status_code == 200


# --- what is kept, and who can read it ---------------------------------------------------------


def test_no_token_can_be_read_from_what_is_kept(abel: Client, mcp_client: McpClient):
    first = mcp_client.tokens(abel)
    second = mcp_client.refresh(first["refresh_token"]).json()
    kept = RefreshAnswer.objects.get()
    stored = bytes(kept.sealed) + kept.spent_checksum.encode()
    for tokens in (first, second):
        for kind in ("access_token", "refresh_token"):
            assert tokens[kind].encode() not in stored


def test_an_answer_moved_to_another_family_opens_nothing(
    abel: Client, beth: Client, mcp_client: McpClient
):
    hers = mcp_client.tokens(beth)
    mcp_client.refresh(hers["refresh_token"])
    stolen = RefreshAnswer.objects.get()
    first = mcp_client.tokens(abel)
    mcp_client.refresh(first["refresh_token"])
    RefreshAnswer.objects.exclude(pk=stolen.pk).update(sealed=bytes(stolen.sealed))
    assert refused(mcp_client.refresh(first["refresh_token"]))


def test_old_answers_are_purged(abel: Client, mcp_client: McpClient):
    mcp_client.refresh(mcp_client.tokens(abel)["refresh_token"])
    assert purge_expired()["refresh_answers"] == 0
    a_minute_later()
    assert purge_expired()["refresh_answers"] == 1
    assert not RefreshAnswer.objects.exists()


def test_a_refresh_that_fails_keeps_no_answer_and_spends_nothing(
    abel: Client, mcp_client: McpClient
):
    tokens = mcp_client.tokens(abel)
    foreign = mcp_client.refresh(tokens["refresh_token"], resource="https://other.example/mcp")
    assert refused(foreign, "invalid_target")
    assert not RefreshAnswer.objects.exists()
    assert mcp_client.refresh(tokens["refresh_token"]).status_code == 200


# --- a code exchanged twice at one moment ------------------------------------------------------


@guards(TOKEN_MUSTS)
def test_of_two_exchanges_of_one_code_at_one_moment_one_is_refused(
    abel: Client, mcp_client: McpClient
):
    for _ in range(5):
        code = mcp_client.code(abel)
        pairs = AccessToken.objects.filter(user__isnull=False).count()
        answers = at_once([lambda code=code: mcp_client.exchange(code)] * 2)
        assert sorted(answer.status_code for answer in answers) == [200, 400]
        (lost,) = (answer for answer in answers if answer.status_code == 400)
        assert refused(lost)
        # None where the loser came so late that it looked like a replay, which ends the pair.
        assert AccessToken.objects.filter(user__isnull=False).count() - pairs in {0, 1}
        assert GrantedToken.objects.exclude(token_family=None).count() >= 1
