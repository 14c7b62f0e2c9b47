"""Run inside the apps: trees that name somebody else, and sign-ins of people who look like others.

Prints what came of both as JSON.
"""

import asyncio
import itertools
import json
import logging
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from django.conf import settings
from django.core.cache import cache
from starlette.applications import Starlette

from oauth_app.models import Connection, Instance, User
from snmcp_project.demo.person import PASSWORD
from tests.identity.trees import run_trees
from tests.oauth_app.connected import connect
from tests.oauth_app.visitors import Visitor
from tests.support.one_process import whole_site

_SEED: Final = 16
_ELSEWHERE: Final = "http://localhost:8091"
_SERIAL: Final = itertools.count(1)


def main(trees: str, sign_ins: str) -> None:
    """Run both and print the tallies."""
    logging.disable()
    with whole_site() as simulator:
        tally = asyncio.run(run_trees(simulator, number=int(trees), seed=_SEED))
        came = SignIns(simulator)
        came.run(int(sign_ins))
    shown = {name: value for name, value in vars(came).items() if name != "simulator"}
    print(json.dumps({"trees": asdict(tally), "sign_ins": shown}))  # read by the proof


@dataclass
class SignIns:
    """People who sign in and share with somebody known here all but their row in ServiceNow."""

    simulator: Starlette
    tried: int = 0
    signed_in: int = 0
    linked: list[str] = field(default_factory=list)
    known_again: int = 0
    renamed: int = 0

    def run(self, number: int) -> None:
        """Sign so many in, each way in turn."""
        elsewhere, _ = Instance.objects.get_or_create(
            base_url=_ELSEWHERE,
            defaults={
                "client_id": settings.SERVICENOW_CLIENT_ID,
                "client_secret": settings.SERVICENOW_CLIENT_SECRET,
            },
        )
        ways = (
            lambda: self._same_address(str.upper),
            lambda: self._same_address(str),
            self._user_name_of_somebody_renamed,
            lambda: self._the_same_on_another_instance(elsewhere),
            self._an_operators_names,
        )
        for way in itertools.islice(itertools.cycle(ways), number):
            cache.clear()  # of the limit of sign-ins: all come from one address
            way()

    def _same_address(self, spell: Any) -> None:  # noqa: ANN401  # str to str
        known = self._known()
        facts = self._facts() | {"email": spell(known.user.email)}
        self._signs_in("an e-mail address", self._hired(facts), known=known)

    def _user_name_of_somebody_renamed(self) -> None:
        """Somebody marries; their user name, name and address go to somebody new."""
        known = self._known()
        facts = {"user_name": known.user_name, "name": known.name, "email": known.user.email}
        self._instance.update("sys_user", known.sys_id, self._facts())
        self._signs_in("a user name", self._hired(facts), known=known)
        renamed = str((self._instance.row("sys_user", known.sys_id) or {})["user_name"])
        self.renamed += 1
        Visitor(self.simulator).sign_in(renamed)
        again = Connection.objects.get(pk=known.pk)
        self.known_again += (again.user_id, again.user_name) == (known.user_id, renamed)

    def _the_same_on_another_instance(self, elsewhere: Instance) -> None:
        """There even the sys_id is the same, as in a clone of an instance."""
        known = self._known()
        self._signs_in("a sys_id elsewhere", known.sys_id, known=known, instance=elsewhere)

    def _an_operators_names(self) -> None:
        """An operator here has the username that would be made, and the address."""
        facts = self._facts()
        name = f"{facts['user_name']}@localhost_8090"
        operator = User.objects.create_superuser(name, facts["email"])
        sys_id = self._hired(facts)
        self._signs_in("an operator's name", sys_id, known=None, strangers=(operator.pk,))

    def _signs_in(
        self,
        what: str,
        sys_id: str,
        *,
        known: Connection | None,
        instance: Instance | None = None,
        strangers: tuple[int, ...] = (),
    ) -> None:
        """Somebody signs in for the first time; note whether they became anybody known here."""
        before = set(User.objects.values_list("pk", flat=True))
        row = self._instance.row("sys_user", sys_id) or {}
        visitor = Visitor(self.simulator)
        self.tried += 1
        asked = {"instance": instance.pk} if instance else {}
        address = visitor.client.get("/oauth/authorize", asked)["Location"]
        visitor.come_back(visitor.at_servicenow(address, row["user_name"]))
        host = _ELSEWHERE if instance else settings.SERVICENOW_INSTANCE_URL
        made = Connection.objects.filter(sys_id=sys_id, instance__base_url=host).first()
        in_session = int(visitor.client.session.get("_auth_user_id", 0))
        self.signed_in += made is not None and in_session == made.user_id
        became = {in_session, made.user_id if made else 0}
        theirs = known and Connection.objects.get(pk=known.pk).user_id != known.user_id
        if became & {*before, *strangers} or theirs:
            self.linked.append(what)

    def _known(self) -> Connection:
        """Somebody new on the instance who has signed in here already."""
        facts = self._facts()
        self._hired(facts)
        return connect(self.simulator.state.world, facts["user_name"])

    def _hired(self, facts: dict[str, str]) -> str:
        password = {"user_password": PASSWORD, "active": "true"}
        return str(self._instance.insert("sys_user", facts | password))

    def _facts(self) -> dict[str, str]:
        name = f"somebody.{next(_SERIAL):05d}"
        return {"user_name": name, "name": f"Some {name}", "email": f"{name}@example.com"}

    @property
    def _instance(self) -> Any:  # noqa: ANN401  # the simulator keeps it in Starlette's state
        return self.simulator.state.instance
