"""Telling a person's clients that a record they read has changed: by a call of the same person.

What others do in ServiceNow nobody here sees, so it is not told.
"""

from mcp.server.subscriptions import ResourceUpdated

from mcp_app.dispatch import Asked
from mcp_app.outcomes import record_of
from mcp_app.sessions.changes import Change, Changes
from mcp_app.tool_results import Answer
from tools_app.resources import RESOURCES, SCHEME


async def tell_of_change(changes: Changes, asked: Asked, answer: Answer) -> None:
    """Tell the person's listeners which resources a call has changed, if it has any."""
    spec = asked.spec
    if spec is None or not spec.access.writes or answer.result.is_error:
        return
    for uri in _changed(answer):
        change = Change(ResourceUpdated(uri), asked.credential.user_id)
        await changes.tell(change)


def _changed(answer: Answer) -> list[str]:
    """The addresses under which what was changed may have been read."""
    table, sys_id, number = record_of(answer.result.structured_content or {})
    names = [name for name in (sys_id, number) if name and table in RESOURCES]
    return [f"{SCHEME}my_work", *(f"{SCHEME}{table}/{name}" for name in names)]
