"""Where items are: what an item says of its catalogues and its category, and rows that say it too.

Clients write either; both always say the same.
"""

from simulator.records.rules import Change, Moment

_ITEM, _IN_CATALOG, _IN_CATEGORY = "sc_cat_item", "sc_cat_item_catalog", "sc_cat_item_category"


def place(change: Change) -> None:
    """After an item was written: rows for its catalogues and for its category."""
    if change.changes("sc_catalogs"):
        named = _parts(change.get("sc_catalogs"))
        rows = change.records.query(_IN_CATALOG, f"sc_cat_item={change.sys_id}")
        for row in rows:
            if row["sc_catalog"] not in named:
                change.records.delete(_IN_CATALOG, row["sys_id"])
        for catalog in named - {row["sc_catalog"] for row in rows}:
            _link(change, _IN_CATALOG, "sc_catalog", catalog)
    category = change.get("category")
    if change.changes("category") and category:
        encoded = f"sc_cat_item={change.sys_id}^sc_category={category}"
        if not change.records.query(_IN_CATEGORY, encoded):
            _link(change, _IN_CATEGORY, "sc_category", category)


def name_catalog(change: Change) -> None:
    """After an item was put into a catalogue or taken out of it: its list of catalogues."""
    item = change.records.row(_ITEM, change.get("sc_cat_item"))
    catalog = change.get("sc_catalog")
    if item is None or not catalog:
        return
    named = _parts(item["sc_catalogs"])
    wanted = named - {catalog} if change.operation is Moment.DELETE else named | {catalog}
    if wanted != named:
        change.records.update(_ITEM, item["sys_id"], {"sc_catalogs": ",".join(sorted(wanted))})


def name_category(change: Change) -> None:
    """After an item was put into a category: its category, if it had none."""
    item = change.records.row(_ITEM, change.get("sc_cat_item"))
    if item is not None and not item["category"] and change.get("sc_category"):
        values = {"category": change.get("sc_category")}
        change.records.update(_ITEM, item["sys_id"], values)


def _link(change: Change, table: str, field: str, value: str) -> None:
    change.records.insert(table, {"sc_cat_item": change.sys_id, field: value})


def _parts(text: str) -> set[str]:
    return {part for part in text.split(",") if part}
