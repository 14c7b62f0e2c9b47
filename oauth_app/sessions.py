"""SESSION_ENGINE: the name under which Django looks for the session store. And ending sessions."""

from oauth_app.models import BrowserSession, User
from oauth_app.models.browser_sessions import SessionStore

__all__ = ["SessionStore", "end_sessions"]


def end_sessions(person: User, *, staying: str | None = None) -> int:
    """Log a person out of every browser but the one whose session key is `staying`."""
    theirs = BrowserSession.objects.filter(user=person)
    ended, _ = (theirs.exclude(session_key=staying) if staying else theirs).delete()
    return ended
