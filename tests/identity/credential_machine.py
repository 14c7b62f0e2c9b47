"""People, their credentials and what ends them, in any order: who is answered, and as whom.

A state machine for Hypothesis. It remembers whose each credential is and whether it still opens
anything, and presents one of them after every step: a live one is answered as its owner and nobody
else, one that has ended is refused, for good where it was revoked.
"""

import json
from typing import Any, Final

import httpx
from django.test import Client
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from mcp_app.endpoint import verified_credentials
from oauth_app import people, reconnect_tokens
from oauth_app.authorization_server.grants import revoke_grant
from oauth_app.disconnection import disconnect
from oauth_app.instances import default_instance, pause, resume
from oauth_app.models import ClientGrant, Connection, ReconnectToken
from oauth_app.models.connections import Reason
from oauth_app.sign_in_failures import PersonTurnedOff
from tests.identity.credential_place import Held, Holder, Place

STEPS: Final = 6
KINDS: Final = ("reconnect token", "access token", "browser session")
ANY: Final = st.integers(min_value=0, max_value=11)
_PEOPLE: Final = 2


class Credentials(RuleBasedStateMachine):
    """One run. `place` is set by `machine`."""

    place: Place

    def __init__(self) -> None:
        super().__init__()
        self.holders: list[Holder] = []
        self.held: list[Held] = []
        self.is_paused = False
        self.looked_at = 0
        self.place.runs += 1
        run = self.place.runs
        self.address = f"10.{run >> 16 & 255}.{run >> 8 & 255}.{run & 255}"

    @initialize(kinds=st.lists(st.sampled_from(KINDS), min_size=2, max_size=3))
    def people_sign_in(self, kinds: list[str]) -> None:
        """Begin with two people who have some credentials."""
        verified_credentials.forget()
        instance = default_instance()
        assert instance
        resume(instance)
        self.holders = [self.place.newcomer() for _ in range(_PEOPLE)]
        for number, kind in enumerate(kinds):
            self._get(kind, self._some(number))

    # --- getting credentials ------------------------------------------------------------------

    @rule(who=ANY, kind=st.sampled_from(KINDS))
    def get_one(self, who: int, kind: str) -> None:
        """Somebody gets one more credential."""
        holder = self._some(who)
        if holder.is_connected and not holder.is_off:
            self._get(kind, holder)

    @rule(who=ANY)
    def sign_in_again(self, who: int) -> None:
        """Somebody signs in again; whoever is turned off does not get in."""
        holder = self._some(who)
        self._count("signed in again")
        try:
            holder.person = self.place.connected(holder.user_name)
        except PersonTurnedOff:
            assert holder.is_off
            return
        assert not holder.is_off, f"{holder.user_name} is turned off and signed in"
        holder.is_connected = True

    # --- ending them --------------------------------------------------------------------------

    @rule(which=ANY)
    def revoke(self, which: int) -> None:
        """One credential is revoked, in the way that its kind is."""
        held = self._one(which)
        self._count(f"revoked: {held.kind}")
        if held.kind == "reconnect token":
            reconnect_tokens.revoke(ReconnectToken.objects.get(pk=held.row))
        elif held.kind == "access token":
            revoke_grant(ClientGrant.objects.get(pk=held.row))
        elif held.browser is not None:
            assert held.browser.post("/oauth/sign-out").status_code == 302
        held.has_ended = True

    @rule(whose=ANY, which=ANY)
    def try_to_revoke_somebody_elses(self, whose: int, which: int) -> None:
        """Somebody with a browser names another person's reconnect token; it goes on."""
        browsers = [one for one in self.held if one.browser and one.is_live]
        tokens = [one for one in self.held if one.kind == "reconnect token"]
        if not browsers or not tokens:
            return
        held, token = browsers[whose % len(browsers)], tokens[which % len(tokens)]
        if held.owner is token.owner or held.browser is None:
            return
        self._count("tried to revoke another's")
        asked = json.dumps({"reconnect_token": token.secret})
        path = "/oauth/reconnect-token"
        answer = held.browser.delete(path, asked, content_type="application/json")
        assert answer.status_code == 404, answer.content

    @rule(who=ANY)
    def disconnect(self, who: int) -> None:
        """An operator disconnects somebody."""
        holder = self._some(who)
        self._count("disconnected")
        connection = Connection.objects.get(pk=holder.person.connection.pk)
        disconnect(connection=connection, reason=Reason.ENDED_BY_OPERATOR)
        self._everything_ended(holder)

    @rule(which=ANY)
    def disconnect_in_a_browser(self, which: int) -> None:
        """Somebody presses Disconnect; this browser stays, to say so."""
        held = self._one(which)
        if held.browser is None or not held.is_live:
            return
        self._count("disconnected in a browser")
        assert held.browser.post("/connection").status_code == 302
        self._everything_ended(held.owner, staying=held)

    @rule(who=ANY)
    def turn_off(self, who: int) -> None:
        """An operator turns somebody off."""
        holder = self._some(who)
        self._count("turned off")
        people.turn_off(holder.person.user)
        holder.is_off = True

    @rule(who=ANY)
    def turn_on(self, who: int) -> None:
        """An operator turns somebody on, whose credentials work again."""
        holder = self._some(who)
        self._count("turned on")
        people.turn_on(holder.person.user)
        holder.is_off = False

    @rule()
    def pause_or_resume(self) -> None:
        """An operator pauses the instance, or lets work with it go on."""
        self._count("paused or resumed")
        instance = default_instance()
        assert instance
        (resume if self.is_paused else pause)(instance)
        self.is_paused = not self.is_paused

    # --- presenting them ----------------------------------------------------------------------

    @rule(which=ANY, in_url=st.booleans())
    def present(self, which: int, *, in_url: bool) -> None:
        """Anybody's credential is presented."""
        self._present(self._one(which), in_url=in_url)

    @invariant()
    def only_what_is_live_is_answered_and_only_as_its_owner(self) -> None:
        """Hold one credential after another to what is known of it."""
        if self.held:
            self.looked_at += 1
            self._present(self._one(self.looked_at), in_url=False)

    def teardown(self) -> None:
        """At the end every credential once more: what was not revoked goes on working."""
        for held in self.held:
            self._present(held, in_url=False)

    def _present(self, held: Held, *, in_url: bool) -> None:
        try:
            self._hold_to_what_is_known(held, in_url=in_url)
        except AssertionError as wrong:
            self.place.wrong = self.place.wrong or str(wrong)
            raise

    def _hold_to_what_is_known(self, held: Held, *, in_url: bool) -> None:
        if held.browser is not None:
            self._open_page(held, held.browser)
            return
        journal = self.place.simulator.state.world.journal
        journal.clear()
        answer = self.place.post(
            held.secret,
            in_url=in_url and held.kind == "reconnect token",
            address=self.address,
        )
        self._nothing_of_others(held, answer.text)
        acted = {entry.acting_user_sys_id for entry in journal}
        assert acted <= {held.owner.sys_id}, f"{held.owner.user_name}'s call acted as {acted}"
        asked_there = [f"{entry.method} {entry.path}" for entry in journal]
        if not held.is_live:
            self.place.refused += 1
            assert answer.status_code == 401, f"{held.kind} opens: {answer.text[:200]}"
            assert not asked_there, f"{held.kind} that has ended reached {asked_there}"
            return
        assert answer.status_code == 200, f"{held.kind} is refused: {answer.text[:200]}"
        result = _result_of(answer)
        if self.is_paused:
            self.place.paused += 1
            assert "paused work with the instance" in json.dumps(result), result
            assert not asked_there, f"a paused instance got {asked_there}"
            return
        self.place.answered += 1
        assert not result["isError"], result
        assert result["structuredContent"]["sys_id"] == held.owner.sys_id

    def _open_page(self, held: Held, browser: Client) -> None:
        answer = browser.get("/connection")
        text = answer.content.decode()
        self._nothing_of_others(held, text)
        if held.is_live:
            self.place.answered += 1
            assert answer.status_code == 200, "a live browser session is refused"
            assert held.owner.user_name in text
        else:
            self.place.refused += 1
            assert answer.status_code == 302, "a browser session that has ended opens a page"

    def _nothing_of_others(self, held: Held, text: str) -> None:
        strangers = [one for one in self.holders if one is not held.owner]
        found = [mark for one in strangers for mark in one.marks if mark in text]
        assert not found, f"{held.owner.user_name} got {found}"

    # --- what is known ------------------------------------------------------------------------

    def _get(self, kind: str, holder: Holder) -> None:
        self._count(f"got a {kind}")
        person = holder.person
        if kind == "reconnect token":
            token, raw = reconnect_tokens.make(
                user=person.user, connection=person.connection, name="Mine"
            )
            self.held.append(Held(kind, holder, secret=raw, row=token.pk))
        elif kind == "access token":
            raw = self.place.loop.run(person.access_token())
            grant = ClientGrant.objects.filter(user=person.user).latest("pk")
            self.held.append(Held(kind, holder, secret=raw, row=grant.pk))
        else:
            browser = Client(REMOTE_ADDR=self.address, SERVER_NAME="localhost")
            browser.handler = self.place.pages
            browser.force_login(person.user)
            session = browser.session
            session["connection_id"] = person.connection.pk
            session.save()
            self.held.append(Held(kind, holder, browser=browser))

    def _everything_ended(self, holder: Holder, *, staying: Held | None = None) -> None:
        holder.is_connected = False
        for held in self.held:
            held.has_ended |= held.owner is holder and held is not staying

    def _some(self, number: int) -> Holder:
        return self.holders[number % len(self.holders)]

    def _one(self, number: int) -> Held:
        return self.held[number % len(self.held)]

    def _count(self, step: str) -> None:
        self.place.steps[step] = self.place.steps.get(step, 0) + 1


def run_many(place: Place, *, runs: int, phases: tuple[Phase, ...] = (Phase.generate,)) -> None:
    """Run the machine so often; raises AssertionError at the first run that goes wrong."""
    of_this_place = type("CredentialsInAnyOrder", (Credentials,), {"place": place})
    run_state_machine_as_test(
        of_this_place,
        settings=settings(
            max_examples=runs,
            stateful_step_count=STEPS,
            deadline=None,
            database=None,
            derandomize=True,
            phases=phases,
            suppress_health_check=list(HealthCheck),
        ),
    )


def _result_of(answer: httpx.Response) -> dict[str, Any]:
    result: dict[str, Any] = answer.json()["result"]
    return result
