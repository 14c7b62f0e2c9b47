"""What a failed tool call says, and why one may not even begin.

CallRefused              by us, before anything reached ServiceNow
├── UnknownTool          NOT_ALLOWED        no tool of that name
├── ScopeMissing         NOT_ALLOWED        the client asked for less than it may have: 403
├── OverTheLimit         RATE_LIMITED       our own limit: 429
├── NotConnected         AUTH_REQUIRED      the person has no connection, or ended it
└── IntentUnrecorded     UNEXPECTED_ERROR   it could not be put on record
"""

from dataclasses import dataclass

from mcp_app.limits import Allowance
from tools_app.exceptions import Candidate


class CallRefused(Exception):
    """A call that does not happen, for a reason of ours."""


class UnknownTool(CallRefused):
    """There is no tool of that name."""


class ScopeMissing(CallRefused):
    """The client's token lacks a scope that the person could have given it."""


class OverTheLimit(CallRefused):
    """The person's bucket, or their bucket for this tool, is empty; or nobody could count."""

    def __init__(self, allowance: Allowance) -> None:
        super().__init__("over the limit")
        self.allowance = allowance


class NotConnected(CallRefused):
    """The person has no connection to an instance, or ended it."""


class IntentUnrecorded(CallRefused):
    """The intent of the call could not be committed."""


@dataclass(frozen=True)
class Failure:
    """A failure with a code of the contract: the only text of it that leaves the server."""

    code: str
    message: str
    next_step: str
    retry_after: int | None = None
    candidates: tuple[Candidate, ...] = ()
    sign_in_url: str = ""
