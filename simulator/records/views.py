"""Views: which fields of a table people of a view see, from the rows that describe its forms.

A list has columns of its own (`sys_ui_list`), or else the fields of the form: the elements of the
view's sections, in order. What a view says nothing of is as in the default view; a table that has
no form at all shows everything.
"""

from simulator.data.dictionary import Dictionary
from simulator.data.platform_rows import DEFAULT_VIEW_ID
from simulator.data.store import Store

WATCHED = frozenset(
    {"sys_ui_view", "sys_ui_section", "sys_ui_element", "sys_ui_list", "sys_ui_list_element"}
)
"""A row written to one of these tables changes what a view shows."""

Fields = tuple[str, ...] | None

# What the Table API calls the view of a browser is the default one.
_DEFAULT_NAMES = frozenset({"", "desktop", "both", "default", "default view"})

_VIEW = """
SELECT "sys_id" FROM "sys_metadata" WHERE "sys_class_name" = 'sys_ui_view'
AND ("name" = ? OR "title" = ? OR "sys_id" = ?) ORDER BY "name" = ? DESC LIMIT 1
"""
_COLUMNS = """
SELECT e."element" FROM "sys_metadata" e
JOIN "sys_metadata" l ON l."sys_id" = e."list_id" AND l."sys_class_name" = 'sys_ui_list'
WHERE e."sys_class_name" = 'sys_ui_list_element' AND l."name" = ? AND l."view" = ?
AND l."element" = '' AND l."sys_user" = '' ORDER BY e."position", e.rowid
"""
_FORM = """
SELECT e."element" FROM "sys_metadata" e
JOIN "sys_metadata" s ON s."sys_id" = e."sys_ui_section" AND s."sys_class_name" = 'sys_ui_section'
WHERE e."sys_class_name" = 'sys_ui_element' AND s."name" = ? AND s."view" = ?
AND s."sys_user" = '' AND e."type" IN ('', 'element') ORDER BY s.rowid, e."position", e.rowid
"""


class Views:
    """The views of one instance, kept until a row that describes one is written."""

    def __init__(self, store: Store, dictionary: Dictionary) -> None:
        self._store = store
        self._dictionary = dictionary
        self._known: dict[tuple[str, str, bool], Fields] = {}

    def forget(self) -> None:
        """Read the rows again."""
        self._known.clear()

    def fields(self, table: str, view: str, *, in_list: bool) -> Fields:
        """The fields of a form, or columns of a list, in a view by its name; None is all."""
        asked = (table, view, in_list)
        if asked not in self._known:
            if len(self._known) > 512:
                self._known.clear()
            self._known[asked] = self._read(table, view, in_list=in_list)
        return self._known[asked]

    def _read(self, table: str, view: str, *, in_list: bool) -> Fields:
        for sys_id in self._views(view):
            for name in self._dictionary.ancestors(table):
                columns = self._elements(_COLUMNS, name, sys_id) if in_list else ()
                found = columns or self._elements(_FORM, name, sys_id)
                if found:
                    return tuple(dict.fromkeys(("sys_id", *found)))
        return None

    def _views(self, view: str) -> list[str]:
        """The sys_id of the view that is meant, then that of the default one."""
        if view.lower() in _DEFAULT_NAMES:
            return [DEFAULT_VIEW_ID]
        found = self._store.scalar(_VIEW, (view, view, view, view))
        return [DEFAULT_VIEW_ID] if found is None else [str(found), DEFAULT_VIEW_ID]

    def _elements(self, sql: str, table: str, view: str) -> tuple[str, ...]:
        rows = self._store.rows(sql, (table, view))
        return tuple(row[0] for row in rows if row[0] and not row[0].startswith("."))
