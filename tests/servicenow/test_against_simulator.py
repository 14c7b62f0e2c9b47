"""The client end to end against the simulated instance, in this process."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from starlette.applications import Starlette

from servicenow.auth import FixedToken
from servicenow.client import ServiceNowClient
from servicenow.exceptions import (
    AclRefused,
    BadRequest,
    ConnectionFailed,
    DataPolicyViolation,
    DeadlinePassed,
    GrantRefused,
    IdentityUnproved,
    InstanceHibernating,
    InvalidTable,
    LoginPageServed,
    NotAuthenticated,
    NotAuthorized,
    OutcomeUnknown,
    RateLimited,
    RecordNotFound,
    RejectedByInstance,
    ScopeNotAllowed,
    ServerFault,
    ServiceNowFailure,
    TokenEndpointUnavailable,
    TruncatedAnswer,
    UnknownField,
)
from servicenow.http import cookieless_client
from servicenow.oauth import OAuthClient, TokenSet, new_verifier
from servicenow.query import Query
from servicenow.records import servicenow_time
from simulator.app import create_app
from simulator.faults import Fault, FaultKind
from simulator.oauth_clients import DEMO_CLIENT_ID, DEMO_CLIENT_SECRET, DEMO_REDIRECT_URI
from simulator.world import World
from tests.support.simulator_browser import sign_in_and_allow

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
ADDRESS = "http://localhost:8090"
FIELDS = ("number", "short_description", "state", "priority", "caller_id", "assignment_group")


@dataclass
class Simulated:
    """An instance and the people who have signed in at it."""

    world: World
    http: httpx.AsyncClient
    oauth: OAuthClient

    def fault(self, kind: FaultKind, *, count: int = 1, **facts: object) -> None:
        self.world.faults.add(Fault(kind=kind, count=count, **facts))  # type: ignore[arg-type]  # facts of the fault

    async def code(self, user_name: str, *, verifier: str) -> str:
        url = self.oauth.authorization_url(state="the-state", code_verifier=verifier)
        back = await sign_in_and_allow(self.http, url, user_name)
        answered = parse_qs(urlsplit(back).query)
        assert answered["state"] == ["the-state"]
        return answered["code"][0]

    async def tokens(self, user_name: str) -> TokenSet:
        verifier = new_verifier()
        code = await self.code(user_name, verifier=verifier)
        return await self.oauth.exchange_code(code, code_verifier=verifier)

    async def signed_in(self, user_name: str, *, seconds: float = 30) -> ServiceNowClient:
        token = (await self.tokens(user_name)).access_token
        return ServiceNowClient(
            ADDRESS, http=self.http, tokens=FixedToken(token), deadline_seconds=seconds
        )

    @property
    def calls(self) -> list[str]:
        """Method and path of every API call so far."""
        return [
            f"{entry['method']} {entry['path']}"
            for entry in self.world.journal.as_json()
            if entry["path"].startswith("/api/")
        ]


@pytest.fixture
def app() -> Starlette:
    return create_app(clock=lambda: NOW)


@pytest.fixture
async def simulated(app: Starlette) -> AsyncIterator[Simulated]:
    async with cookieless_client(transport=httpx.ASGITransport(app)) as http:
        oauth = OAuthClient(ADDRESS, DEMO_CLIENT_ID, DEMO_CLIENT_SECRET, DEMO_REDIRECT_URI, http)
        yield Simulated(app.state.world, http, oauth)


@pytest.fixture
async def abel(simulated: Simulated) -> ServiceNowClient:
    """Abel has the role itil."""
    return await simulated.signed_in("abel.tuter")


@pytest.fixture
async def charlie(simulated: Simulated) -> ServiceNowClient:
    """Charlie has no role: only what is his own."""
    return await simulated.signed_in("charlie.whitherspoon")


# Signing in


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


@pytest.mark.parametrize(
    "kind",
    [
        FaultKind.RATE_LIMITED,
        FaultKind.SERVER_FAULT,
        FaultKind.BAD_GATEWAY,
        FaultKind.UNAVAILABLE,
        FaultKind.HIBERNATING_PAGE,
        FaultKind.LOGIN_PAGE,
        FaultKind.RESET_BEFORE,
        FaultKind.RESET_AFTER,
        FaultKind.TRUNCATED,
    ],
)
async def test_a_token_endpoint_in_trouble_decides_nothing(
    simulated: Simulated, kind: FaultKind
) -> None:
    tokens = await simulated.tokens("abel.tuter")
    assert tokens.refresh_token is not None
    simulated.fault(kind, path="/oauth_token.do")
    with pytest.raises(TokenEndpointUnavailable):
        await simulated.oauth.refresh(tokens.refresh_token)
    await simulated.oauth.refresh(tokens.refresh_token)


# Reading


async def test_every_record_is_met_once_by_paging(abel: ServiceNowClient) -> None:
    query = Query().equals("active", value=True).order_by("number")
    numbers: list[str] = []
    offset: int | None = 0
    while offset is not None:
        page = await abel.tables.list(
            "incident", query=query, fields=FIELDS, limit=37, offset=offset
        )
        numbers += [record.value("number") for record in page.records]
        offset = page.next_offset
    assert numbers == sorted(set(numbers))
    assert len(numbers) == page.total > 37


async def test_rows_that_charlie_may_not_see_are_missing_and_counted(
    charlie: ServiceNowClient,
) -> None:
    seen: set[str] = set()
    offset: int | None = 0
    removed = 0
    while offset is not None:
        page = await charlie.tables.list(
            "incident", query=Query(), fields=FIELDS, limit=50, offset=offset
        )
        seen |= {record.display("caller_id") for record in page.records}
        removed += page.removed_rows
        offset = page.next_offset
    assert "Charlie Whitherspoon" in seen
    assert page.total is not None
    assert page.total >= 200
    assert removed > 100


async def test_a_record_has_values_names_and_references(abel: ServiceNowClient) -> None:
    query = Query().equals("number", "INC0010001")
    record = await abel.tables.find_one("incident", query=query, fields=(*FIELDS, "opened_at"))
    assert record.display("state") == "In Progress"
    assert record.value("state") == "2"
    caller = record.reference("caller_id")
    assert caller is not None
    assert caller.name == "Abel Tuter"
    assert len(caller.sys_id) == 32
    opened = servicenow_time(record.value("opened_at"))
    assert opened is not None
    assert NOW - timedelta(days=2) < opened < NOW
    same = await abel.tables.get("incident", sys_id=record.sys_id, fields=["caller_id.email"])
    assert same.value("caller_id.email") == "abel.tuter@example.com"


async def test_a_hidden_field_is_named(charlie: ServiceNowClient) -> None:
    page = await charlie.tables.list(
        "sys_user",
        query=Query().equals("user_name", "beth.anglin"),
        fields=["name", "email", "home_phone", "locked_out"],
    )
    assert page.records[0].display("name") == "Beth Anglin"
    assert page.hidden_fields == ["home_phone", "locked_out"]


async def test_a_record_that_does_not_exist_or_is_not_for_charlie_is_not_found(
    abel: ServiceNowClient, charlie: ServiceNowClient
) -> None:
    query = Query().equals("number", "INC0010001")
    record = await abel.tables.find_one("incident", query=query, fields=FIELDS)
    for sys_id in (record.sys_id, "0" * 32):
        with pytest.raises(RecordNotFound):
            await charlie.tables.get("incident", sys_id=sys_id, fields=FIELDS)


async def test_the_query_language_means_there_what_it_means_here(abel: ServiceNowClient) -> None:
    query = (
        Query()
        .any_of(Query().equals("state", 2), Query().equals("state", 3))
        .is_not_empty("assigned_to")
        .contains("caller_id.name", "abel")
        .is_in("priority", [1, 2, 3, 4, 5])
        .less("opened_at", NOW)
        .order_by("opened_at", descending=True)
        .checked_by(abel.dictionary)
    )
    page = await abel.tables.list("incident", query=query, fields=(*FIELDS, "opened_at"), limit=100)
    assert page.records
    opened = [record.value("opened_at") for record in page.records]
    assert opened == sorted(opened, reverse=True)
    assert {record.value("state") for record in page.records} <= {"2", "3"}
    assert {record.display("caller_id") for record in page.records} == {"Abel Tuter"}


@pytest.mark.parametrize(
    "text",
    [
        "^ORactive=true",
        "a^b",
        "^^",
        "^NQactive=true",
        "x\\^ORactive=true",
        "50% & more + #1?",
        "ä😀",
    ],
)
async def test_what_a_person_types_is_found_again_and_nothing_else(
    abel: ServiceNowClient, text: str
) -> None:
    marked = f"marked {text} here"
    await abel.tables.create("incident", {"short_description": marked}, fields=FIELDS)
    query = Query().contains("short_description", text)
    page = await abel.tables.list("incident", query=query, fields=FIELDS)
    assert [record.value("short_description") for record in page.records] == [marked]
    exact = Query().equals("short_description", marked)
    assert len((await abel.tables.list("incident", query=exact, fields=FIELDS)).records) == 1


async def test_an_unknown_field_returns_everything_there_and_is_refused_here(
    abel: ServiceNowClient,
) -> None:
    query = Query().equals("no_such_field", "x")
    assert (await abel.tables.list("incident", query=query, fields=FIELDS)).total >= 200  # type: ignore[operator]  # a total is there
    with pytest.raises(UnknownField):
        await abel.tables.list("incident", query=query.checked_by(abel.dictionary), fields=FIELDS)


async def test_an_instance_that_ignores_conditions_does_not_make_one_record_another(
    simulated: Simulated, abel: ServiceNowClient
) -> None:
    simulated.world.instance.switches.ignore_query_conditions = True
    query = Query().equals("number", "INC0010001")
    with pytest.raises(ServiceNowFailure):
        await abel.tables.find_one("incident", query=query, fields=FIELDS)


# Dictionary and choices


async def test_fields_are_inherited_and_walked(abel: ServiceNowClient) -> None:
    fields = await abel.dictionary.fields_of("incident")
    assert fields["caller_id"].reference == "sys_user"
    assert fields["short_description"].table == "task"
    await abel.dictionary.check(
        "incident", ["number", "caller_id.department.name", "assignment_group.manager.email"]
    )


@pytest.mark.parametrize("readable", [True, False])
async def test_people_who_may_not_read_the_dictionary_can_still_work(
    simulated: Simulated, abel: ServiceNowClient, *, readable: bool
) -> None:
    simulated.world.instance.switches.dictionary_readable = readable
    await abel.dictionary.check(
        "incident", ["number", "caller_id.department.name", "work_notes", "close_code"]
    )
    for unknown in ("no_such_field", "caller_id.no_such_field"):
        with pytest.raises(UnknownField):
            await abel.dictionary.check("incident", [unknown])
    labels = {item.value: item.label for item in await abel.dictionary.choices("incident", "state")}
    assert labels["2"] == "In Progress"
    assert labels["6"] == "Resolved"
    priorities = await abel.dictionary.choices("incident", "priority")
    assert [choice.value for choice in priorities] == ["1", "2", "3", "4", "5"]


# Writing


async def test_a_new_record_comes_back_with_what_the_instance_made_of_it(
    abel: ServiceNowClient,
) -> None:
    values = {
        "short_description": "Printer on fire",
        "impact": "1",
        "urgency": "2",
        "correlation_id": "0123456789abcdef",
    }
    made = await abel.tables.create("incident", values, fields=(*FIELDS, "correlation_id"))
    assert made.value("number").startswith("INC")
    assert made.display("priority") == "2 - High"
    assert made.value("correlation_id") == "0123456789abcdef"
    read = await abel.tables.get("incident", sys_id=made.sys_id, fields=FIELDS)
    assert read.value("short_description") == "Printer on fire"


async def test_a_work_note_is_in_the_journal(abel: ServiceNowClient) -> None:
    made = await abel.tables.create("incident", {"short_description": "x"}, fields=FIELDS)
    for text in ("first ^ note", "second note"):
        await abel.tables.update(
            "incident", sys_id=made.sys_id, values={"work_notes": text}, fields=["number"]
        )
    read = await abel.tables.get("incident", sys_id=made.sys_id, fields=["work_notes"])
    assert read.value("work_notes") == ""
    journal = read.display("work_notes")
    assert journal.index("second note") < journal.index("first ^ note")
    assert "Abel Tuter" in journal


async def test_a_field_that_may_not_be_written_is_silently_left_out(
    charlie: ServiceNowClient,
) -> None:
    made = await charlie.tables.create(
        "incident", {"short_description": "Mine", "impact": "1", "priority": "1"}, fields=FIELDS
    )
    assert made.value("priority") != "1"


async def test_resolving_without_a_code_names_the_fields(abel: ServiceNowClient) -> None:
    made = await abel.tables.create("incident", {"short_description": "x"}, fields=FIELDS)
    with pytest.raises(DataPolicyViolation) as caught:
        await abel.tables.update(
            "incident", sys_id=made.sys_id, values={"state": "6"}, fields=FIELDS
        )
    assert caught.value.fields
    done = {"state": "6", "close_code": "Solution provided", "close_notes": "Done"}
    resolved = await abel.tables.update("incident", sys_id=made.sys_id, values=done, fields=FIELDS)
    assert resolved.display("state") == "Resolved"


async def test_a_rule_of_the_instance_says_why(abel: ServiceNowClient) -> None:
    made = await abel.tables.create("incident", {"short_description": "x"}, fields=FIELDS)
    done = {"state": "7", "close_code": "Solution provided", "close_notes": "Done"}
    with pytest.raises(RejectedByInstance) as caught:
        await abel.tables.update("incident", sys_id=made.sys_id, values=done, fields=FIELDS)
    assert caught.value.sentence


async def test_charlie_cannot_change_what_is_not_his(
    abel: ServiceNowClient, charlie: ServiceNowClient
) -> None:
    made = await abel.tables.create("incident", {"short_description": "x"}, fields=FIELDS)
    with pytest.raises((RecordNotFound, AclRefused)):
        await charlie.tables.update(
            "incident", sys_id=made.sys_id, values={"short_description": "y"}, fields=FIELDS
        )
    with pytest.raises(AclRefused):
        await charlie.tables.create("sys_user", {"user_name": "x"}, fields=["user_name"])


async def test_an_unknown_table_is_told(simulated: Simulated, abel: ServiceNowClient) -> None:
    for detailed in (False, True):
        simulated.world.instance.switches.invalid_table_detail = detailed
        with pytest.raises(InvalidTable) as caught:
            await abel.tables.list("u_nope", query=Query(), fields=FIELDS)
        assert caught.value.table == "u_nope"


async def test_an_unknown_path_is_a_bad_request(abel: ServiceNowClient) -> None:
    with pytest.raises(BadRequest):
        await abel.get_json("/api/now/nonsense", query={})


async def test_an_oauth_client_without_scope_is_refused_as_such(
    simulated: Simulated, abel: ServiceNowClient
) -> None:
    simulated.world.switches.scope_gate = True
    with pytest.raises(ScopeNotAllowed):
        await abel.tables.list("incident", query=Query(), fields=FIELDS)


# Faults


async def read(client: ServiceNowClient) -> None:
    await client.tables.list("incident", query=Query(), fields=FIELDS)


async def write(client: ServiceNowClient) -> None:
    values = {"short_description": "doubtful", "correlation_id": "ours"}
    await client.tables.create("incident", values, fields=FIELDS)


async def doubtful(client: ServiceNowClient) -> int:
    query = Query().equals("correlation_id", "ours")
    return len((await client.tables.list("incident", query=query, fields=FIELDS)).records)


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (FaultKind.NOT_AUTHENTICATED, NotAuthenticated),
        (FaultKind.NOT_AUTHORIZED, NotAuthorized),
        (FaultKind.SCOPE_NOT_ALLOWED, ScopeNotAllowed),
        (FaultKind.RATE_LIMITED, RateLimited),
        (FaultKind.SERVER_FAULT, ServerFault),
        (FaultKind.SERVER_FAULT_AFTER_COMMIT, ServerFault),
        (FaultKind.HIBERNATING_PAGE, InstanceHibernating),
        (FaultKind.LOGIN_PAGE, LoginPageServed),
        (FaultKind.TRUNCATED, TruncatedAnswer),
        (FaultKind.ERROR_IN_200, ServerFault),
    ],
)
async def test_a_read_that_meets_a_lasting_fault_says_which_and_is_not_repeated(
    simulated: Simulated,
    abel: ServiceNowClient,
    kind: FaultKind,
    expected: type[ServiceNowFailure],
) -> None:
    simulated.fault(kind, path="/api/*")
    with pytest.raises(expected) as caught:
        await read(abel)
    assert type(caught.value) is expected
    assert len(simulated.calls) == 1
    await read(abel)


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (FaultKind.BAD_GATEWAY, ServerFault),
        (FaultKind.UNAVAILABLE, ServerFault),
        (FaultKind.RESET_BEFORE, ConnectionFailed),
        (FaultKind.RESET_MIDWAY, ConnectionFailed),
        (FaultKind.RESET_AFTER, ConnectionFailed),
    ],
)
async def test_a_read_survives_two_passing_faults_and_no_third(
    simulated: Simulated,
    abel: ServiceNowClient,
    kind: FaultKind,
    expected: type[ServiceNowFailure],
) -> None:
    simulated.fault(kind, count=2, path="/api/*")
    await read(abel)
    assert len(simulated.calls) == 3
    simulated.fault(kind, count=3, path="/api/*")
    with pytest.raises(expected):
        await read(abel)
    assert len(simulated.calls) == 6


async def test_a_rate_limit_is_waited_for_if_it_is_short(
    simulated: Simulated, abel: ServiceNowClient
) -> None:
    simulated.fault(FaultKind.RATE_LIMITED, retry_after=5, path="/api/*")
    await read(abel)
    assert len(simulated.calls) == 2
    assert abel.rate_limit is not None
    assert (abel.rate_limit.limit, abel.rate_limit.rule) == (100, "Table API rate limit")
    simulated.fault(FaultKind.RATE_LIMITED, retry_after=6, path="/api/*")
    with pytest.raises(RateLimited) as caught:
        await read(abel)
    assert caught.value.retry_after == 6


@pytest.mark.parametrize(
    ("kind", "committed"),
    [
        (FaultKind.SERVER_FAULT, 0),
        (FaultKind.BAD_GATEWAY, 0),
        (FaultKind.UNAVAILABLE, 0),
        (FaultKind.HIBERNATING_PAGE, 0),
        (FaultKind.LOGIN_PAGE, 0),
        (FaultKind.RESET_BEFORE, 0),
        (FaultKind.SERVER_FAULT_AFTER_COMMIT, 1),
        (FaultKind.TRUNCATED, 1),
        (FaultKind.ERROR_IN_200, 1),
        (FaultKind.RESET_MIDWAY, 1),
        (FaultKind.RESET_AFTER, 1),
    ],
)
async def test_a_write_whose_reply_is_lost_is_sent_once_and_settled_by_its_correlation_id(
    simulated: Simulated, abel: ServiceNowClient, kind: FaultKind, committed: int
) -> None:
    simulated.fault(kind, method="POST", path="/api/*")
    with pytest.raises(OutcomeUnknown) as caught:
        await write(abel)
    assert caught.value.correlation_id == "ours"
    assert simulated.calls == ["POST /api/now/table/incident"]
    assert await doubtful(abel) == committed


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (FaultKind.NOT_AUTHENTICATED, NotAuthenticated),
        (FaultKind.NOT_AUTHORIZED, NotAuthorized),
        (FaultKind.SCOPE_NOT_ALLOWED, ScopeNotAllowed),
        (FaultKind.RATE_LIMITED, RateLimited),
    ],
)
async def test_a_write_that_is_refused_did_nothing(
    simulated: Simulated,
    abel: ServiceNowClient,
    kind: FaultKind,
    expected: type[ServiceNowFailure],
) -> None:
    simulated.fault(kind, method="POST", path="/api/*")
    with pytest.raises(expected):
        await write(abel)
    assert await doubtful(abel) == 0


@pytest.mark.parametrize(("processed_first", "committed"), [(False, 0), (True, 1)])
async def test_a_write_that_outlasts_its_deadline_is_in_doubt(
    simulated: Simulated, *, processed_first: bool, committed: int
) -> None:
    hasty = await simulated.signed_in("abel.tuter", seconds=0.1)
    simulated.fault(FaultKind.HOLD, method="POST", path="/api/*", processed_first=processed_first)
    with pytest.raises(OutcomeUnknown) as caught:
        await write(hasty)
    assert isinstance(caught.value.cause, DeadlinePassed)
    abel = await simulated.signed_in("abel.tuter")
    assert await doubtful(abel) == committed


async def test_a_read_that_outlasts_its_deadline_ends(simulated: Simulated) -> None:
    hasty = await simulated.signed_in("abel.tuter", seconds=0.1)
    simulated.fault(FaultKind.HOLD, path="/api/*")
    with pytest.raises(DeadlinePassed):
        await read(hasty)


async def test_the_cookie_of_one_person_never_wins_over_the_token_of_another(
    simulated: Simulated, abel: ServiceNowClient, charlie: ServiceNowClient
) -> None:
    assert simulated.world.switches.api_cookies
    for client, user_name in ((abel, "abel.tuter"), (charlie, "charlie.whitherspoon")) * 3:
        answer = await client.get_json("/api/now/ui/user/current_user", query={})
        assert isinstance(answer, dict)
        assert answer["result"]["user_name"] == user_name
