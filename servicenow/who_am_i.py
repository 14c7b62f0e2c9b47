"""Whose token is this? Asked of the instance three ways, because one can be wrong.

An instance drops a condition that it does not understand and then returns everybody; one query
alone would make the first user of the table the person who signed in.
"""

from dataclasses import dataclass
from typing import Final

import httpx

from servicenow.auth import FixedToken
from servicenow.client import ServiceNowClient
from servicenow.exceptions import (
    BadRequest,
    IdentityUnproved,
    NotAuthenticated,
    NotAuthorized,
    NotJson,
    RecordNotFound,
)
from servicenow.query import CurrentUser, Query
from servicenow.records import Record

_SECONDS: Final = 15.0
_FIELDS: Final = ("user_name", "name", "email")


@dataclass(frozen=True, slots=True)
class Identity:
    """The person to whom an access token belongs."""

    sys_id: str
    user_name: str
    name: str
    email: str


async def who_am_i(base_url: str, *, http: httpx.AsyncClient, access_token: str) -> Identity:
    """Return the person whose access token this is.

    Two queries for the current user must each give exactly one row and a total of one, the
    same person; and `current_user` of the UI API must agree where it can be reached (an OAuth
    client restricted to scopes may not). Raises IdentityUnproved, or what the client raises.
    """
    client = ServiceNowClient(
        base_url, http=http, tokens=FixedToken(access_token), deadline_seconds=_SECONDS
    )
    by_sys_id = await _only_row(client, Query().equals("sys_id", CurrentUser.SYS_ID))
    by_name = await _only_row(client, Query().equals("user_name", CurrentUser.USER_NAME))
    if by_sys_id != by_name:
        message = "two questions for the current user were answered with two people"
        raise IdentityUnproved(message)
    identity = Identity(
        sys_id=by_sys_id.sys_id,
        user_name=by_sys_id.value("user_name"),
        name=by_sys_id.value("name"),
        email=by_sys_id.value("email"),
    )
    if not identity.sys_id or not identity.user_name or identity.user_name == "guest":
        message = "the current user has no sys_id or user name, or is the guest"
        raise IdentityUnproved(message)
    await _agreed_by_the_ui(client, identity)
    return identity


async def _only_row(client: ServiceNowClient, query: Query) -> Record:
    page = await client.tables.list("sys_user", query=query, fields=_FIELDS, limit=2)
    if len(page.records) != 1 or page.total != 1:
        message = f"{len(page.records)} rows of {page.total} came back for the current user"
        raise IdentityUnproved(message)
    return page.records[0]


async def _agreed_by_the_ui(client: ServiceNowClient, identity: Identity) -> None:
    try:
        answer = await client.get_json("/api/now/ui/user/current_user", query={})
    except (BadRequest, NotAuthenticated, NotAuthorized, NotJson, RecordNotFound):
        return
    result = answer.get("result") if isinstance(answer, dict) else None
    shown = result if isinstance(result, dict) else {}
    if (shown.get("user_sys_id"), shown.get("user_name")) != (identity.sys_id, identity.user_name):
        message = "the current user of the UI API is someone else"
        raise IdentityUnproved(message)
