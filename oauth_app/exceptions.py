"""What can go wrong here.

OauthAppFailure
├── WeakKey                 TOKEN_ENCRYPTION_KEY is missing or unfit
├── WrongKeys               TOKEN_ENCRYPTION_KEY is not that of this database
├── DecryptionFailed        a stored secret does not belong to this row, field or key
├── SignInNeeded            only the person can put the connection right; .reason
│   └── TokensUnreadable    what is stored of it does not decrypt; it stays as it is
├── RefreshUnavailable      ServiceNow could not be asked just now; nobody is signed out
│   └── InstancePaused      an operator has paused the instance
├── HostNotAllowed          an instance may not point there
├── NotYours                someone else's connection or token
└── SignInFailure           a sign-in that ended on a page; see sign_in_failures.py
"""


class OauthAppFailure(Exception):
    """Anything that goes wrong in this app."""


class WeakKey(OauthAppFailure):
    """An encryption key that is missing or could be guessed. The text never shows the key."""


class WrongKeys(OauthAppFailure):
    """The keys do not fit the secrets in the database. The text is a sentence for an operator."""


class DecryptionFailed(OauthAppFailure):
    """A stored secret does not belong to this row, field or key, or was changed."""


class SignInNeeded(OauthAppFailure):
    """The connection has no usable token, and only signing in again gives one."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"sign-in needed: {reason}")
        self.reason = reason


class TokensUnreadable(SignInNeeded):
    """The stored tokens do not decrypt: a new sign-in helps, and so does the key they belong to."""

    def __init__(self) -> None:
        super().__init__("unreadable")


class RefreshUnavailable(OauthAppFailure):
    """ServiceNow could not be asked for a new token just now; the connection stays as it is."""

    def __init__(self, fault: str) -> None:
        super().__init__(f"refresh unavailable: {fault}")
        self.fault = fault


class InstancePaused(RefreshUnavailable):
    """An operator has paused or closed the instance; nothing is sent to it."""

    def __init__(self) -> None:
        super().__init__("paused")


class HostNotAllowed(OauthAppFailure):
    """The address of an instance is not https, or its host is not in SERVICENOW_ALLOWED_HOSTS."""


class NotYours(OauthAppFailure):
    """Someone else's connection or token; nobody acts on it but its owner."""
