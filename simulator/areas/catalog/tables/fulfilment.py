"""How an ordered item is fulfilled: who approves it, and which tasks it becomes."""

from simulator.schema import SYSTEM_FIELDS, Table, boolean, number, reference, text, typed

DELIVERY_PLAN = Table(
    name="sc_cat_item_delivery_plan",
    label="Execution Plan",
    fields=(
        *SYSTEM_FIELDS,
        text("name", "Name", length=80, display=True, indexed=True),
        text("description", "Description", length=1000),
        typed("total_delivery_time", "Total delivery time", "glide_duration"),
    ),
)

DELIVERY_TASK = Table(
    name="sc_cat_item_delivery_task",
    label="Execution Plan Task",
    fields=(
        *SYSTEM_FIELDS,
        reference("delivery_plan", "Execution plan", "sc_cat_item_delivery_plan", indexed=True),
        text("name", "Name", length=80, display=True),
        text("short_description", "Short description", length=160),
        typed("instructions", "Instructions", "html", length=4000),
        reference("group", "Fulfillment group", "sys_user_group"),
        reference("assigned_to", "Assigned to", "sys_user"),
        typed("delivery_time", "Delivery time", "glide_duration"),
        number("order", "Order", default="100"),
        typed("condition", "Condition", "conditions", length=4000),
        boolean("roll_up", "Roll up"),
    ),
)

APPROVING_USER = Table(
    name="sc_cat_item_app_user",
    label="Approved By User",
    fields=(
        *SYSTEM_FIELDS,
        reference("sc_cat_item", "Catalog item", "sc_cat_item", indexed=True),
        reference("app_user", "Approver", "sys_user", display=True),
    ),
)

APPROVING_GROUP = Table(
    name="sc_cat_item_app_group",
    label="Approved By Group",
    fields=(
        *SYSTEM_FIELDS,
        reference("sc_cat_item", "Catalog item", "sc_cat_item", indexed=True),
        reference("app_group", "Approval group", "sys_user_group", display=True),
    ),
)

FULFILMENT_TABLES = (DELIVERY_PLAN, DELIVERY_TASK, APPROVING_USER, APPROVING_GROUP)
