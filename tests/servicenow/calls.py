"""One call of each kind, for tests of what becomes of it."""

from servicenow.client import ServiceNowClient

FIELDS = ("number",)


async def get(client: ServiceNowClient) -> None:
    await client.tables.get("incident", sys_id="a1", fields=FIELDS)


async def create(client: ServiceNowClient) -> None:
    values = {"short_description": "x", "correlation_id": "ours"}
    await client.tables.create("incident", values, fields=FIELDS)


async def update(client: ServiceNowClient) -> None:
    await client.tables.update("incident", sys_id="a1", values={"state": "2"}, fields=FIELDS)
