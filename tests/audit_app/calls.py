"""Openings and closings with everything in them, to vary."""

from typing import Any

from audit_app.services import Closing, Opening

ABEL_SYS_ID = "62826bf03710200044e0bfc8bcbe5df1"
INCIDENT_SYS_ID = "9c573169c611228700193229fff72400"


def an_opening(**changes: object) -> Opening:
    """Abel is about to update INC0010001 with Claude."""
    facts: dict[str, Any] = {
        "user_id": 1,
        "user_name": "abel.tuter",
        "connection_id": 7,
        "instance_id": 3,
        "instance_url": "https://acme.service-now.com",
        "sys_id": ABEL_SYS_ID,
        "tool": "update_incident",
        "toolset": "incidents",
        "access": "update",
        "arguments": {"incident": "INC0010001", "state": "In Progress"},
        "client_id": "c1",
        "client_name": "Claude",
        "client_version": "2.1",
        "protocol_version": "2026-07-28",
        "credential": "oauth",
        "credential_id": "44",
        "request_id": "17",
        "remote_addr": "192.0.2.7",
    }
    return Opening(**(facts | changes))


def a_closing(**changes: object) -> Closing:
    """It worked."""
    facts: dict[str, Any] = {
        "outcome": "succeeded",
        "record_table": "incident",
        "record_sys_id": INCIDENT_SYS_ID,
        "record_number": "INC0010001",
        "upstream_status": 200,
        "duration_ms": 84,
        "answer_bytes": 640,
    }
    return Closing(**(facts | changes))
