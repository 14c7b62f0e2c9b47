"""What this app raises.

AuditFailure
├── AppendOnly            someone tried to change or remove an audit record through the application
└── InsideTransaction     a record was to be written where a rollback could take it back
"""


class AuditFailure(Exception):
    """The audit log cannot do what was asked."""


class AppendOnly(AuditFailure):
    """Audit records are written once: nobody changes or removes them."""

    def __init__(self) -> None:
        super().__init__("Audit records are append-only.")


class InsideTransaction(AuditFailure):
    """A record must be committed by itself: whoever rolls back must not take it along."""

    def __init__(self) -> None:
        super().__init__("An audit record is never written inside an open transaction.")
