"""What was ordered in the demo, by whom, and how far it has come."""

from dataclasses import dataclass, field

WAITING, REJECTED, FULFILLING, DONE, CANCELLED = (
    "waiting",
    "rejected",
    "fulfilling",
    "done",
    "cancelled",
)


@dataclass(frozen=True, kw_only=True)
class OrderedTask:
    """One catalogue task: what, who does it, its state."""

    text: str
    group: str
    state: str = "1"
    assigned_to: str = ""


@dataclass(frozen=True, kw_only=True)
class OrderedItem:
    """One requested item. `approvals` are (user name, state of the approval)."""

    item: str
    outcome: str
    quantity: int = 1
    answers: dict[str, str] = field(default_factory=dict)
    tasks: tuple[OrderedTask, ...] = ()
    approvals: tuple[tuple[str, str], ...] = ()
    comment: str = ""


@dataclass(frozen=True, kw_only=True)
class Story:
    """One request: for whom, opened by whom, how many days ago, and its items."""

    requested_for: str
    days: float
    items: tuple[OrderedItem, ...]
    opened_by: str = ""


STORIES = (
    Story(
        requested_for="charlie.whitherspoon",
        days=1,
        items=(
            OrderedItem(
                item="Standard Laptop",
                outcome=WAITING,
                answers={"acrobat": "true", "additional_software": "A spreadsheet program"},
                approvals=(("fred.luddy", "requested"),),
                comment="My old laptop does not charge any more.",
            ),
        ),
    ),
    Story(
        requested_for="charlie.whitherspoon",
        days=3,
        items=(
            OrderedItem(
                item="Headset",
                outcome=FULFILLING,
                quantity=2,
                tasks=(
                    OrderedTask(
                        text="Deliver the accessory",
                        group="Field Services",
                        state="2",
                        assigned_to="kwame.boateng",
                    ),
                ),
            ),
        ),
    ),
    Story(
        requested_for="joe.employee",
        days=20,
        items=(
            OrderedItem(
                item="Business Phone",
                outcome=DONE,
                answers={"replacement": "Yes", "original_number": "555-0100", "data_plan": "5gb"},
                approvals=(("fred.luddy", "approved"),),
                tasks=(
                    OrderedTask(
                        text="Deliver the accessory",
                        group="Field Services",
                        state="3",
                        assigned_to="kwame.boateng",
                    ),
                ),
            ),
        ),
    ),
    Story(
        requested_for="abel.tuter",
        days=4,
        items=(
            OrderedItem(
                item="External Monitor",
                outcome=DONE,
                quantity=2,
                tasks=(
                    OrderedTask(
                        text="Deliver the accessory",
                        group="Field Services",
                        state="3",
                        assigned_to="yuki.tanabe",
                    ),
                ),
            ),
            OrderedItem(
                item="Docking Station",
                outcome=FULFILLING,
                tasks=(OrderedTask(text="Deliver the accessory", group="Field Services"),),
                comment="Out of stock until next week.",
            ),
        ),
    ),
    Story(
        requested_for="joe.employee",
        days=9,
        items=(
            OrderedItem(
                item="Corporate VPN Access",
                outcome=REJECTED,
                approvals=(("priya.raman", "rejected"), ("pieter.dejong", "not_required")),
            ),
        ),
    ),
    Story(
        requested_for="emma.larsson",
        opened_by="itil",
        days=12,
        items=(OrderedItem(item="Desk Set Up", outcome=CANCELLED),),
    ),
    Story(
        requested_for="beth.anglin",
        days=2,
        items=(
            OrderedItem(
                item="Virtual Server",
                outcome=WAITING,
                answers={"server_name": "app-test-07", "size": "medium"},
                approvals=(("rosa.delgado", "requested"),),
            ),
        ),
    ),
    Story(
        requested_for="greta.holm",
        days=30,
        items=(
            OrderedItem(
                item="Office Supplies",
                outcome=DONE,
                quantity=10,
                tasks=(
                    OrderedTask(
                        text="Do the work",
                        group="Facilities",
                        state="3",
                        assigned_to="mateo.silva",
                    ),
                ),
            ),
        ),
    ),
    Story(
        requested_for="raj.patel",
        days=6,
        items=(
            OrderedItem(
                item="Application Role",
                outcome=FULFILLING,
                answers={"role": "Reader", "reason": "Quotes for the new region"},
                approvals=(("fred.luddy", "approved"), ("beth.anglin", "approved")),
                tasks=(
                    OrderedTask(
                        text="Review the access",
                        group="Information Security",
                        state="3",
                        assigned_to="pieter.dejong",
                    ),
                    OrderedTask(text="Grant the access", group="Service Desk"),
                ),
            ),
        ),
    ),
    Story(
        requested_for="zofia.kowalska",
        days=1.5,
        items=(
            OrderedItem(
                item="Photo Editor",
                outcome=WAITING,
                approvals=(("mei.chen", "requested"),),
            ),
            OrderedItem(
                item="Tablet",
                outcome=FULFILLING,
                tasks=(OrderedTask(text="Deliver the accessory", group="Field Services"),),
            ),
        ),
    ),
)
