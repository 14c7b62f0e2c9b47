"""The Service Catalog API of a fresh instance with the demo data, called as demo people."""

from typing import Any

import httpx

from simulator.areas.catalog.seed.naming import catalog_id, category_id, item_id
from simulator.instance import Instance
from simulator.seed.ids import group_id, person_id
from simulator.seed.planting import seeded
from simulator.switches import Switches
from tests.simulator.small_instance import NOW, Api

ABEL, BETH, FRED = (person_id(name) for name in ("abel.tuter", "beth.anglin", "fred.luddy"))
CHARLIE, JOE, ADMIN = (person_id(n) for n in ("charlie.whitherspoon", "joe.employee", "admin"))
KEEPER = person_id("mateo.silva")

ROOT = "/api/sn_sc/servicecatalog"

SERVICE, TECHNICAL = catalog_id("Service Catalog"), catalog_id("Technical Catalog")

HEADSET, LAPTOP, PHONE = (item_id(n) for n in ("Headset", "Standard Laptop", "Business Phone"))
BADGE, DEV_LAPTOP = item_id("Building Badge"), item_id("Developer Laptop")

__all__ = ["catalog_id", "category_id", "group_id", "item_id", "person_id"]


class Catalog(Api):
    """Calls below the root of the Service Catalog API; the Table API below `/table`."""

    def __init__(self, *, switches: Switches | None = None) -> None:
        super().__init__(Instance(clock=lambda: NOW, switches=switches, snapshot=seeded(NOW)))

    async def ask(
        self, method: str, path: str, body: object = None, *, by: str = ABEL, **params: str
    ) -> httpx.Response:
        """One request of the Service Catalog API."""
        more: dict[str, Any] = {} if body is None else {"json": body}
        return await self.call(method, ROOT + path, by=by, params=params, **more)

    async def got(self, path: str, *, by: str = ABEL, **params: str) -> Any:
        """The `result` of a GET that must succeed."""
        response = await self.ask("GET", path, by=by, **params)
        assert response.status_code == 200, response.text
        return response.json()["result"]

    async def did(self, path: str, body: object = None, *, by: str = ABEL, **params: str) -> Any:
        """The `result` of a POST that must succeed."""
        response = await self.ask("POST", path, body, by=by, **params)
        assert response.status_code == 200, response.text
        return response.json()["result"]

    async def refusal(
        self, method: str, path: str, body: object = None, *, by: str = ABEL, **params: str
    ) -> str:
        """The message of a request that must be answered with 400."""
        response = await self.ask(method, path, body, by=by, **params)
        assert response.status_code == 400, response.text
        failure = response.json()
        assert failure["status"] == "failure"
        message: str = failure["error"]["message"]
        return message

    async def order(
        self, item: str, *, by: str = ABEL, quantity: object = 1, **variables: object
    ) -> dict[str, str]:
        """Order one item at once; the request's row."""
        body = {"sysparm_quantity": quantity, "variables": variables}
        made = await self.did(f"/items/{item}/order_now", body, by=by)
        return self.row("sc_request", made["sys_id"])

    def row(self, table: str, sys_id: str) -> dict[str, str]:
        """A row that must be there."""
        found = self.instance.row(table, sys_id)
        assert found is not None
        return found

    def items_of(self, request: dict[str, str]) -> list[dict[str, str]]:
        """The items of a request, by number."""
        return self.instance.query("sc_req_item", f"request={request['sys_id']}^ORDERBYnumber")

    def tasks_of(self, item: dict[str, str]) -> list[dict[str, str]]:
        """The tasks of a requested item, by number."""
        return self.instance.query("sc_task", f"request_item={item['sys_id']}^ORDERBYnumber")

    def approvals_of(self, item: dict[str, str]) -> list[dict[str, str]]:
        """The approvals of a requested item."""
        return self.instance.query("sysapproval_approver", f"sysapproval={item['sys_id']}")

    def write(self, table: str, row: dict[str, str], values: dict[str, str], *, by: str) -> None:
        """Change a row as a person, with the rules of its table."""
        self.instance.update(table, row["sys_id"], values, as_user=by, run_rules=True)

    def set_property(self, name: str, value: str) -> None:
        """Set a system property."""
        for row in self.instance.query("sys_properties", f"name={name}"):
            self.instance.delete("sys_properties", row["sys_id"])
        self.instance.insert("sys_properties", {"name": name, "value": value})
