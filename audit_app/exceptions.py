"""What this app raises.

AuditFailure
├── AppendOnly            someone tried to change or remove an audit record through the application
├── InsideTransaction     a record was to be written where a rollback could take it back
├── UnfitSigningKey       AUDIT_SIGNING_KEY, or a public key, is not 32 bytes in base64
└── MayNotRemove          retention runs as a role that may not remove records
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


class UnfitSigningKey(AuditFailure):
    """What should be a key for signing or verifying is none."""

    def __init__(self) -> None:
        super().__init__("A key must be 32 bytes in base64; `manage.py generate_key` makes one.")


class MayNotRemove(AuditFailure):
    """The role of this connection does not own the audit tables, as it should be."""

    def __init__(self) -> None:
        super().__init__(
            "This database role may not remove audit records: set DATABASE_OWNER_URL for this job."
        )
