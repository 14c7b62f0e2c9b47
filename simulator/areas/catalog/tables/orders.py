"""Requests, requested items, catalogue tasks, and the answers given with an order."""

from simulator.schema import (
    SYSTEM_FIELDS,
    Field,
    Table,
    boolean,
    choice,
    date,
    number,
    reference,
    text,
    typed,
)


def _stage(default: str = "") -> Field:
    return typed("stage", "Stage", "workflow", length=80, choices=True, default=default)


# Of the item, which the row itself or a field of it is.
_ANSWER = (
    'coalesce((SELECT o."value" FROM "sc_item_option_mtom" m'
    ' JOIN "sc_item_option" o ON o."sys_id" = m."sc_item_option"'
    ' JOIN "item_option_new" q ON q."sys_id" = o."item_option_new"'
    ' WHERE m."request_item" = {row}."%s"'
    " AND (q.\"name\" = '{name}' OR q.\"sys_id\" = '{name}') LIMIT 1), '')"
)

REQUEST = Table(
    name="sc_request",
    label="Request",
    extends="task",
    prefix="REQ",
    fields=(
        reference("requested_for", "Requested for", "sys_user", indexed=True),
        date("requested_date", "Requested for date"),
        choice("request_state", "Request state", default="requested", indexed=True),
        _stage("requested"),
        typed("price", "Price", "price", length=20, default="0"),
        text("delivery_address", "Delivery address", length=4000),
        text("special_instructions", "Special instructions", length=4000),
        number("calendar_stc", "Resolve time"),
        reference("parent_interaction", "Parent Interaction", "interaction"),
    ),
)

REQUESTED_ITEM = Table(
    name="sc_req_item",
    label="Requested Item",
    extends="task",
    prefix="RITM",
    variables=_ANSWER % "sys_id",
    fields=(
        reference("request", "Request", "sc_request", indexed=True),
        reference("requested_for", "Requested for", "sys_user", indexed=True),
        reference("cat_item", "Item", "sc_cat_item", indexed=True),
        reference("sc_catalog", "Catalog", "sc_catalog"),
        reference("order_guide", "Order Guide", "sc_cat_item_guide"),
        reference("configuration_item", "Configuration item", "cmdb_ci"),
        _stage("waiting_for_approval"),
        number("quantity", "Quantity", default="1"),
        typed("price", "Price", "price", length=20, default="0"),
        typed("recurring_price", "Recurring price", "price", length=20, default="0"),
        choice("recurring_frequency", "Recurring frequency"),
        typed("estimated_delivery", "Estimated delivery", "glide_date_time"),
        reference("context", "Context", "wf_context"),
        reference("flow_context", "Flow context", "sys_flow_context"),
        boolean("backordered", "Backordered"),
        boolean("billable", "Billable"),
        boolean("received", "Received"),
    ),
)

CATALOG_TASK = Table(
    name="sc_task",
    label="Catalog Task",
    extends="task",
    prefix="SCTASK",
    variables=_ANSWER % "request_item",
    fields=(
        reference("request_item", "Request item", "sc_req_item", indexed=True),
        reference("request", "Request", "sc_request", indexed=True),
        reference("sc_catalog", "Catalog", "sc_catalog"),
        number("calendar_stc", "Resolve time"),
    ),
)

ANSWER = Table(
    name="sc_item_option",
    label="Options",
    fields=(
        *SYSTEM_FIELDS,
        reference("item_option_new", "Question", "item_option_new", indexed=True, display=True),
        text("value", "Value", length=65000),
        reference("cart_item", "Cart item", "sc_cart_item", indexed=True),
        reference("sc_cat_item_option", "Question (old)", "item_option_new"),
        number("order", "Order", default="0"),
    ),
)

ANSWER_OF_ITEM = Table(
    name="sc_item_option_mtom",
    label="Item Option Ownership",
    fields=(
        *SYSTEM_FIELDS,
        reference("request_item", "Parent item", "sc_req_item", indexed=True),
        reference("sc_item_option", "Dependent item", "sc_item_option", indexed=True, display=True),
    ),
)

ORDER_TABLES = (REQUEST, REQUESTED_ITEM, CATALOG_TASK, ANSWER, ANSWER_OF_ITEM)
