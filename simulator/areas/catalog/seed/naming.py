"""The sys_ids of the demo catalogue, made from what a row is named; two are widely known."""

from simulator.data.sys_ids import stable_sys_id

Values = dict[str, str]
Rows = list[tuple[str, list[Values]]]

_CATALOGS = {
    "Service Catalog": "e0d08b13c3330100c8b837659bba8fb4",
    "Technical Catalog": "742ce428d7211100f2d224837e61036d",
}


def catalog_id(title: str) -> str:
    """A catalogue."""
    return _CATALOGS[title]


def category_id(title: str) -> str:
    """A category."""
    return stable_sys_id("sc_category", title)


def item_id(name: str) -> str:
    """A catalogue item of any kind."""
    return stable_sys_id("sc_cat_item", name)


def variable_id(owner: str, name: str) -> str:
    """A variable of an item or a set, by the name of either."""
    return stable_sys_id("item_option_new", owner, name)


def set_id(name: str) -> str:
    """A variable set, by its internal name."""
    return stable_sys_id("item_option_new_set", name)


def plan_id(name: str) -> str:
    """An execution plan."""
    return stable_sys_id("sc_cat_item_delivery_plan", name)


def criterion_id(name: str) -> str:
    """A user criterion."""
    return stable_sys_id("user_criteria", name)


def image_id(name: str) -> str:
    """A picture that nobody stores: clients show its name."""
    return stable_sys_id("db_image", name)
