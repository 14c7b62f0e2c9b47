"""Business rules of knowledge: the life of an article, and what people's use of it counts."""

from collections.abc import Sequence
from datetime import date, timedelta
from statistics import fmean

from simulator.areas.knowledge.rights import PUBLISHERS
from simulator.records.rules import (
    ON_DELETE,
    ON_INSERT,
    ON_UPDATE,
    Aborted,
    BusinessRule,
    Change,
    rule,
)
from simulator.switches import Switches

_FOREVER = "2100-01-01"
_FIRST_VERSION = "0.01"
_CENTURY = 36_500
_MOST_DIGITS = 9


def rules(_: Switches) -> Sequence[BusinessRule]:
    """In the order they run."""
    return (
        rule("Knowledge base: Set owner", "kb_knowledge_base", _own, order=50, on=ON_INSERT),
        rule("Knowledge category: Set place", "kb_category", _place, order=50),
        rule("Knowledge: Set defaults", "kb_knowledge", _begin, order=50, on=ON_INSERT),
        rule("Knowledge: Publish by role", "kb_knowledge", _check_publisher, order=60),
        rule("Knowledge: Publish", "kb_knowledge", _publish, order=70),
        rule("Knowledge: Retire", "kb_knowledge", _retire, order=80),
        rule("Knowledge: Outdate former versions", "kb_knowledge", _outdate, order=90, after=True),
        rule("Knowledge feedback: Set user", "kb_feedback", _sign, order=50, on=ON_INSERT),
        rule(
            "Knowledge feedback: Update article",
            "kb_feedback",
            _rate,
            order=100,
            on=ON_INSERT | ON_UPDATE | ON_DELETE,
            after=True,
        ),
        rule("Knowledge use: Set user", "kb_use", _sign, order=50, on=ON_INSERT),
        rule(
            "Knowledge use: Count", "m2m_kb_task", _count_use, order=100, on=ON_INSERT, after=True
        ),
    )


def _own(change: Change) -> None:
    if not change.get("owner") and change.person:
        change.set("owner", change.person.sys_id)


def _sign(change: Change) -> None:
    if not change.get("user") and change.person:
        change.set("user", change.person.sys_id)


def _place(change: Change) -> None:
    """A category knows its base, what it stands under, and its whole path."""
    if not change.get("value"):
        change.set("value", change.get("label").lower().replace(" ", "_"))
    above = change.records.row("kb_category", change.get("parent_id"))
    if above is not None:
        change.set("parent_table", "kb_category")
        change.set("kb_knowledge_base", above["kb_knowledge_base"])
        change.set("full_category", f"{above['full_category']} / {change.get('label')}")
        return
    if change.records.row("kb_knowledge_base", change.get("parent_id")):
        change.set("kb_knowledge_base", change.get("parent_id"))
    change.set("parent_id", change.get("kb_knowledge_base"))
    change.set("parent_table", "kb_knowledge_base")
    change.set("full_category", change.get("label"))


def _begin(change: Change) -> None:
    if not change.get("author") and change.person:
        change.set("author", change.person.sys_id)
    change.set("article_id", change.get("article_id") or change.sys_id)
    former = _versions(change)
    step = _checked_out(former) if former else _FIRST_VERSION
    _set_version(change, step)
    if former and change.get("workflow_state") != "published":
        change.set("latest", "false")


def _check_publisher(change: Change) -> None:
    if not change.changes_to("workflow_state", "published") or change.has_role(*PUBLISHERS):
        return
    base = change.records.row("kb_knowledge_base", change.get("kb_knowledge_base")) or {}
    in_charge = [base.get("owner", ""), *base.get("kb_managers", "").split(",")]
    if change.person is not None and change.person.sys_id not in in_charge:
        raise Aborted


def _publish(change: Change) -> None:
    if not change.changes_to("workflow_state", "published"):
        return
    today = date.fromisoformat(change.at[:10])
    change.set("published", today.isoformat())
    change.set("retired", "")
    change.set("latest", "true")
    if not change.get("valid_to"):
        base = change.records.row("kb_knowledge_base", change.get("kb_knowledge_base")) or {}
        days = _whole(base.get("article_validity", ""))
        last = (today + timedelta(days=days)).isoformat() if 0 < days < _CENTURY else _FOREVER
        change.set("valid_to", last)
    _set_version(change, f"{_major(_versions(change)) + 1}.0")


def _retire(change: Change) -> None:
    if change.changes_to("workflow_state", "retired"):
        change.set("retired", change.at[:10])


def _outdate(change: Change) -> None:
    """Of the versions of an article only one is published."""
    if not change.changes_to("workflow_state", "published"):
        return
    for other in _versions(change):
        if other["sys_id"] != change.sys_id and other["latest"] == "true":
            state = (
                "outdated" if other["workflow_state"] == "published" else other["workflow_state"]
            )
            change.records.update(
                "kb_knowledge", other["sys_id"], {"latest": "false", "workflow_state": state}
            )


def _versions(change: Change) -> list[dict[str, str]]:
    """The rows of the same article; a number with a caret is no number."""
    number = change.get("number")
    if not number or "^" in number:
        return []
    return change.records.query("kb_knowledge", f"number={number}")


def _major(rows: list[dict[str, str]]) -> int:
    """The highest whole version so far: 0 for an article that was never published."""
    return max((int(_number(row).partition(".")[0]) for row in rows), default=0)


def _checked_out(rows: list[dict[str, str]]) -> str:
    newest = max((_number(row) for row in rows), key=float)
    return f"{float(newest) + 0.01:.2f}"


def _number(row: dict[str, str]) -> str:
    shown = row["display_number"].rpartition(" v")[2]
    return shown if shown.replace(".", "", 1).isdigit() else "0"


def _set_version(change: Change, version: str) -> None:
    change.set("display_number", f"{change.get('number')} v{version}")
    values = {
        "version": version,
        "knowledge": change.sys_id,
        "number": change.get("number"),
        "published_on": change.at if change.get("workflow_state") == "published" else "",
    }
    change.set("version", change.records.insert("kb_version", values))


def _rate(change: Change) -> None:
    """An article's rating is the mean of all; marks of helpfulness are counted."""
    article = change.get("article") or change.before("article")
    if change.records.row("kb_knowledge", article) is None:
        return
    feedback = change.records.query("kb_feedback", f"article={article}")
    ratings = [_whole(row["rating"]) for row in feedback if row["rating"]]
    change.records.update(
        "kb_knowledge",
        article,
        {
            "rating": str(round(fmean(ratings), 2)) if ratings else "",
            "helpful_count": str(sum(row["useful"] == "yes" for row in feedback)),
            "flagged": "true" if any(_is_open_flag(row) for row in feedback) else "false",
        },
    )


def _is_open_flag(row: dict[str, str]) -> bool:
    return row["flagged"] == "true" and row["resolved"] != "true"


def _count_use(change: Change) -> None:
    article = change.records.row("kb_knowledge", change.get("kb_knowledge"))
    if article is not None:
        used = str(_whole(article["use_count"]) + 1)
        change.records.update("kb_knowledge", article["sys_id"], {"use_count": used})


def _whole(text: str) -> int:
    """A count as it is stored; 0 for what is too long to be one."""
    return int(text) if text.isdecimal() and len(text) <= _MOST_DIGITS else 0
