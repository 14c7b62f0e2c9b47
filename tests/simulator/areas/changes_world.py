"""A small instance with the change models, a board, and changes to work on."""

from functools import lru_cache
from typing import Any

from simulator.areas.changes.seed.models import plant_models
from simulator.instance import Instance
from simulator.switches import Switches
from tests.simulator.small_instance import (
    ABEL,
    BETH,
    CHARLIE,
    DANA,
    NETWORK,
    NOW,
    Api,
    small_instance,
)

BOARD = "5" * 32
MANAGER = "e" * 32
CHANGE = "/table/change_request"


def changes_instance(switches: Switches | None = None) -> Instance:
    """Beth is the Network group, Abel and Dana are the board, Erin manages changes."""
    return Instance(clock=lambda: NOW, switches=switches, snapshot=_planted())


@lru_cache(maxsize=1)
def _planted() -> bytes:
    instance = small_instance()
    plant_models(instance)
    for person in (ABEL, BETH, CHARLIE, DANA):
        instance.update("sys_user", person, {"active": "true"})
    erin = {"sys_id": MANAGER, "user_name": "erin.manager", "name": "Erin Manager"}
    instance.insert("sys_user", erin)
    instance.insert("sys_user_role", {"sys_id": "role-change_manager", "name": "change_manager"})
    contained = {"role": "role-change_manager", "contains": "role-itil"}
    instance.insert("sys_user_role_contains", contained)
    instance.insert("sys_user_has_role", {"user": MANAGER, "role": "role-change_manager"})
    instance.insert("sys_user_group", {"sys_id": BOARD, "name": "CAB Approval"})
    for member in (ABEL, DANA):
        instance.insert("sys_user_grmember", {"user": member, "group": BOARD})
    try:
        return instance.snapshot()
    finally:
        instance.close()


class Changes(Api):
    """The APIs of that instance, and what a change goes through."""

    def __init__(self, switches: Switches | None = None) -> None:
        super().__init__(changes_instance(switches))

    async def created(self, *, by: str = ABEL, **values: str) -> str:
        """A new change; its sys_id."""
        asked = {"short_description": "Replace the gateway", "assignment_group": NETWORK}
        response = await self.post(CHANGE, asked | values, by=by)
        assert response.status_code == 201, response.text
        return str(response.json()["result"]["sys_id"])

    async def in_state(self, state: str, **values: str) -> str:
        """A change that was put into a state past all rules; its sys_id."""
        sys_id = await self.created(**values)
        self.instance.update("change_request", sys_id, {"state": state})
        return sys_id

    def row(self, sys_id: str) -> dict[str, str]:
        """The change as it is stored."""
        row = self.instance.row("change_request", sys_id)
        assert row is not None
        return row

    def state(self, sys_id: str) -> str:
        """The state a change is in."""
        return self.row(sys_id)["state"]

    async def moved(self, sys_id: str, state: str, *, by: str = ABEL, **values: str) -> Any:
        """Try to move a change; the answer."""
        return await self.patch(f"{CHANGE}/{sys_id}", {"state": state, **values}, by=by)

    async def decided(self, sys_id: str, decision: str, *, by: str, comments: str = "") -> None:
        """Decide the approval that waits for somebody."""
        waiting = f"sysapproval={sys_id}^approver={by}^state=requested"
        approval = self.instance.query("sysapproval_approver", waiting)[0]
        answer = {"state": decision, "comments": comments}
        path = f"/table/sysapproval_approver/{approval['sys_id']}"
        response = await self.patch(path, answer, by=by)
        assert response.status_code == 200, response.text

    def asked(self, sys_id: str) -> set[str]:
        """Who still has to decide on a change."""
        waiting = f"sysapproval={sys_id}^state=requested"
        return {row["approver"] for row in self.instance.query("sysapproval_approver", waiting)}
