"""A small instance of a few people and incidents, and a way to call its Table API as one."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import httpx
from starlette.applications import Starlette
from starlette.types import Receive, Scope, Send

from simulator.api import routes as api
from simulator.instance import Instance
from simulator.switches import Switches

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)  # a Friday
HOST = "http://small.test"

ABEL, BETH, CHARLIE, DANA = "a" * 32, "b" * 32, "c" * 32, "d" * 32
NETWORK, OFFICE, MAIL, SALES = "1" * 32, "2" * 32, "3" * 32, "4" * 32

FIRST, SECOND, THIRD, FOURTH, FIFTH = ("0" * 31 + digit for digit in "12345")

_ROLES = ("itil", "itil_admin", "admin", "user_admin", "network_lead")

_PEOPLE = (
    {"sys_id": ABEL, "user_name": "abel.tuter", "name": "Abel Tuter", "email": "abel@example.com"},
    {
        "sys_id": BETH,
        "user_name": "beth.anglin",
        "name": "Beth Anglin",
        "manager": ABEL,
        "department": SALES,
        "home_phone": "555-1",
        "time_zone": "Europe/Berlin",
        "date_format": "dd.MM.yyyy",
        "time_format": "hh:mm:ss a",
        "last_login": "2026-11-19",
        "vip": "true",
    },
    {
        "sys_id": CHARLIE,
        "user_name": "charlie.whitherspoon",
        "name": "Charlie Whitherspoon",
        "time_zone": "Nowhere/Else",
        "home_phone": "555-2",
        "failed_attempts": "2",
    },
    {
        "sys_id": DANA,
        "user_name": "dana.admin",
        "name": "Dana Admin",
        "user_password": "kept",
    },
)

_INCIDENTS = (
    {
        "sys_id": FIRST,
        "number": "INC0000001",
        "short_description": "Printer on fire",
        "caller_id": ABEL,
        "opened_by": ABEL,
        "assignment_group": NETWORK,
        "cmdb_ci": MAIL,
        "state": "1",
        "priority": "1",
        "impact": "1",
        "urgency": "1",
        "opened_at": "2026-11-19 08:00:00",
        "activity_due": "2026-11-19 20:00:00",
        "sla_due": "2026-11-19 08:00:00",
        "category": "hardware",
    },
    {
        "sys_id": SECOND,
        "number": "INC0000002",
        "short_description": "VPN drops every hour",
        "caller_id": CHARLIE,
        "opened_by": BETH,
        "assigned_to": BETH,
        "assignment_group": NETWORK,
        "state": "2",
        "priority": "3",
        "opened_at": "2026-11-20 08:30:00",
        "activity_due": "2026-11-22 09:00:00",
        "sla_due": "2026-11-20 08:00:00",
        "category": "network",
        "watch_list": f"{ABEL},{BETH}",
    },
    {
        "sys_id": THIRD,
        "number": "INC0000003",
        "short_description": "100% of a^b_c\\d is lost",
        "caller_id": BETH,
        "opened_by": BETH,
        "assignment_group": OFFICE,
        "state": "3",
        "priority": "5",
        "hold_reason": "1",
        "opened_at": "2026-10-01 12:00:00",
        "category": "Network",
        "reassignment_count": "2",
        "reopen_count": "10",
    },
    {
        "sys_id": FOURTH,
        "number": "INC0000004",
        "short_description": "Mail is slow",
        "caller_id": ABEL,
        "opened_by": ABEL,
        "state": "6",
        "priority": "4",
        "close_code": "User error",
        "close_notes": "Explained",
        "resolved_at": "2026-11-01 10:00:00",
        "resolved_by": BETH,
        "opened_at": "2026-01-05 13:00:00",
        "business_duration": "1970-01-02 02:01:00",
        "parent": FIRST,
    },
    {
        "sys_id": FIFTH,
        "number": "INC0000005",
        "short_description": "Old",
        "opened_by": CHARLIE,
        "state": "7",
        "priority": "",
        "active": "false",
        "opened_at": "",
        "category": "",
        "close_code": "User error",
        "close_notes": "Done",
    },
)


def small_instance(
    *, clock: Callable[[], datetime] = lambda: NOW, switches: Switches | None = None
) -> Instance:
    """A fresh instance with the rows above."""
    return Instance(clock=clock, switches=switches, snapshot=_planted())


@lru_cache(maxsize=1)
def _planted() -> bytes:
    instance = Instance(clock=lambda: NOW)
    for role in _ROLES:
        instance.insert("sys_user_role", {"sys_id": f"role-{role}", "name": role})
    contained = {"role": "role-itil_admin", "contains": "role-itil"}
    instance.insert("sys_user_role_contains", contained)
    instance.insert_many("sys_user", _PEOPLE)
    for person, role in ((ABEL, "itil"), (BETH, "itil_admin"), (DANA, "admin")):
        instance.insert("sys_user_has_role", {"user": person, "role": f"role-{role}"})
    instance.insert("cmn_department", {"sys_id": SALES, "name": "Sales"})
    instance.insert("sys_user_group", {"sys_id": OFFICE, "name": "Office"})
    instance.insert("sys_user_group", {"sys_id": NETWORK, "name": "Network", "parent": OFFICE})
    instance.insert("sys_user_grmember", {"user": BETH, "group": NETWORK})
    instance.insert("cmdb_ci_server", {"sys_id": MAIL, "name": "mail-01", "ram": "4096"})
    instance.insert_many("incident", _INCIDENTS)
    for author, element, text in (
        ("abel.tuter", "comments", "It burns"),
        ("beth.anglin", "work_notes", "Water is on its way"),
        ("gone.person", "comments", "Still burning"),
    ):
        instance.insert(
            "sys_journal_field",
            {
                "element_id": FIRST,
                "element": element,
                "name": "incident",
                "value": text,
                "sys_created_by": author,
                "sys_created_on": "2026-11-19 10:00:00",
            },
        )
    try:
        return instance.snapshot()
    finally:
        instance.close()


class Api:
    """The REST APIs of an instance; every call is by a person, None for nobody."""

    def __init__(self, instance: Instance | None = None) -> None:
        self.instance = instance or small_instance()
        self._app = Starlette(routes=api.routes(self.instance))

    async def call(
        self,
        method: str,
        path: str,
        *,
        by: str | None = ABEL,
        params: dict[str, str] | None = None,
        without: bytes = b"",
        **more: Any,
    ) -> httpx.Response:
        """One request; `path` may begin after `/api/now`, a header `without` is left out."""

        async def acting(scope: Scope, receive: Receive, send: Send) -> None:
            headers = [pair for pair in scope["headers"] if pair[0] != without]
            await self._app({**scope, "headers": headers, "snow_user": by}, receive, send)

        transport = httpx.ASGITransport(acting)
        async with httpx.AsyncClient(transport=transport, base_url=HOST) as client:
            whole = path if path.startswith("/api/") else f"/api/now{path}"
            return await client.request(method, whole, params=params, **more)

    async def get(self, path: str, *, by: str | None = ABEL, **params: str) -> httpx.Response:
        """GET, with parameters by name."""
        return await self.call("GET", path, by=by, params=params)

    async def post(
        self, path: str, values: object, *, by: str = ABEL, **params: str
    ) -> httpx.Response:
        """POST; the answer."""
        return await self.call("POST", path, by=by, params=params, json=values)

    async def patch(
        self, path: str, values: object, *, by: str = ABEL, **params: str
    ) -> httpx.Response:
        """PATCH; the answer."""
        return await self.call("PATCH", path, by=by, params=params, json=values)

    async def result(self, path: str, *, by: str = ABEL, **params: str) -> Any:
        """The `result` of a GET."""
        response = await self.get(path, by=by, **params)
        assert response.status_code == 200, response.text
        return response.json()["result"]
