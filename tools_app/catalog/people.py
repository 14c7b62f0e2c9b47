"""Finding people and groups, and who one is oneself."""

import asyncio
from typing import Annotated

from pydantic import Field

from servicenow.exceptions import RecordNotFound
from servicenow.query import Query
from servicenow.records import Page, Record
from tools_app.access import Access
from tools_app.arguments import GroupName, Limit, Offset
from tools_app.cleaning import clean_line
from tools_app.finding import GROUP, PERSON, one_of
from tools_app.paging import fitting_page
from tools_app.record_texts import is_sys_id
from tools_app.results import (
    From,
    HiddenFields,
    Line,
    NamedRecord,
    PageOf,
    Pointer,
    Result,
    Truth,
    fields_for,
    hidden,
    read_into,
)
from tools_app.spec import ToolCall, Toolset

tools = Toolset("people", title="People and groups")

_MOST_GROUPS = 100
_MOST_ROLES = 100

PersonSought = Annotated[
    str,
    Field(
        min_length=2,
        max_length=200,
        description="Part of a name, user name or e-mail address, or a sys_id.",
    ),
]
GroupSought = Annotated[
    str, Field(min_length=2, max_length=200, description="Part of a group's name, or its sys_id.")
]


class Person(Result):
    """A user."""

    sys_id: str
    user_name: Line | None = None
    name: Line | None = None
    email: Line | None = None
    title: Line | None = None
    department: Pointer | None = None
    active: Truth | None = None


class PeopleFound(Result):
    """Users that fit."""

    records: list[Person]
    count: int
    more: Annotated[bool, Field(description="Whether others fit too: ask more narrowly.")]
    hidden_fields: HiddenFields = ()


class Group(Result):
    """A group."""

    sys_id: str
    name: Line | None = None
    description: Line | None = None
    email: Line | None = None
    manager: Pointer | None = None
    active: Truth | None = None


class GroupsFound(Result):
    """Groups that fit."""

    records: list[Group]
    count: int
    more: Annotated[bool, Field(description="Whether others fit too: ask more narrowly.")]
    hidden_fields: HiddenFields = ()


class Member(Result):
    """A member of a group."""

    person: Annotated[Pointer, From("user")] | None = None
    user_name: Annotated[Line, From("user.user_name")] | None = None
    email: Annotated[Line, From("user.email")] | None = None
    active: Annotated[Truth, From("user.active")] | None = None


class Members(PageOf[Member]):
    """One page of the members of a group."""

    group: NamedRecord


class Profile(Result):
    """The signed-in person."""

    sys_id: str
    user_name: Line
    name: Line
    email: Line | None = None
    title: Line | None = None
    department: Pointer | None = None
    manager: Pointer | None = None
    groups: list[NamedRecord]
    roles: Annotated[list[str], Field(description="Roles, where readable.")] | None = None
    instance: str
    hidden_fields: HiddenFields = ()


@tools.tool(title="Look up user", access=Access.READ)
async def lookup_user(call: ToolCall, *, query: PersonSought, limit: Limit = 10) -> PeopleFound:
    """Find people by part of their name, user name or e-mail address.

    Reads as the signed-in person and changes nothing; people whose matching details they may not
    see are left out. Returns user name, name, e-mail, title, department and sys_id, active people
    first; there are no pages: `more` asks for a narrower query. Use it when a
    name is unclear, get_my_profile for the signed-in person, list_group_members for a group.
    """
    sought = query.strip()
    if is_sys_id(sought):
        found, more = await _by_sys_id(call, "sys_user", sought, model=Person), False
    else:
        page = await _people_like(call, sought, limit=limit)
        # A row that shows no match would tell what the person may not see: it is not shown.
        found = [one for one in page.records if _shows(one, sought, *PERSON.known_by)]
        more = page.next_offset is not None and bool(found)
    people = [read_into(Person, one, sys_id=one.sys_id) for one in found]
    return PeopleFound(
        records=people, count=len(people), more=more, hidden_fields=hidden(Person, found)
    )


@tools.tool(title="Look up group", access=Access.READ)
async def lookup_group(call: ToolCall, *, query: GroupSought, limit: Limit = 10) -> GroupsFound:
    """Find groups, such as assignment groups, by part of their name.

    Reads as the signed-in person and changes nothing. Returns name, description, e-mail, manager
    and sys_id, active groups first; there are no pages: `more` asks for a narrower query. Use it
    when a group's name is unclear, list_group_members to see who belongs to it.
    """
    sought = query.strip()
    if is_sys_id(sought):
        found, more = await _by_sys_id(call, "sys_user_group", sought, model=Group), False
    else:
        page = await call.tables.list(
            "sys_user_group",
            query=Query().contains("name", sought).order_by("active", descending=True),
            fields=fields_for(Group),
            limit=limit,
        )
        found = [one for one in page.records if _shows(one, sought, "name")]
        more = page.next_offset is not None
    groups = [read_into(Group, one, sys_id=one.sys_id) for one in found]
    return GroupsFound(
        records=groups, count=len(groups), more=more, hidden_fields=hidden(Group, found)
    )


@tools.tool(title="List group members", access=Access.READ)
async def list_group_members(
    call: ToolCall, *, group: GroupName, limit: Limit = 50, offset: Offset = 0
) -> Members:
    """List the people who belong to a group.

    Reads as the signed-in person and changes nothing; members that they may not see are left out,
    so a page can be short. Returns name, user name, e-mail and sys_id, sorted by name; go on with
    `offset` = `next_offset` until there is none. Use lookup_group when the group's name is
    unclear, lookup_user to find one person.
    """
    found = await one_of(call, GROUP, group, argument="group")
    in_group = Query().equals("group", found.sys_id)
    page, rows = await fitting_page(
        lambda most: call.tables.list(
            "sys_user_grmember",
            query=in_group.order_by("user.name").order_by("sys_id"),
            fields=["group", *fields_for(Member)],
            limit=most,
            offset=offset,
        ),
        lambda record: read_into(Member, record),
        limit=limit,
    )
    return Members.of(
        page,
        rows,
        hidden_fields=hidden(Member, page.records),
        group=NamedRecord(sys_id=found.sys_id, name=clean_line(found.display("name"))),
    )


@tools.tool(title="Get my profile", access=Access.READ)
async def get_my_profile(call: ToolCall) -> Profile:
    """Say who the signed-in person is in ServiceNow, in whose name every tool works.

    Changes nothing. Returns user name, name, e-mail, title, department, manager, groups, roles
    where readable, and the instance. Use it to find out who "me" is, for example to assign a
    record to oneself, or to check the connection; use lookup_user for anybody else.
    """
    me = call.caller.sys_id
    record, groups, roles = await asyncio.gather(
        call.tables.get("sys_user", sys_id=me, fields=fields_for(Profile)),
        _mine(call, "sys_user_grmember", "group", most=_MOST_GROUPS),
        _mine(call, "sys_user_has_role", "role", most=_MOST_ROLES),
    )
    withheld = [name for name, found in (("groups", groups), ("roles", roles)) if found is None]
    return read_into(
        Profile,
        record,
        sys_id=me,
        user_name=call.caller.user_name,
        name=call.caller.name,
        groups=groups or [],
        roles=sorted({role.name for role in roles}) if roles is not None else None,
        instance=call.caller.instance_url,
        hidden_fields=(*hidden(Profile, [record]), *withheld),
    )


async def _people_like(call: ToolCall, text: str, *, limit: int) -> Page:
    """People with `text` in a name or address; in a name where addresses may not be searched."""

    def having(*fields: str) -> Query:
        anywhere = Query().any_of(*(Query().contains(field, text) for field in fields))
        return anywhere.order_by("active", descending=True).order_by("name")

    wanted = fields_for(Person)
    everywhere = having(*PERSON.known_by)
    page = await call.tables.list_if_allowed(
        "sys_user", query=everywhere, fields=wanted, limit=limit
    )
    if page is not None:
        return page
    by_name = having("user_name", "name")
    return await call.tables.list("sys_user", query=by_name, fields=wanted, limit=limit)


async def _by_sys_id(
    call: ToolCall, table: str, sys_id: str, *, model: type[Result]
) -> list[Record]:
    fields = fields_for(model)
    try:
        return [await call.tables.get(table, sys_id=sys_id.lower(), fields=fields)]
    except RecordNotFound:
        return []


async def _mine(call: ToolCall, table: str, field: str, *, most: int) -> list[NamedRecord] | None:
    """What the caller has of something; None where they may not read it."""
    query = Query().equals("user", call.caller.sys_id)
    page = await call.tables.list_if_allowed(table, query=query, fields=["user", field], limit=most)
    if page is None or (page.total and not page.records):
        return None
    pointed = [one.reference(field) for one in page.records]
    return [NamedRecord(sys_id=one.sys_id, name=clean_line(one.name)) for one in pointed if one]


def _shows(record: Record, sought: str, *fields: str) -> bool:
    return any(sought.casefold() in record.value(field).casefold() for field in fields)
