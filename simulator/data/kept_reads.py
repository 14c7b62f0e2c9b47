"""What was read lately and has not changed since: by the tables that a statement names.

Every call looks at the same few settings, tokens and people; and counting a million rows takes
tens of milliseconds, which pages of one query ask for again and again.
"""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

Cell = str | int | float | None
Rows = list[tuple[str, ...]]
Parameters = Sequence[Cell] | Mapping[str, Cell]

_MOST = 2048
_READ_FROM = re.compile(r'\b(?:FROM|JOIN)\s+"?([\w@]+)', re.IGNORECASE)
_WRITTEN_TO = re.compile(
    r'\s*(?:INSERT\s+(?:OR\s+\w+\s+)?INTO|UPDATE(?:\s+OR\s+\w+)?|DELETE\s+FROM)\s+"?([\w@]+)',
    re.IGNORECASE,
)
# Tables that calls read for who may do what, and that are seldom written to.
_SETTINGS = frozenset(
    {
        "inbound_auth_profile",
        "kb_knowledge_base",
        "kb_uc_can_contribute_mtom",
        "kb_uc_can_read_mtom",
        "kb_uc_cannot_contribute_mtom",
        "kb_uc_cannot_read_mtom",
        "oauth_credential",
        "oauth_entity",
        "oauth_entity_auth_scope_mapping",
        "sys_api_access_policy",
        "sys_api_access_scope",
        "sys_auth_scope",
        "sys_properties",
        "sys_rate_limit_rules",
        "sys_user",
        "sys_user_role",
        "sysrule_quota",
        "user_criteria",
    }
)


class KeptReads:
    """Rows of settings, and numbers of rows, for as long as their tables stay as they are.

    `views` are names that stand for other tables: what they give may change with any write.
    """

    def __init__(self) -> None:
        self.views: frozenset[str] = frozenset()
        self._kept: dict[object, tuple[int, Rows]] = {}
        self._writes = 0
        self._written: dict[str, int] = {}
        self._uncommitted: set[str] = set()

    def now(self) -> int:
        """A stamp for what is read from now on."""
        return self._writes

    def find(self, sql: str, parameters: Parameters) -> Rows | None:
        """What a statement gave, if it would give the same again."""
        found = self._kept.get((sql, _hashable(parameters)))
        if found is None:
            return None
        stamp, rows = found
        for table in tables_read(sql):
            last = self._writes if table in self.views else self._written.get(table, 0)
            if last > stamp:
                return None
        return rows

    def keep(self, sql: str, parameters: Parameters, rows: Rows, *, read_at: int) -> None:
        """Remember what a statement gave that was begun at a stamp."""
        if len(self._kept) >= _MOST:
            self._kept = {}
        self._kept[sql, _hashable(parameters)] = (read_at, rows)

    def wrote(self, sql: str) -> None:
        """A statement has changed something."""
        self._writes += 1
        table = table_written(sql)
        if table:
            self._written[table] = self._writes
            self._uncommitted.add(table)
        else:
            self.forget()

    def committed(self) -> None:
        """Only now does what was written in a transaction show to other connections."""
        self._writes += 1
        self._written.update(dict.fromkeys(self._uncommitted, self._writes))
        self._uncommitted.clear()

    def forget(self) -> None:
        """Anything may have changed."""
        self._writes += 1
        self._kept = {}


def is_about_settings(sql: str) -> bool:
    """Whether a statement only reads tables that seldom change."""
    return _is_select(sql) and bool(tables_read(sql)) and _SETTINGS.issuperset(tables_read(sql))


@lru_cache(maxsize=4096)
def tables_read(sql: str) -> frozenset[str]:
    """The physical tables that a statement names; a search index counts as its table."""
    return frozenset(name.partition("@")[0] for name in _READ_FROM.findall(sql))


@lru_cache(maxsize=1024)
def table_written(sql: str) -> str:
    """The table that a statement writes to; empty if it does anything else."""
    found = _WRITTEN_TO.match(sql)
    return found[1] if found else ""


@lru_cache(maxsize=4096)
def _is_select(sql: str) -> bool:
    return sql.lstrip()[:6].upper() == "SELECT"


def _hashable(parameters: Parameters) -> tuple[object, ...]:
    return tuple(parameters.items() if isinstance(parameters, Mapping) else parameters)
