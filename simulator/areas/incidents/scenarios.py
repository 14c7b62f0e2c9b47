"""The demo's first incidents, each known by its number, with their small stories."""

from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class Note:
    """A journal entry; `hours` after the incident was opened."""

    by: str
    text: str
    hours: float
    element: str = "work_notes"


@dataclass(frozen=True, kw_only=True)
class Story:
    """One incident that is known by its number. `age` in days before the demo data were planted."""

    caller: str
    short_description: str
    description: str = ""
    opened_by: str = ""
    state: str = "1"
    impact: str = "3"
    urgency: str = "3"
    category: str = "inquiry"
    subcategory: str = ""
    group: str = ""
    assigned_to: str = ""
    item: str = ""
    hold_reason: str = ""
    close_code: str = ""
    close_notes: str = ""
    contact_type: str = "self-service"
    age: float = 1.0
    notes: tuple[Note, ...] = field(default=())


STORIES = (
    Story(
        caller="abel.tuter",
        short_description="Email is down for the San Diego office",
        description="Nobody in San Diego has received mail for an hour.",
        state="2",
        impact="1",
        urgency="2",
        category="software",
        subcategory="email",
        group="Email Administration",
        assigned_to="aisha.khan",
        item="Email",
        contact_type="phone",
        age=0.5,
        notes=(
            Note(
                by="abel.tuter", text="The whole floor is affected.", hours=0.1, element="comments"
            ),
            Note(by="aisha.khan", text="Queue on mail-01 is stuck, restarting it.", hours=1),
        ),
    ),
    Story(
        caller="charlie.whitherspoon",
        short_description="VPN drops every ten minutes",
        description="At home, since the update on Monday.",
        urgency="2",
        category="network",
        subcategory="vpn",
        group="Network",
        item="Corporate VPN",
        age=1.2,
        notes=(
            Note(
                by="charlie.whitherspoon",
                text="It is worse in the afternoon.",
                hours=3,
                element="comments",
            ),
        ),
    ),
    Story(
        caller="joe.employee",
        short_description="Printer of Finance prints blank pages",
        category="hardware",
        group="Field Services",
        assigned_to="nadia.okafor",
        item="printer-fin-02",
        state="3",
        hold_reason="4",
        age=6,
        notes=(Note(by="nadia.okafor", text="Toner ordered from the vendor.", hours=5),),
    ),
    Story(
        caller="beth.anglin",
        short_description="Laptop does not wake from sleep",
        category="hardware",
        subcategory="memory",
        group="Software",
        assigned_to="abel.tuter",
        state="2",
        urgency="2",
        age=2.4,
        notes=(
            Note(by="abel.tuter", text="Cannot reproduce it yet.", hours=4),
            Note(
                by="beth.anglin", text="It happens on the dock only.", hours=6, element="comments"
            ),
        ),
    ),
    Story(
        caller="charlie.whitherspoon",
        short_description="Cannot open quotes in the Sales CRM",
        category="software",
        subcategory="internal application",
        group="Software",
        assigned_to="abel.tuter",
        item="Sales CRM",
        state="3",
        hold_reason="1",
        impact="2",
        urgency="2",
        age=4,
        notes=(
            Note(
                by="abel.tuter",
                text="Which quote number was it?",
                hours=2,
                element="comments",
            ),
        ),
    ),
    Story(
        caller="fred.luddy",
        short_description="Payroll run failed with a lock time-out",
        description="The nightly run stopped at 02:14. Salaries are due on Friday.",
        category="database",
        subcategory="oracle",
        group="Database",
        assigned_to="bow.ruggeri",
        item="Payroll",
        state="2",
        impact="1",
        urgency="1",
        contact_type="phone",
        age=0.3,
        notes=(Note(by="bow.ruggeri", text="Long transaction on db-payroll-01.", hours=0.5),),
    ),
    Story(
        caller="abel.tuter",
        short_description="Request for a second monitor",
        category="hardware",
        subcategory="monitor",
        group="Hardware",
        assigned_to="hannah.voss",
        state="6",
        close_code="Solution provided",
        close_notes="Monitor delivered and connected.",
        age=12,
        notes=(Note(by="hannah.voss", text="In stock in Berlin.", hours=20),),
    ),
    Story(
        caller="abel.tuter",
        opened_by="ines.carvalho",
        short_description="Password reset for the expense tool",
        group="Service Desk",
        assigned_to="ines.carvalho",
        state="7",
        close_code="Resolved by caller",
        close_notes="Abel reset it himself.",
        contact_type="phone",
        age=30,
    ),
    Story(
        caller="charlie.whitherspoon",
        short_description="Old desk phone can be collected",
        group="Facilities",
        state="8",
        close_code="No resolution provided",
        close_notes="Asked for by mistake.",
        age=15,
    ),
    Story(
        caller="jamie.morgan",
        short_description="Wi-Fi is slow in the London board room",
        category="network",
        subcategory="wireless",
        group="Network",
        assigned_to="david.loo",
        item="ap-ldn-17",
        state="2",
        impact="2",
        urgency="1",
        contact_type="email",
        age=0.9,
        notes=(Note(by="david.loo", text="Channel changed, watching it.", hours=2),),
    ),
    Story(
        caller="jamie.morgan2",
        short_description="Quarter report shows last year's figures",
        category="database",
        subcategory="sql server",
        group="Database",
        item="Data Warehouse",
        impact="2",
        age=0.7,
    ),
    Story(
        caller="greta.holm",
        short_description="Badge reader at the loading dock is dead",
        category="hardware",
        group="Facilities",
        item="badge-lag-01",
        age=3.1,
    ),
)
