"""The problems of the demo. All made up."""

from dataclasses import dataclass

from simulator.areas.problems.states import (
    ANALYSIS,
    ASSESS,
    CANCELED,
    CLOSED,
    DUPLICATE,
    FIX,
    FIX_APPLIED,
    NEW,
    RESOLVED,
    RISK_ACCEPTED,
)


@dataclass(frozen=True, kw_only=True)
class DemoProblem:
    """One problem. `age` is days since it was opened, `incidents` how many it is linked to.

    `tasks` are states of its tasks, `duplicate_of` the place of the original among the others.
    """

    subject: str
    state: str
    category: str
    group: str
    item: str
    age: int
    assigned_to: str = ""
    subcategory: str = ""
    impact: str = "2"
    urgency: str = "2"
    workaround: str = ""
    cause: str = ""
    fix: str = ""
    resolution: str = ""
    close_notes: str = ""
    known_error: bool = False
    major: bool = False
    incidents: int = 0
    tasks: tuple[str, ...] = ()
    duplicate_of: int = -1
    reopened: int = 0


PROBLEMS = (
    DemoProblem(
        subject="VPN connections drop after an hour",
        state=ANALYSIS,
        category="network",
        subcategory="vpn",
        group="Network",
        item="vpn-gw-01",
        age=24,
        assigned_to="david.loo",
        impact="1",
        workaround="Connect again; the session is kept for five minutes.",
        known_error=True,
        major=True,
        incidents=4,
        tasks=("154", "151"),
    ),
    DemoProblem(
        subject="Mailbox server runs out of memory",
        state=FIX,
        category="software",
        subcategory="email",
        group="Email Administration",
        item="mail-02",
        age=31,
        assigned_to="aisha.khan",
        workaround="Restart the search service at night.",
        cause="The search index is loaded as a whole.",
        fix="Install the vendor's update, then limit the index.",
        incidents=3,
        tasks=("157", "154"),
    ),
    DemoProblem(
        subject="Customer portal answers slowly on Mondays",
        state=ASSESS,
        category="software",
        group="Software",
        item="web-portal-01",
        age=9,
        assigned_to="freya.lund",
        incidents=2,
        tasks=("152",),
    ),
    DemoProblem(
        subject="Wireless in London loses clients between floors",
        state=NEW,
        category="network",
        subcategory="wireless",
        group="Network",
        item="ap-ldn-17",
        age=3,
        urgency="3",
        incidents=2,
    ),
    DemoProblem(
        subject="Loads of the data warehouse fail at month end",
        state=RESOLVED,
        category="database",
        group="Database",
        item="dw-etl-01",
        age=52,
        assigned_to="omar.haddad",
        cause="Temporary space was too small for the largest load.",
        fix="Temporary space was doubled, and is watched.",
        resolution=FIX_APPLIED,
        incidents=1,
        tasks=("157",),
    ),
    DemoProblem(
        subject="Badge reader in Lagos restarts by itself",
        state=CLOSED,
        category="hardware",
        group="Field Services",
        item="badge-lag-01",
        age=75,
        assigned_to="nadia.okafor",
        urgency="3",
        impact="3",
        cause="Power supply of the wrong type.",
        resolution=RISK_ACCEPTED,
        close_notes="The reader is replaced with the building next year.",
    ),
    DemoProblem(
        subject="Payroll report shows two currencies",
        state=CLOSED,
        category="software",
        group="Software",
        item="Payroll",
        age=90,
        assigned_to="carlos.mendez",
        cause="A rounding rule of the old system was kept.",
        fix="The rule was taken out.",
        resolution=FIX_APPLIED,
        tasks=("157", "157"),
        reopened=1,
    ),
    DemoProblem(
        subject="Remote access ends without a message",
        state=CLOSED,
        category="network",
        subcategory="vpn",
        group="Network",
        item="vpn-gw-02",
        age=20,
        assigned_to="tomas.novak",
        resolution=DUPLICATE,
        duplicate_of=0,
    ),
    DemoProblem(
        subject="Print jobs disappear on Fridays",
        state=CLOSED,
        category="hardware",
        group="Hardware",
        item="print-ldn-01",
        age=40,
        assigned_to="don.goodliffe",
        urgency="3",
        resolution=CANCELED,
        close_notes="Could not be seen again since the driver was updated.",
    ),
    DemoProblem(
        subject="File shares are read-only after failover",
        state=ANALYSIS,
        category="hardware",
        subcategory="disk",
        group="Hardware",
        item="files-01",
        age=13,
        assigned_to="hannah.voss",
        incidents=2,
        tasks=("152", "151"),
    ),
    DemoProblem(
        subject="CRM database locks while quotes are exported",
        state=FIX,
        category="database",
        subcategory="sql server",
        group="Database",
        item="db-crm-01",
        age=28,
        assigned_to="bow.ruggeri",
        impact="1",
        workaround="Export after six in the evening.",
        cause="The export reads a whole table within one transaction.",
        fix="Read in pages, with a snapshot.",
        known_error=True,
        incidents=2,
        tasks=("154",),
    ),
    DemoProblem(
        subject="Laptops lose the docking station after sleep",
        state=ASSESS,
        category="hardware",
        group="Hardware",
        item="lap-abel-01",
        age=6,
        assigned_to="don.goodliffe",
        impact="3",
    ),
    DemoProblem(
        subject="Spam filter holds invoices back",
        state=RESOLVED,
        category="software",
        subcategory="email",
        group="Email Administration",
        item="mail-01",
        age=35,
        assigned_to="abel.tuter",
        cause="A rule matched the word in the subject of invoices.",
        fix="The rule looks at the sender as well.",
        resolution=FIX_APPLIED,
        incidents=1,
    ),
    DemoProblem(
        subject="Desk phones in Sydney lose their registration",
        state=NEW,
        category="network",
        subcategory="dhcp",
        group="Network",
        item="Telephony",
        age=1,
        impact="3",
        urgency="3",
    ),
    DemoProblem(
        subject="Switch in Berlin reports a failing fan",
        state=NEW,
        category="network",
        group="Network",
        item="switch-ber-2f",
        age=2,
        urgency="1",
        major=True,
    ),
)
