"""What the catalog tools answer with."""

from typing import Annotated

from pydantic import Field

from tools_app.results import (
    From,
    HiddenFields,
    Label,
    Line,
    Moment,
    NamedRecord,
    PageOf,
    Pointer,
    Result,
    Text,
)


class ItemRow(Result):
    """One item of the catalog in a list."""

    sys_id: str
    name: str
    kind: Annotated[
        str, Field(description="catalog_item, record_producer, order_guide or content_item.")
    ]
    short_description: str | None = None
    category: str | None = None
    price: str | None = None
    recurring_price: str | None = None


class ItemsFound(Result):
    """One page of catalog items."""

    records: list[ItemRow]
    count: int
    next_offset: int | None = None
    note: str | None = None


class VariableChoice(Result):
    """One choice of a variable."""

    value: str
    label: str
    price: str | None = None


class VariableShown(Result):
    """One variable of an item: a question that an order answers."""

    name: str
    label: str
    type: str
    mandatory: bool = False
    read_only: bool | None = None
    default: str | None = None
    help: str | None = None
    choices: list[VariableChoice] | None = None
    more_choices: int | None = None
    refers_to: Annotated[str, Field(description="Table of the record to name.")] | None = None
    depends: Annotated[str, Field(description="On which answer it depends.")] | None = None
    not_here: Annotated[str, Field(description="Why no tool can answer it.")] | None = None


class ItemShown(ItemRow):
    """One item of the catalog with what it asks."""

    url: str
    description: str | None = None
    variables: list[VariableShown]
    more_variables: int | None = None
    note: str | None = None


class RequestedItem(Result):
    """One requested item: what was ordered, and how far it is."""

    sys_id: str
    number: Line | None = None
    item: Annotated[Pointer, From("cat_item")] | None = None
    quantity: Line | None = None
    requested_for: Pointer | None = None
    stage: Label | None = None
    state: Label | None = None
    approval: Label | None = None
    price: Line | None = None
    assignment_group: Pointer | None = None
    assigned_to: Pointer | None = None
    estimated_delivery: Moment | None = None
    closed_at: Moment | None = None


class CatalogTask(Result):
    """A task of those who fulfil a requested item."""

    number: Line | None = None
    short_description: Line | None = None
    state: Label | None = None
    of: Annotated[Pointer, From("request_item")] | None = None
    assignment_group: Pointer | None = None
    assigned_to: Pointer | None = None
    due_at: Annotated[Moment, From("due_date")] | None = None
    closed_at: Moment | None = None


class Answered(Result):
    """The answer to one variable of a requested item."""

    item: Annotated[str, Field(description="Number of the requested item.")]
    question: str
    value: str


class ApprovalRow(Result):
    """Who has to approve, and what they decided."""

    approver: Pointer | None = None
    state: Label | None = None
    of: Annotated[Pointer, From("sysapproval")] | None = None
    comments: Text | None = None
    updated_at: Annotated[Moment, From("sys_updated_on")] | None = None


class RequestRow(Result):
    """One request of a list."""

    sys_id: str
    number: Line | None = None
    request_state: Label | None = None
    stage: Label | None = None
    approval: Label | None = None
    price: Line | None = None
    requested_for: Pointer | None = None
    opened_at: Moment | None = None
    closed_at: Moment | None = None
    items: list[NamedRecord] | None = None


class RequestsFound(PageOf[RequestRow]):
    """One page of the person's own requests."""


class RequestShown(Result):
    """A request and where it stands."""

    sys_id: str
    number: Line | None = None
    url: str
    request_state: Label | None = None
    stage: Label | None = None
    approval: Label | None = None
    price: Line | None = None
    requested_for: Pointer | None = None
    opened_by: Pointer | None = None
    opened_at: Moment | None = None
    closed_at: Moment | None = None
    special_instructions: Text | None = None
    items: list[RequestedItem] | None = None
    approvals: list[ApprovalRow] | None = None
    tasks: Annotated[list[CatalogTask], Field(description="Work on the items.")] | None = None
    variables: list[Answered] | None = None
    cut: Annotated[list[str], Field(description="Lists of which more exist.")] | None = None
    hidden_fields: HiddenFields = ()


class Submitted(Result):
    """What an order or a form became."""

    outcome: Annotated[
        str, Field(description="requested, record_created, or in_cart: not ordered yet.")
    ]
    item: str
    number: str | None = None
    sys_id: str | None = None
    table: str | None = None
    url: str
    request_state: str | None = None
    approval: str | None = None
    price: str | None = None
    requested_for: NamedRecord | None = None
    items: list[RequestedItem] | None = None
    what_next: str
