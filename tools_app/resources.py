"""Resources: records that a client can attach to a conversation by address.

Each is read by tools that exist anyway, so that rights, records and limits are the same.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final
from urllib.parse import quote, unquote

from tools_app.exceptions import InvalidArguments
from tools_app.record_texts import is_sys_id, read_record_text

SCHEME: Final = "servicenow://"
_LONGEST_NAME: Final = 200
_TABLE_NAME: Final = re.compile(r"[a-z][a-z0-9_]{1,79}")


@dataclass(frozen=True)
class Reading:
    """One tool that a resource is read with; what it answers stands under `part`, or is all."""

    tool: str
    argument: str = ""
    part: str = ""
    more: Mapping[str, object] = field(default_factory=dict)

    def arguments(self, named: str) -> dict[str, object]:
        """The arguments of the tool for the record that the address names."""
        return {**self.more, **({self.argument: named} if self.argument else {})}


@dataclass(frozen=True)
class Resource:
    """A resource, or a template of many, and how it is read."""

    name: str
    title: str
    description: str
    uri: str
    readings: tuple[Reading, ...]

    @property
    def is_template(self) -> bool:
        """Whether the address names one record among many."""
        return self.uri.endswith("}")

    @property
    def suggested(self) -> str:
        """The kind of thing that is filled in, as `suggesting.py` names it; "" for nothing."""
        return {"schema": "table"}.get(self.name, self.name) if self.is_template else ""

    @property
    def argument(self) -> str:
        """The name of the part that is filled in; "" where there is none."""
        return self.uri[self.uri.index("{") + 1 : -1] if self.is_template else ""

    def named_by(self, uri: str) -> str | None:
        """The record that an address of this resource names; None if it is of another one."""
        if not self.is_template:
            return "" if uri == self.uri else None
        start = self.uri[: self.uri.index("{")]
        rest = uri.removeprefix(start)
        if rest == uri or not rest or "/" in rest or "?" in rest or "#" in rest:
            return None
        return unquote(rest)

    def one_address(self, named: str) -> str | None:
        """The one spelling of the address of a record; None where nothing can have that name.

        Whether there is such a record only ServiceNow knows, and is not asked.
        """
        if not self.is_template:
            return self.uri
        start = self.uri[: self.uri.index("{")]
        name = _one_spelling(named.strip(), of=self.suggested)
        return f"{start}{quote(name, safe='')}" if name else None


def _one_spelling(named: str, *, of: str) -> str:
    """A record's name as changes tell it; "" where it can be none of a record of that kind."""
    if of == "table":
        return named if _TABLE_NAME.fullmatch(named) else ""
    if of == "catalog" and not is_sys_id(named):
        return named if len(named) <= _LONGEST_NAME else ""
    try:
        # Without an instance every link is another one's: an address names no address.
        meant = read_record_text(named, argument=of, instance_url="")
    except InvalidArguments:
        return ""
    return meant.sys_id or meant.number


RESOURCES: Final[Mapping[str, Resource]] = MappingProxyType(
    {
        resource.name: resource
        for resource in (
            Resource(
                "my_profile",
                "My profile",
                "Who the signed-in person is: name, groups, roles where readable, instance.",
                f"{SCHEME}me",
                (Reading("get_my_profile"),),
            ),
            Resource(
                "my_work",
                "My work",
                "The signed-in person's open tasks, and the approvals that wait for them.",
                f"{SCHEME}my_work",
                (
                    Reading("get_my_tasks", part="tasks"),
                    Reading("get_my_approvals", part="approvals"),
                ),
            ),
            Resource(
                "incident",
                "Incident",
                "One incident in full, by sys_id or number.",
                f"{SCHEME}incident/{{sys_id}}",
                (Reading("get_incident", "incident"),),
            ),
            Resource(
                "change_request",
                "Change request",
                "One change with tasks, approvals and next states, by sys_id or number.",
                f"{SCHEME}change_request/{{sys_id}}",
                (Reading("get_change_request_details", "change"),),
            ),
            Resource(
                "kb_knowledge",
                "Knowledge article",
                "One article as text, by sys_id or number.",
                f"{SCHEME}kb_knowledge/{{sys_id}}",
                (Reading("get_article", "article"),),
            ),
            Resource(
                "catalog",
                "Catalog item",
                "One item of the service catalog with its variables, by sys_id.",
                f"{SCHEME}catalog/{{sys_id}}",
                (Reading("get_catalog_item", "item"),),
            ),
            Resource(
                "schema",
                "Table",
                "The fields of a table that the person may read: types, choices, references.",
                f"{SCHEME}schema/{{table}}",
                (Reading("describe_table", "table"),),
            ),
        )
    }
)


def resource_at(uri: str) -> tuple[Resource, str] | None:
    """The resource that an address belongs to and the record it names; None for an unknown one."""
    for resource in RESOURCES.values():
        named = resource.named_by(uri)
        if named is not None:
            return resource, named
    return None


def address_of(name: str, record: str = "") -> str | None:
    """The address of a record of the resource of that name; None where there is none."""
    resource = RESOURCES.get(name)
    return resource.one_address(record) if resource else None
