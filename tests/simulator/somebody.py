"""Somebody who works with the whole instance over its REST APIs, by user name and password."""

from typing import Any

import httpx
import pytest


class Somebody:
    """One person of the demo data. Calls give what is in `result`."""

    def __init__(self, http: httpx.AsyncClient, user_name: str) -> None:
        self._http = http
        self._auth = (user_name, "demo")

    async def ask(self, method: str, path: str, **more: Any) -> httpx.Response:
        """One request, whatever is answered; `path` may begin after `/api`."""
        whole = path if path.startswith("/") else f"/api/{path}"
        return await self._http.request(method, whole, auth=self._auth, **more)

    async def get(self, path: str, **params: str) -> Any:
        """What is there."""
        return await self._did("GET", path, params=params)

    async def post(self, path: str, body: object = None, **params: str) -> Any:
        """What was made."""
        return await self._did("POST", path, json=body or {}, params=params)

    async def patch(self, path: str, body: object, **params: str) -> Any:
        """What became of it."""
        return await self._did("PATCH", path, json=body, params=params)

    async def rows(self, table: str, query: str, **params: str) -> list[dict[str, Any]]:
        """The records of a table that fit a query, references as sys_ids."""
        found: list[dict[str, Any]] = await self.get(
            f"now/table/{table}",
            sysparm_query=query,
            sysparm_exclude_reference_link="true",
            **params,
        )
        return found

    async def row(self, table: str, query: str, **params: str) -> dict[str, Any]:
        """The one record that fits."""
        (found,) = await self.rows(table, query, **params)
        return found

    async def me(self) -> str:
        """My own sys_id."""
        sys_id: str = (await self.get("now/ui/user/current_user"))["user_sys_id"]
        return sys_id

    async def refused(self, method: str, path: str, body: object = None) -> tuple[int, str]:
        """Status and detail of the answer to what must not be."""
        answer = await self.ask(method, path, json=body)
        error = answer.json()["error"]
        assert answer.json()["status"] == "failure"
        return answer.status_code, error["detail"]

    async def _did(self, method: str, path: str, **more: Any) -> Any:
        answer = await self.ask(method, path, **more)
        assert answer.status_code < 300, answer.text
        return answer.json()["result"]


class People:
    """The demo people by their first names."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self.abel = Somebody(http, "abel.tuter")
        self.beth = Somebody(http, "beth.anglin")
        self.fred = Somebody(http, "fred.luddy")
        self.charlie = Somebody(http, "charlie.whitherspoon")
        self.joe = Somebody(http, "joe.employee")
        self.admin = Somebody(http, "admin")


@pytest.fixture
def people(http: httpx.AsyncClient) -> People:
    """Everybody in a fresh instance with the demo data."""
    return People(http)
