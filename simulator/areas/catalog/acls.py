"""ACLs of the catalogue and of orders."""

from collections.abc import Mapping, Sequence

from simulator.access.acls import CREATE, DELETE, READ, WRITE, Acl, Condition, Operation
from simulator.access.conditions import is_any
from simulator.access.people import Person
from simulator.access.roles import ITIL
from simulator.switches import Switches

CATALOG_ADMIN = frozenset({"catalog_admin"})
CRITERIA_READERS = frozenset({"catalog_admin", "user_criteria_admin", "knowledge_admin"})

_DEFINITIONS = (
    *("sc_catalog", "sc_category", "sc_cat_item", "sc_cat_item_category", "sc_cat_item_catalog"),
    *("sc_cat_item_guide_items", "item_option_new", "item_option_new_set", "io_set_item"),
    *("question_choice", "catalog_ui_policy", "catalog_ui_policy_action", "catalog_script_client"),
)
_CRITERIA = (
    "user_criteria",
    *(
        f"{table}_user_criteria_{link}"
        for table in ("sc_cat_item", "sc_category", "sc_catalog")
        for link in ("mtom", "no_mtom")
    ),
)
_FULFILMENT = (
    "sc_cat_item_delivery_plan",
    "sc_cat_item_delivery_task",
    "sc_cat_item_app_user",
    "sc_cat_item_app_group",
)
_ORDERS = ("sc_request", "sc_req_item")

# What somebody without a role may write on an order of their own.
_REQUESTER_WRITES = ("comments", "watch_list", "special_instructions")


def acls(_: Switches) -> Sequence[Acl]:
    """`catalog_admin` keeps the catalogue, `itil` works on orders, requesters see their own."""
    return (*_of_definitions(), *_of_carts(), *_of_orders(), *_of_answers())


def _of_definitions() -> list[Acl]:
    kept = (*_DEFINITIONS, *_CRITERIA, *_FULFILMENT)
    return [
        *(
            Acl(table=table, operation=operation, roles=CATALOG_ADMIN)
            for table in kept
            for operation in (CREATE, WRITE, DELETE)
        ),
        *(Acl(table=table, operation=READ, roles=CRITERIA_READERS) for table in _CRITERIA),
        *(Acl(table=table, operation=READ, roles=CATALOG_ADMIN | ITIL) for table in _FULFILMENT),
    ]


def _of_carts() -> list[Acl]:
    return [
        acl
        for table, owner in (("sc_cart", "user"), ("sc_cart_item", "cart.user"))
        for operation in (READ, CREATE, WRITE, DELETE)
        for acl in (
            Acl(table=table, operation=operation, roles=CATALOG_ADMIN),
            Acl(table=table, operation=operation, condition=is_any(owner), needs=(owner,)),
        )
    ] + [
        # Nobody gives others a cart, or puts something into theirs.
        Acl(table=table, operation=WRITE, field=field, roles=CATALOG_ADMIN)
        for table, field in (("sc_cart", "user"), ("sc_cart_item", "cart"))
    ]


def _of_orders() -> list[Acl]:
    mine = ("requested_for", "opened_by")
    workers = ITIL | CATALOG_ADMIN
    return [acl for table in _ORDERS for acl in _of_order(table, workers=workers, mine=mine)]


def _of_order(table: str, *, workers: frozenset[str], mine: tuple[str, ...]) -> list[Acl]:
    return [
        *_roles_or_own(table, READ, workers, mine),
        *_roles_or_own(table, WRITE, workers, mine),
        Acl(table=table, operation=CREATE, roles=workers),
        Acl(table=table, operation=WRITE, field="*", roles=workers),
        *(Acl(table=table, operation=WRITE, field=name) for name in _REQUESTER_WRITES),
    ]


def _of_answers() -> list[Acl]:
    """Those who may see an order see what was answered; who answered it sees it too."""
    through = ("request_item.requested_for", "request_item.opened_by")
    return [
        *_roles_or_own("sc_item_option_mtom", READ, ITIL | CATALOG_ADMIN, through),
        *(
            acl
            for table in ("sc_item_option", "question_answer", "sc_multi_row_question_answer")
            for acl in (
                Acl(table=table, operation=READ, roles=ITIL | CATALOG_ADMIN),
                Acl(
                    table=table,
                    operation=READ,
                    condition=_answered_by,
                    needs=("sys_created_by",),
                ),
            )
        ),
    ]


def _answered_by(person: Person, row: Mapping[str, str]) -> bool:
    return row.get("sys_created_by") == person.user_name


def _roles_or_own(
    table: str, operation: Operation, roles: frozenset[str], fields: tuple[str, ...]
) -> tuple[Acl, ...]:
    own: Condition = is_any(*fields)
    return (
        Acl(table=table, operation=operation, roles=roles),
        Acl(table=table, operation=operation, condition=own, needs=fields),
    )
