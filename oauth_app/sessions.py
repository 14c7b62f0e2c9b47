"""SESSION_ENGINE: the name under which Django looks for the session store."""

from oauth_app.models.browser_sessions import SessionStore

__all__ = ["SessionStore"]
