"""What a change of the demo is, and the templates of its standard changes. All made up."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class DemoChange:
    """One change. `starts` is its planned start in days from now, `hours` how long it takes.

    `template` is the place of its template, for a standard change.
    """

    subject: str
    state: str
    group: str
    assigned_to: str
    item: str
    starts: float
    kind: str = "normal"
    hours: float = 2
    requested_by: str = "rosa.delgado"
    risk: str = "4"
    impact: str = "3"
    category: str = "Other"
    reason: str = "Other"
    close_code: str = ""
    close_notes: str = ""
    on_hold_reason: str = ""
    rejected: str = ""
    conflict: str = ""
    unauthorized: bool = False
    template: int = -1
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class DemoTemplate:
    """A standard change template, and the values it gives to a change."""

    name: str
    group: str
    category: str
    plan: str
    backout: str
    test: str
    closed: int = 0
    unsuccessful: int = 0


TEMPLATES = (
    DemoTemplate(
        name="Add network switch to datacenter cabinet",
        group="Network",
        category="Network",
        plan="Mount the switch, cable the uplinks, apply the base configuration.",
        backout="Remove the uplinks and power the switch off.",
        test="Both uplinks are up and the switch is monitored.",
        closed=12,
        unsuccessful=1,
    ),
    DemoTemplate(
        name="Clear BGP sessions on a router",
        group="Network",
        category="Network",
        plan="Put the router into maintenance, clear the sessions softly, wait for routes.",
        backout="There is nothing to take back: the sessions come up again.",
        test="There are no alerts for the router after ten minutes.",
        closed=31,
    ),
    DemoTemplate(
        name="Reboot Windows Server",
        group="Hardware",
        category="System Software",
        plan="Drain the server, reboot it, watch its services start.",
        backout="Start the services by hand.",
        test="All automatic services run.",
        closed=58,
        unsuccessful=3,
    ),
    DemoTemplate(
        name="Extend a database tablespace",
        group="Database",
        category="Software",
        plan="Add a data file of 10 GB and check that it grows.",
        backout="Take the data file away while it is empty.",
        test="Free space is above 20 percent.",
        closed=9,
    ),
    DemoTemplate(
        name="Renew a TLS certificate",
        group="Software",
        category="Applications Software",
        plan="Put the new certificate in its place and load the configuration again.",
        backout="Put the old certificate back.",
        test="Clients see the new expiry date.",
        closed=17,
        unsuccessful=1,
    ),
)
