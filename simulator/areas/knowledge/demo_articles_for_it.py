"""What only the IT department reads."""

from simulator.areas.knowledge.demo_article import DemoArticle

FOR_IT = (
    DemoArticle(
        category="Services",
        title="Restart the mail gateway",
        introduction="mail-01 takes a minute to drain its queue; never stop it by force.",
        steps=(
            "Tell the service desk.",
            "Put mail-01 in maintenance.",
            "Drain the queue and restart the service.",
            "Watch the queue of mail-02 until it is empty.",
        ),
        author="abel.tuter",
        keywords="email smtp runbook",
        views=77,
        age=50,
    ),
    DemoArticle(
        category="Services",
        title="Fail over the VPN gateways",
        introduction="vpn-gw-02 takes over for vpn-gw-01 within ten seconds.",
        steps=(
            "Open a standard change.",
            "Lower the priority of vpn-gw-01.",
            "Check that sessions move.",
            "Put the priority back afterwards.",
        ),
        author="david.loo",
        keywords="vpn cluster runbook",
        views=52,
        age=80,
    ),
    DemoArticle(
        category="Databases",
        title="Restore the payroll database",
        introduction="Restores of db-payroll-01 need the approval of the head of Finance.",
        steps=(
            "Get the approval in the incident.",
            "Restore to a copy first.",
            "Compare the counts of the last run.",
            "Swap the copies.",
        ),
        author="li.wei",
        keywords="backup recovery payroll",
        views=29,
        age=145,
    ),
    DemoArticle(
        category="Databases",
        title="CRM database is slow",
        introduction="Look for a long transaction before you blame the disk.",
        steps=(
            "List transactions older than five minutes on db-crm-01.",
            "Ask the owner before you end one.",
            "Note what you did in the incident.",
        ),
        author="omar.haddad",
        keywords="performance lock crm",
        views=48,
        age=60,
    ),
    DemoArticle(
        category="Security",
        title="Handle a reported phishing message",
        introduction="For the security team: from the report to the block list.",
        steps=(
            "Open the message in the sandbox only.",
            "Search who else got it.",
            "Block the sender and the links.",
            "Tell those who clicked to change their password.",
        ),
        author="priya.raman",
        keywords="phishing incident response",
        views=66,
        age=20,
    ),
    DemoArticle(
        category="Security",
        title="Rotate the certificates of the portal",
        introduction=(
            "The certificates of web-portal-01 and web-portal-02 are renewed each quarter."
        ),
        steps=(
            "Order the certificate four weeks before.",
            "Install it on web-portal-02 first.",
            "Test, then install it on web-portal-01.",
        ),
        author="pieter.dejong",
        keywords="tls ssl expiry",
        views=34,
        age=105,
    ),
    DemoArticle(
        category="Operations",
        title="Load of the data warehouse failed",
        introduction=(
            "dw-etl-01 loads at two in the night; a failed load can be repeated until six."
        ),
        steps=(
            "Read the last lines of the log.",
            "Repeat the failed step.",
            "Tell Finance if reports will be late.",
        ),
        author="omar.haddad",
        keywords="etl batch job",
        views=41,
        age=15,
    ),
)
