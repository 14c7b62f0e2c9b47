"""What an administrator of the demo does through the Table API, by user name and password."""

from typing import Any

import httpx

ADMIN = ("admin", "demo")


async def made(http: httpx.AsyncClient, table: str, /, **values: str) -> dict[str, Any]:
    """Insert a record; the answer's `result`."""
    answer = await http.post(f"/api/now/table/{table}", json=values, auth=ADMIN)
    assert answer.status_code == 201, answer.text
    result: dict[str, Any] = answer.json()["result"]
    return result


async def changed(http: httpx.AsyncClient, table: str, sys_id: str, /, **values: str) -> None:
    """Change a record."""
    answer = await http.patch(f"/api/now/table/{table}/{sys_id}", json=values, auth=ADMIN)
    assert answer.status_code == 200, answer.text


async def removed(http: httpx.AsyncClient, table: str, sys_id: str) -> None:
    """Delete a record."""
    answer = await http.delete(f"/api/now/table/{table}/{sys_id}", auth=ADMIN)
    assert answer.status_code == 204, answer.text


async def rows_of(http: httpx.AsyncClient, table: str, /, **params: str) -> list[dict[str, Any]]:
    """A list of records."""
    answer = await http.get(f"/api/now/table/{table}", params=params, auth=ADMIN)
    assert answer.status_code == 200, answer.text
    rows: list[dict[str, Any]] = answer.json()["result"]
    return rows
