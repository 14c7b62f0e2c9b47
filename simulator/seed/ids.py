"""The sys_ids of the demo data: those widely known, the others made from what a row is named."""

from simulator.areas.organisation.people import GROUPS, PEOPLE, ROLE_IDS
from simulator.data.sys_ids import stable_sys_id

_PEOPLE = {person.user_name: person.sys_id for person in PEOPLE}


def person_id(user_name: str) -> str:
    """Raises KeyError for nobody of the demo."""
    return _PEOPLE[user_name] or stable_sys_id("sys_user", user_name)


def group_id(name: str) -> str:
    """Raises KeyError for no group of the demo."""
    return GROUPS[name] or stable_sys_id("sys_user_group", name)


def role_id(name: str) -> str:
    """Raises KeyError for no role of the demo."""
    return ROLE_IDS[name] or stable_sys_id("sys_user_role", name)


def item_id(name: str) -> str:
    """A configuration item."""
    return stable_sys_id("cmdb_ci", name)


def company_id(name: str) -> str:
    """A company."""
    return stable_sys_id("core_company", name)


def location_id(name: str) -> str:
    """A location."""
    return stable_sys_id("cmn_location", name)


def department_id(name: str) -> str:
    """A department."""
    return stable_sys_id("cmn_department", name)
