"""Browser sessions, stored under a hash of their key."""

from typing import TYPE_CHECKING, Any, cast

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseSessionStore
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models

from oauth_app.hashing import stored_hash
from oauth_app.models.people import User

if TYPE_CHECKING:
    _Char = models.CharField[str, str]
else:
    _Char = models.CharField  # cannot be subscripted at run time


class HashedText(str):
    """A session key as the database holds it."""

    __slots__ = ()


class HashedKeyField(_Char):
    """Hashes what is looked up or stored, unless it came from the database."""

    def get_prep_value(self, value: object) -> str | None:
        """Return the SHA-256 of a key from a cookie, or a stored hash as it is."""
        if value is None or isinstance(value, HashedText):
            return value
        return HashedText(stored_hash(str(value)))

    def from_db_value(self, value: str, *_: object) -> HashedText:
        """Mark what comes from the database as hashed already."""
        return HashedText(value)


class BrowserSession(AbstractBaseSession):
    """A browser's session. Whoever reads the database cannot log in with what stands here."""

    session_key = HashedKeyField(max_length=64, primary_key=True)
    # What the session's data says too; here, so that all sessions of a person can be ended.
    user = models.ForeignKey(
        User, on_delete=models.CASCADE, null=True, editable=False, related_name="browser_sessions"
    )

    @classmethod
    def get_session_store_class(cls) -> type[DatabaseSessionStore]:
        """Return the store; Django's decoder asks for it."""
        return SessionStore


class SessionStore(DatabaseSessionStore):
    """Django's sessions in the database, found by the hash of their key."""

    @classmethod
    def get_model_class(cls) -> type[BrowserSession]:
        """Return the model that holds them."""
        return BrowserSession

    def create_model_instance(self, data: dict[str, Any]) -> BrowserSession:
        """Return the row to store, with the person who is logged in, if anybody is."""
        row = cast(BrowserSession, super().create_model_instance(data))
        row.user_id = data.get(SESSION_KEY)
        return row
