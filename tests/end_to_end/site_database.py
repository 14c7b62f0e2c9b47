"""What a running site has in its database, read from the file itself: calls, sessions, tokens."""

import sqlite3
from contextlib import closing
from typing import Any

from snmcp_project.demo.site import DemoSite

_WITH_OUTCOMES = (
    "FROM audit_app_toolcall AS call "
    "JOIN audit_app_toolcalloutcome AS outcome ON outcome.call_id = call.id "
)


def in_doubt(site: DemoSite) -> list[tuple[str, str]]:
    """Tool and user name of each intent without an outcome."""
    return _rows(
        site,
        "SELECT tool, user_name FROM audit_app_toolcall WHERE id NOT IN "
        "(SELECT call_id FROM audit_app_toolcalloutcome)",
    )


def calls_about(number: str, site: DemoSite) -> list[tuple[str, str, str]]:
    """Tool, user name and MCP revision of each call that ended with this record."""
    query = f"SELECT tool, user_name, protocol_version {_WITH_OUTCOMES} WHERE record_number = ?"
    return _rows(site, query, number)


def last_outcome(tool: str, user_name: str, site: DemoSite) -> tuple[str, str]:
    """Outcome and note of this person's last call of a tool that has ended."""
    query = (
        f"SELECT outcome, note {_WITH_OUTCOMES} WHERE tool = ? AND user_name = ? "
        "ORDER BY call.id DESC LIMIT 1"
    )
    (found,) = _rows(site, query, tool, user_name)
    return tuple(found)


def sessions_of(user_name: str, site: DemoSite) -> list[str]:
    """The hashed ids of this person's open sessions."""
    query = (
        "SELECT DISTINCT id_hash FROM mcp_app_mcpsession AS session JOIN oauth_app_connection "
        "AS connection USING (user_id) WHERE connection.user_name = ? ORDER BY id_hash"
    )
    return [row[0] for row in _rows(site, query, user_name)]


def expire_access_tokens(user_name: str, site: DemoSite) -> None:
    """Let all access tokens of this person have ended a minute ago; refresh tokens stay."""
    _rows(
        site,
        "UPDATE oauth2_provider_accesstoken SET expires = datetime('now', '-1 minute') WHERE "
        "user_id IN (SELECT user_id FROM oauth_app_connection WHERE user_name = ?)",
        user_name,
    )


def has_live_access_token(user_name: str, site: DemoSite) -> bool:
    """Whether this person has an access token that has not ended."""
    query = (
        "SELECT token.id FROM oauth2_provider_accesstoken AS token JOIN oauth_app_connection "
        "USING (user_id) WHERE user_name = ? AND expires > datetime('now')"
    )
    return bool(_rows(site, query, user_name))


def _rows(site: DemoSite, query: str, *values: str) -> list[Any]:
    with closing(sqlite3.connect(site.directory / "snmcp.sqlite3")) as database, database:
        return list(database.execute(query, values))
