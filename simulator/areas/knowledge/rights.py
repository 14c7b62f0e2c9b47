"""Who may read what knowledge, and contribute to it: user criteria of bases and of articles.

A "cannot" wins over a "can". A base without a "can read" is open to everybody unless the property
`glide.knowman.block_access_with_no_user_criteria` says otherwise; one without a "can contribute"
takes contributions of everybody who has a role. Criteria that are a script match nobody: no script
runs here.
"""

from collections.abc import Iterable, Mapping

from simulator.access.people import Person
from simulator.access.user_criteria import meets
from simulator.queries.compiler import ALIAS, SelectText
from simulator.records.reader import Reader

MANAGERS = frozenset({"knowledge_manager", "knowledge_admin"})
PUBLISHERS = frozenset({"knowledge", *MANAGERS})

_READABLE_BY_ALL = frozenset({"published", "pending_retirement"})
_NO_REAL_ROLES = frozenset({"public", "snc_internal", "snc_external"})
_BLOCKING = "glide.knowman.block_access_with_no_user_criteria"

Row = Mapping[str, str]


class KnowledgeRights:
    """Answers for one instance, whose records `reader` reads."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def may_read_base(self, person: Person, base: str) -> bool:
        """Whether a person may see a knowledge base (a sys_id) and what is published in it."""
        row = self._reader.row("kb_knowledge_base", base) if base else None
        if row is None or self._manages(person, row):
            return True
        if row["active"] != "true" or self._listed(person, "kb_uc_cannot_read_mtom", base):
            return False
        allowed = self._criteria("kb_uc_can_read_mtom", base)
        if not allowed:
            return self._property(_BLOCKING) != "true"
        return self._matches_any(person, allowed) or self._listed(
            person, "kb_uc_can_contribute_mtom", base
        )

    def may_contribute(self, person: Person, base: str) -> bool:
        """Whether a person may write articles of a knowledge base and see its drafts."""
        row = self._reader.row("kb_knowledge_base", base) if base else None
        if row is not None and self._manages(person, row):
            return True
        if not self.may_read_base(person, base):
            return False
        if self._listed(person, "kb_uc_cannot_contribute_mtom", base):
            return False
        allowed = self._criteria("kb_uc_can_contribute_mtom", base)
        if allowed:
            return self._matches_any(person, allowed)
        return bool(person.roles - _NO_REAL_ROLES)

    def manages(self, person: Person, base: str) -> bool:
        """Whether a person owns or manages a knowledge base, or every one by role."""
        row = self._reader.row("kb_knowledge_base", base) if base else None
        return person.has_any(MANAGERS) if row is None else self._manages(person, row)

    def may_read_article(self, person: Person, article: Row) -> bool:
        """Whether a person may read an article, of which `ARTICLE_NEEDS` are given."""
        base = article.get("kb_knowledge_base", "")
        if not self.may_read_base(person, base):
            return False
        if article.get("author") == person.sys_id or self.manages(person, base):
            return True
        if not self._admitted(person, article):
            return False
        if article.get("workflow_state") in _READABLE_BY_ALL:
            return True
        return self.may_contribute(person, base)

    def _admitted(self, person: Person, article: Row) -> bool:
        """What the article itself says about who reads it."""
        if self._matches_any(person, _listing(article.get("cannot_read_user_criteria", ""))):
            return False
        roles = frozenset(_listing(article.get("roles", "")))
        if roles and not person.has_any(roles):
            return False
        allowed = _listing(article.get("can_read_user_criteria", ""))
        return not allowed or self._matches_any(person, allowed)

    def _manages(self, person: Person, base: Row) -> bool:
        if person.has_any(MANAGERS) or base["owner"] == person.sys_id:
            return True
        return person.sys_id in _listing(base["kb_managers"])

    def _listed(self, person: Person, table: str, base: str) -> bool:
        return self._matches_any(person, self._criteria(table, base))

    def _criteria(self, table: str, base: str) -> list[str]:
        return [row["user_criteria"] for row in self._rows(table, "kb_knowledge_base", base)]

    def _matches_any(self, person: Person, criteria: Iterable[str]) -> bool:
        return any(self._matches(person, one) for one in criteria)

    def _matches(self, person: Person, criterion: str) -> bool:
        row = self._reader.row("user_criteria", criterion)
        if row is None:
            return False
        user = self._reader.row("sys_user", person.sys_id) or {}
        return meets(person, row, user=user, role_name=self._role_name)

    def _role_name(self, role: str) -> str:
        return (self._reader.row("sys_user_role", role) or {"name": ""})["name"]

    def _property(self, name: str) -> str:
        return next((row["value"] for row in self._rows("sys_properties", "name", name)), "")

    def _rows(self, table: str, field: str, value: str) -> list[dict[str, str]]:
        source = f'FROM "{table}" {ALIAS} WHERE {ALIAS}."{field}" = ?'
        select = SelectText(source, "", (value,))
        return self._reader.rows(table, select, limit=None, offset=0)


ARTICLE_NEEDS = (
    "kb_knowledge_base",
    "author",
    "workflow_state",
    "roles",
    "can_read_user_criteria",
    "cannot_read_user_criteria",
)


def _listing(text: str) -> list[str]:
    return [one for one in text.split(",") if one]
