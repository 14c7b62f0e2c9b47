"""What the demo catalogue offers: items to order and forms that make records."""

from dataclasses import dataclass

TECHNICAL = "Technical Catalog"


@dataclass(frozen=True, kw_only=True)
class Item:
    """One item. `approvers` are user names, `approving_groups` names of groups."""

    name: str
    says: str
    category: str
    plan: str = ""
    price: str = "0"
    monthly: str = ""
    yearly: str = ""
    days: int = 2
    catalog: str = "Service Catalog"
    approvers: tuple[str, ...] = ()
    approving_groups: tuple[str, ...] = ()
    also_in: tuple[str, ...] = ()
    active: bool = True
    availability: str = "on_both"
    no_quantity: bool = False


ITEMS = (
    Item(
        name="Standard Laptop",
        says="14-inch laptop for everyday work",
        category="Laptops",
        plan="Hardware delivery",
        price="1100",
        yearly="100",
        days=5,
        approvers=("fred.luddy",),
    ),
    Item(
        name="Developer Laptop",
        says="16-inch laptop with much memory",
        category="Laptops",
        plan="Hardware delivery",
        price="1899.5",
        yearly="100",
        days=5,
        approvers=("fred.luddy",),
    ),
    Item(
        name="Sales Laptop",
        says="Light laptop for those who travel",
        category="Laptops",
        plan="Hardware delivery",
        price="1249",
        yearly="100",
        days=5,
        approvers=("jamie.morgan",),
    ),
    Item(
        name="Business Phone",
        says="Smartphone with a business plan",
        category="Mobiles",
        plan="Accessory",
        price="600",
        monthly="29.99",
        approvers=("fred.luddy",),
    ),
    Item(
        name="Tablet",
        says="10-inch tablet",
        category="Mobiles",
        plan="Accessory",
        price="449",
        availability="on_desktop",
    ),
    Item(
        name="External Monitor",
        says="27-inch monitor",
        category="Peripherals",
        plan="Accessory",
        price="289.9",
    ),
    Item(
        name="Headset",
        says="Headset for calls and meetings",
        category="Peripherals",
        plan="Accessory",
        price="75",
        also_in=("Office",),
    ),
    Item(
        name="Docking Station",
        says="Connects a laptop with one cable",
        category="Peripherals",
        plan="Accessory",
        price="160",
    ),
    Item(
        name="Diagram Editor",
        says="Licence for drawing diagrams",
        category="Software",
        plan="Software installation",
        price="15",
        monthly="15",
    ),
    Item(
        name="Photo Editor",
        says="Licence for editing pictures",
        category="Software",
        plan="Software installation",
        price="240",
        yearly="240",
        approvers=("mei.chen",),
    ),
    Item(
        name="Software Installation",
        says="Any other software on your computer",
        category="Software",
        plan="Software installation",
    ),
    Item(
        name="New Email Account",
        says="A mailbox for a person or a team",
        category="Services",
        plan="Account",
    ),
    Item(
        name="Distribution List",
        says="One address for many people",
        category="Services",
        plan="Account",
    ),
    Item(
        name="Guest Wi-Fi Voucher",
        says="Wi-Fi for visitors, for some days",
        category="Services",
        plan="Account",
        availability="on_mobile",
        days=1,
    ),
    Item(
        name="Corporate VPN Access",
        says="Remote access to internal systems",
        category="Security and Access",
        plan="Access",
        approving_groups=("Information Security",),
    ),
    Item(
        name="Application Role",
        says="A role in one of our applications",
        category="Security and Access",
        plan="Access",
        approvers=("fred.luddy", "beth.anglin"),
    ),
    Item(
        name="Building Badge",
        says="A badge for one of our buildings",
        category="Security and Access",
        plan="Office work",
        also_in=("Office",),
    ),
    Item(
        name="Desk Set Up",
        says="A desk for new hires or for moves",
        category="Office",
        plan="Office work",
        days=5,
        no_quantity=True,
    ),
    Item(
        name="Office Supplies",
        says="Paper, pens and the like",
        category="Office",
        plan="Office work",
        price="4.25",
    ),
    Item(
        name="Executive Car Service",
        says="A car with a driver, for executives",
        category="Departmental Services",
        plan="Office work",
        price="120",
    ),
    Item(
        name="Payroll Data Extract",
        says="Figures for audits, for Finance",
        category="Departmental Services",
        plan="Database",
    ),
    Item(
        name="Fax Machine",
        says="No longer offered",
        category="Office",
        price="99",
        active=False,
    ),
    Item(
        name="Virtual Server",
        says="A virtual server in our data centre",
        category="Infrastructure",
        plan="Server",
        price="0",
        monthly="85",
        days=4,
        catalog=TECHNICAL,
        approving_groups=("Change Management",),
    ),
    Item(
        name="Database Instance",
        says="A database for an application",
        category="Databases",
        plan="Database",
        monthly="40",
        catalog=TECHNICAL,
    ),
    Item(
        name="Firewall Rule",
        says="Open a connection between two networks",
        category="Network",
        plan="Firewall",
        catalog=TECHNICAL,
        approving_groups=("Information Security",),
    ),
)

# name, what it says, category, catalogue, table
PRODUCERS = (
    (
        "Report an Incident",
        "Something is broken",
        "Can We Help You?",
        "Service Catalog",
        "incident",
    ),
    ("Ask a Question", "A general question", "Can We Help You?", "Service Catalog", "incident"),
    (
        "Request a Change",
        "Ask for a change to a system",
        "Template Management",
        TECHNICAL,
        "change_request",
    ),
)
