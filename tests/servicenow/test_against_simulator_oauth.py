"""Signing in at the simulated instance, and what becomes of the tokens."""

import pytest

from servicenow.client import ServiceNowClient
from servicenow.exceptions import (
    GrantRefused,
    IdentityUnproved,
    NotAuthenticated,
    TokenEndpointUnavailable,
)
from servicenow.oauth import OAuthClient, new_verifier
from servicenow.query import Query
from simulator.control.faults import FaultKind
from simulator.oauth.clients import DEMO_CLIENT_ID, DEMO_REDIRECT_URI
from tests.servicenow.simulated import ADDRESS, FIELDS, Simulated


async def test_who_signed_in_is_proved(simulated: Simulated) -> None:
    for user_name in ("abel.tuter", "beth.anglin", "charlie.whitherspoon", "admin"):
        tokens = await simulated.tokens(user_name)
        assert (await simulated.oauth.who_am_i(tokens.access_token)).user_name == user_name


async def test_who_signed_in_is_proved_without_the_ui_api(simulated: Simulated) -> None:
    tokens = await simulated.tokens("beth.anglin")
    simulated.world.switches.user_interface_api = False
    assert (await simulated.oauth.who_am_i(tokens.access_token)).name == "Beth Anglin"


async def test_an_instance_that_ignores_conditions_proves_nobody(simulated: Simulated) -> None:
    tokens = await simulated.tokens("beth.anglin")
    simulated.world.instance.switches.ignore_query_conditions = True
    with pytest.raises(IdentityUnproved):
        await simulated.oauth.who_am_i(tokens.access_token)


async def test_a_code_is_worth_nothing_with_another_verifier_or_twice(
    simulated: Simulated,
) -> None:
    verifier = new_verifier()
    stolen = await simulated.code("abel.tuter", verifier=verifier)
    with pytest.raises(GrantRefused):
        await simulated.oauth.exchange_code(stolen, code_verifier=new_verifier())
    code = await simulated.code("abel.tuter", verifier=verifier)
    await simulated.oauth.exchange_code(code, code_verifier=verifier)
    with pytest.raises(GrantRefused) as caught:
        await simulated.oauth.exchange_code(code, code_verifier=verifier)
    assert caught.value.rfc_error is None


async def test_a_refresh_gives_the_live_tokens_again(simulated: Simulated) -> None:
    tokens = await simulated.tokens("abel.tuter")
    assert tokens.refresh_token is not None
    again = await simulated.oauth.refresh(tokens.refresh_token)
    assert (again.access_token, again.refresh_token) == (tokens.access_token, tokens.refresh_token)
    assert again.expires_in <= tokens.expires_in


async def test_a_dead_refresh_token_and_a_wrong_secret_look_alike(simulated: Simulated) -> None:
    tokens = await simulated.tokens("abel.tuter")
    assert tokens.refresh_token is not None
    wrong = OAuthClient(ADDRESS, DEMO_CLIENT_ID, "wrong", DEMO_REDIRECT_URI, simulated.http)
    with pytest.raises(GrantRefused) as wrong_secret:
        await wrong.refresh(tokens.refresh_token)
    await simulated.oauth.revoke(tokens.refresh_token)
    with pytest.raises(GrantRefused) as dead:
        await simulated.oauth.refresh(tokens.refresh_token)
    assert wrong_secret.value.rfc_error is dead.value.rfc_error is None


async def test_an_instance_that_keeps_to_the_standard_says_which(simulated: Simulated) -> None:
    simulated.world.switches.rfc_errors = True
    with pytest.raises(GrantRefused) as caught:
        await simulated.oauth.refresh("dead")
    assert caught.value.rfc_error == "invalid_grant"


async def test_a_revoked_token_opens_nothing(simulated: Simulated, abel: ServiceNowClient) -> None:
    tokens = await simulated.tokens("abel.tuter")
    await simulated.oauth.revoke(tokens.access_token)
    with pytest.raises(NotAuthenticated):
        await abel.tables.list("incident", query=Query(), fields=FIELDS)


UNDECIDED = (
    FaultKind.RATE_LIMITED,
    FaultKind.SERVER_FAULT,
    FaultKind.BAD_GATEWAY,
    FaultKind.UNAVAILABLE,
    FaultKind.HIBERNATING_PAGE,
    FaultKind.LOGIN_PAGE,
    FaultKind.RESET_BEFORE,
    FaultKind.RESET_AFTER,
    FaultKind.TRUNCATED,
)


async def test_a_token_endpoint_in_trouble_decides_nothing(simulated: Simulated) -> None:
    refresh_token = (await simulated.tokens("abel.tuter")).refresh_token
    for kind in UNDECIDED:
        assert refresh_token is not None, kind
        simulated.fault(kind, path="/oauth_token.do")
        with pytest.raises(TokenEndpointUnavailable):
            await simulated.oauth.refresh(refresh_token)
        refresh_token = (await simulated.oauth.refresh(refresh_token)).refresh_token
