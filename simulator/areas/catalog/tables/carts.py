"""Carts, wish lists and what lies in them.

A wish list is a cart of the name `saved_items`.
"""

from simulator.schema import (
    SYSTEM_FIELDS,
    Table,
    boolean,
    number,
    person_list,
    reference,
    text,
    typed,
)

CART = Table(
    name="sc_cart",
    label="Shopping Cart",
    fields=(
        *SYSTEM_FIELDS,
        text("name", "Name", length=80, display=True, default="DEFAULT"),
        reference("user", "User", "sys_user", indexed=True),
        reference("requested_for", "Requested for", "sys_user"),
        text("delivery_address", "Deliver to", length=4000),
        text("special_instructions", "Special instructions", length=4000),
        boolean("default", "Default"),
    ),
)

CART_ITEM = Table(
    name="sc_cart_item",
    label="Shopping Cart Item",
    fields=(
        *SYSTEM_FIELDS,
        reference("cart", "Cart", "sc_cart", indexed=True),
        reference("cat_item", "Item", "sc_cat_item", indexed=True, display=True),
        reference("parent", "Parent", "sc_cart_item"),
        reference("order_guide", "Order guide", "sc_cat_item_guide"),
        number("quantity", "Quantity", default="1"),
        boolean("active", "Active", default="true"),
        boolean("edit_req_item", "Edit requested item"),
        typed("price", "Price", "price", length=20, default="0"),
        typed("recurring_price", "Recurring price", "price", length=20, default="0"),
        person_list("also_request_for", "Also request for"),
        text("hints", "Hints", length=4000),
        text("item_details", "Item details", length=4000),
    ),
)

CART_TABLES = (CART, CART_ITEM)
