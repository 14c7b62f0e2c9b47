"""What a tool call tells the audit log, before and after."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import uuid4


def new_reference() -> str:
    """Return a fresh reference id: 32 hexadecimal digits, as ServiceNow's correlation_id takes."""
    return uuid4().hex


@dataclass(frozen=True, kw_only=True, slots=True)
class Opening:
    """Who is about to do what. `arguments` are raw: they are redacted before they are stored.

    Texts may come from a hostile client: they are cleaned and cut to what the columns hold.
    `correlation_id` becomes the reference id of the record.
    """

    user_id: int
    user_name: str
    tool: str
    arguments: Mapping[str, object] = field(repr=False)
    credential: str
    credential_id: str = ""
    connection_id: int | None = None
    instance_id: int | None = None
    instance_url: str = ""
    sys_id: str = ""
    toolset: str = ""
    access: str = ""
    client_id: str = ""
    client_name: str = ""
    client_version: str = ""
    protocol_version: str = ""
    request_id: str = ""
    remote_addr: str = ""
    correlation_id: str = field(default_factory=new_reference)


@dataclass(frozen=True, kw_only=True, slots=True)
class Closing:
    """How it ended: `outcome` is one of `Outcome`, `code` a failure's code or empty."""

    outcome: str
    code: str = ""
    record_table: str = ""
    record_sys_id: str = ""
    record_number: str = ""
    upstream_status: int | None = None
    duration_ms: int = 0
    answer_bytes: int = 0
    note: str = ""


@dataclass(frozen=True, slots=True)
class ToolCallRef:
    """A record that was opened: its row, and the reference people see."""

    id: int
    reference_id: str
