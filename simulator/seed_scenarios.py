"""What the demo's incidents are about: the first ones as told stories, the rest from subjects."""

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


@dataclass(frozen=True, kw_only=True)
class Subject:
    """What a generated incident may be about."""

    text: str
    category: str
    subcategory: str
    group: str
    item: str
    fix: str


SUBJECTS = tuple(
    Subject(text=text, category=category, subcategory=subcategory, group=group, item=item, fix=fix)
    for text, category, subcategory, group, item, fix in (
        ("Mailbox is full", "software", "email", "Email Administration", "Email", "Quota raised."),
        (
            "Calendar invitations arrive late",
            "software",
            "email",
            "Email Administration",
            "mail-02",
            "Queue cleared.",
        ),
        (
            "Phishing mail received",
            "software",
            "email",
            "Information Security",
            "Email",
            "Sender blocked.",
        ),
        (
            "Antivirus reports a blocked file",
            "software",
            "antivirus",
            "Information Security",
            "",
            "False alarm, file released.",
        ),
        (
            "VPN asks for the code twice",
            "network",
            "vpn",
            "Network",
            "vpn-gw-02",
            "Client updated.",
        ),
        (
            "No IP address on the second floor",
            "network",
            "dhcp",
            "Network",
            "switch-ber-2f",
            "Address pool enlarged.",
        ),
        ("Intranet name does not resolve", "network", "dns", "Network", "", "Record corrected."),
        (
            "Wi-Fi disconnects in meetings",
            "network",
            "wireless",
            "Network",
            "Wi-Fi",
            "Access point replaced.",
        ),
        ("Softphone has no sound", "network", "", "Network", "Telephony", "Headset profile set."),
        ("Laptop is very slow", "hardware", "memory", "Hardware", "", "Memory added."),
        (
            "Keyboard types double letters",
            "hardware",
            "keyboard",
            "Hardware",
            "",
            "Keyboard exchanged.",
        ),
        ("Screen flickers", "hardware", "monitor", "Hardware", "ws-design-04", "Cable exchanged."),
        ("Disk is almost full", "hardware", "disk", "Hardware", "files-01", "Old backups removed."),
        (
            "Print jobs stay in the queue",
            "hardware",
            "",
            "Field Services",
            "print-ldn-01",
            "Spooler restarted.",
        ),
        (
            "Visitor kiosk shows an error",
            "hardware",
            "",
            "Field Services",
            "kiosk-lob-01",
            "Kiosk restarted.",
        ),
        (
            "CRM search finds nothing",
            "software",
            "internal application",
            "Software",
            "Sales CRM",
            "Index rebuilt.",
        ),
        (
            "Customer Portal is slow",
            "software",
            "internal application",
            "Software",
            "Customer Portal",
            "Cache enlarged.",
        ),
        (
            "Expense form loses attachments",
            "software",
            "internal application",
            "Software",
            "Payroll",
            "Patch installed.",
        ),
        ("Operating system update fails", "software", "os", "Software", "", "Update repeated."),
        (
            "Nightly load did not finish",
            "database",
            "sql server",
            "Database",
            "dw-etl-01",
            "Job restarted.",
        ),
        ("Query runs for hours", "database", "oracle", "Database", "db-crm-01", "Index added."),
        (
            "How do I share a folder?",
            "inquiry",
            "",
            "Service Desk",
            "File Shares",
            "Explained by phone.",
        ),
        (
            "Access to the finance share",
            "inquiry",
            "",
            "Service Desk",
            "File Shares",
            "Access given.",
        ),
        (
            "New starter needs a phone",
            "inquiry",
            "",
            "Service Desk",
            "Telephony",
            "Phone handed out.",
        ),
        ("Office chair is broken", "inquiry", "", "Facilities", "", "Chair exchanged."),
    )
)

QUALIFIERS = (
    "",
    " since this morning",
    " again",
    " after the update",
    " for the whole team",
    " when working from home",
    " on one machine only",
)

WORK_NOTES = (
    "Called the person, no answer.",
    "Logs collected.",
    "Could reproduce it.",
    "Handed over to the next shift.",
    "Waiting for a maintenance window.",
    "Compared with a machine that works.",
)
COMMENTS = (
    "Is there any news?",
    "It works again for the moment.",
    "We are looking into it.",
    "Thank you, that helped.",
    "It happened again today.",
)
