"""What the demo's other incidents are about, and what people write in them."""

from dataclasses import dataclass


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
