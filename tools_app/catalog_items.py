"""Items of the service catalog as its own API tells them, and what they ask.

The API comes with a plugin. Where that is missing, items and their own variables are read from
their tables; what the API alone knows (prices as shown, user criteria, variable sets) is missing.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from servicenow.exceptions import ApiAbsent, BadRequest, NotAsDocumented, RecordNotFound
from servicenow.responses import JSON, Sought
from tools_app.cleaning import clean_line
from tools_app.exceptions import ArgumentProblem, InvalidArguments
from tools_app.finding import Kind, one_of
from tools_app.record_texts import is_sys_id
from tools_app.spec import ToolCall

API = "/api/sn_sc/servicecatalog"
CATALOG = Kind(
    table="sc_catalog",
    noun="catalog",
    known_by=("title",),
    details=("description",),
    found_with="Leave `catalog` out, or ask the person for the exact name.",
    is_remembered=True,
)
CATEGORY = Kind(
    table="sc_category",
    noun="category",
    known_by=("title",),
    details=("sc_catalog", "parent"),
    found_with="Leave `category` out; the items found name their categories.",
    is_remembered=True,
)
ITEM = Kind(
    table="sc_cat_item",
    noun="catalog item",
    known_by=("name",),
    details=("short_description", "category"),
    found_with="Use search_catalog_items to find the item, then call the tool again.",
)

_ID_IN_LINK = re.compile(r"(?:sys_id|sysparm_id|item_id)(?:=|%3D|%3d)([0-9a-fA-F]{32})")
_SILENT = frozenset(
    {"break", "label", "rich_text_label", "container_split", "container_end", "ui_page"}
)
MULTI_ROW = "sc_multi_row"


@dataclass(frozen=True)
class Option:
    """One choice of a variable."""

    value: str
    label: str
    price: str = ""


@dataclass(frozen=True)
class Variable:
    """A question that an order of an item answers."""

    sys_id: str
    name: str
    label: str
    kind: str
    mandatory: bool = False
    read_only: bool = False
    default: str = ""
    help: str = ""
    reference: str = ""
    options: tuple[Option, ...] = ()


@dataclass(frozen=True)
class Item:
    """An item with its variables. `policies` are its form's rules, as the API sends them."""

    sys_id: str
    body: Mapping[str, Any]
    variables: tuple[Variable, ...]
    policies: tuple[Mapping[str, Any], ...] = ()

    @property
    def name(self) -> str:
        """Its name, cleaned."""
        return said(self.body, "name")

    @property
    def kind(self) -> str:
        """catalog_item, record_producer, order_guide or content_item."""
        return said(self.body, "type") or "catalog_item"


def objects(json: JSON) -> list[Mapping[str, Any]]:
    """The objects of a list. Raises `NotAsDocumented` for anything but a list."""
    if not isinstance(json, list):
        raise NotAsDocumented("a list that is not a list")
    return [one for one in json if isinstance(one, dict)]


def an_object(json: JSON) -> Mapping[str, Any]:
    """The object. Raises `NotAsDocumented` for anything else."""
    if not isinstance(json, dict):
        raise NotAsDocumented("a record that is not an object")
    return json


def said(body: Mapping[str, Any], name: str, *, most: int = 200) -> str:
    """A text of a body on one line, cleaned; empty where there is none."""
    value = body.get(name)
    if isinstance(value, bool):
        return "true" if value else "false"
    return clean_line(str(value), most=most) if isinstance(value, str | int | float) else ""


async def item_sys_id(call: ToolCall, text: str, *, argument: str = "item") -> str:
    """The sys_id of the item that `text` means: a sys_id, a link, or its exact name.

    Raises `InvalidArguments` and `AmbiguousMatch`.
    """
    sought = text.strip()
    if sought.casefold().startswith(("http://", "https://")):
        return _in_link(sought, argument=argument, instance_url=call.caller.instance_url)
    if is_sys_id(sought):
        return sought.lower()
    return (await one_of(call, ITEM, sought, argument=argument)).sys_id


async def read_item(call: ToolCall, sys_id: str) -> Item | None:
    """The item as the API tells it; None where the instance lacks the API.

    Raises `RecordNotFound` for one that is not there for the person.
    """
    try:
        body = await call.apis.read(f"{API}/items/{sys_id}", sought=Sought("sc_cat_item", sys_id))
    except ApiAbsent:
        return None
    except BadRequest as refused:
        # The API answers an item that is hidden, or not there, with 400.
        raise RecordNotFound("sc_cat_item", sys_id) from refused
    item = an_object(body)
    if item.get("sys_id") != sys_id:
        raise RecordNotFound("sc_cat_item", sys_id)
    policies = item.get("ui_policy")
    return Item(
        sys_id=sys_id,
        body=item,
        variables=tuple(_variables(item.get("variables") or [])),
        policies=tuple(objects(policies)) if isinstance(policies, list) else (),
    )


def _variables(bodies: JSON) -> Iterator[Variable]:
    """Every variable that can be answered, in the order of the form; containers are opened."""
    for body in objects(bodies):
        kind = said(body, "friendly_type")
        children = body.get("children")
        if isinstance(children, list) and kind != MULTI_ROW:
            yield from _variables(children)
        elif kind not in _SILENT and not kind.startswith("container") and _name(body):
            yield _variable(body, kind)


def _name(body: Mapping[str, Any]) -> str:
    return said(body, "name") or said(body, "id")


def _variable(body: Mapping[str, Any], kind: str) -> Variable:
    choices = body.get("choices")
    options = [
        Option(said(one, "value"), said(one, "label"), said(one, "price"))
        for one in (objects(choices) if isinstance(choices, list) else ())
    ]
    return Variable(
        sys_id=said(body, "id"),
        name=_name(body),
        label=said(body, "label"),
        kind=kind,
        mandatory=body.get("mandatory") is True,
        read_only=body.get("read_only") is True,
        default=said(body, "value"),
        help=said(body, "help_text", most=500),
        reference=said(body, "reference"),
        options=tuple(option for option in options if option.value),
    )


def _in_link(link: str, *, argument: str, instance_url: str) -> str:
    """The sys_id in a link to an item; of another host's links nothing is read."""
    try:
        same = urlsplit(link).netloc.casefold() == urlsplit(instance_url).netloc.casefold()
    except ValueError:
        same = False
    if not same:
        raise InvalidArguments(
            ArgumentProblem(argument, "links to another host", f"links into {instance_url}")
        )
    found = _ID_IN_LINK.search(link)
    if found is None:
        raise InvalidArguments(
            ArgumentProblem(argument, "is a link to no catalog item", "a link to an item's page")
        )
    return found[1].lower()


def named_among(variables: Sequence[Variable], text: str) -> Variable | None:
    """The variable that `text` names: by its name, or by its label if only one has it."""
    sought = text.strip().casefold()
    for one in variables:
        if one.name.casefold() == sought:
            return one
    labelled = [one for one in variables if one.label.casefold() == sought]
    return labelled[0] if len(labelled) == 1 else None
