"""Rows of people, groups, roles, companies and places."""

from collections.abc import Iterator

from simulator.areas.organisation.people import (
    GROUP_MANAGERS,
    GROUPS,
    PASSWORD,
    PEOPLE,
    ROLE_IDS,
    DemoPerson,
)
from simulator.areas.organisation.place_seed import places
from simulator.areas.organisation.places import COMPANIES, COMPANY, DEPARTMENTS, LOCATIONS
from simulator.data.sys_ids import stable_sys_id
from simulator.instance import Instance
from simulator.seed import ids
from simulator.sign_in.passwords import stored

ROLES_WITHIN = {"itil_admin": ("itil",), "change_manager": ("itil",), "problem_admin": ("itil",)}

# Its members have the role themselves too: what they may do does not depend on the group.
GROUP_WITH_ROLE, ROLE_OF_GROUP = "Information Security", "itil"
GROUP_TYPES = (("itil", "Groups that work on tasks"), ("catalog", "Groups that fulfil requests"))

Values = dict[str, str]


def plant(instance: Instance) -> None:
    """Insert them."""
    for table, rows in _tables():
        instance.insert_many(table, list(rows))


def _tables() -> Iterator[tuple[str, Iterator[Values]]]:
    yield "core_company", _companies()
    yield "cmn_location", _locations()
    yield "cmn_department", _departments()
    yield "sys_user_role", _roles()
    yield "sys_user_role_contains", _contained_roles()
    yield "sys_user", (_person(person) for person in PEOPLE)
    yield "sys_user_group", _groups()
    yield "sys_user_grmember", _members()
    yield "sys_user_has_role", _given_roles()
    yield "sys_user_preference", _preferences()
    yield "sys_user_group_type", _group_types()
    yield "sys_group_has_role", iter((_group_role(),))
    yield from places()


def _companies() -> Iterator[Values]:
    for name, city, country, traits in COMPANIES:
        yield {
            "sys_id": ids.company_id(name),
            "name": name,
            "city": city,
            "country": country,
            "primary": "true" if name == COMPANY else "false",
            **dict.fromkeys(traits, "true"),
        }


def _locations() -> Iterator[Values]:
    for name, street, city, country, time_zone in LOCATIONS:
        yield {
            "sys_id": ids.location_id(name),
            "name": name,
            "full_name": f"{country}/{name}",
            "street": street,
            "city": city,
            "country": country,
            "time_zone": time_zone,
            "company": ids.company_id(COMPANY),
        }


def _departments() -> Iterator[Values]:
    for name, code, head in DEPARTMENTS:
        yield {
            "sys_id": ids.department_id(name),
            "name": name,
            "id": code,
            "company": ids.company_id(COMPANY),
            "dept_head": ids.person_id(head),
        }


def _roles() -> Iterator[Values]:
    for name in ROLE_IDS:
        yield {"sys_id": ids.role_id(name), "name": name}


def _contained_roles() -> Iterator[Values]:
    for name, contained in ROLES_WITHIN.items():
        for within in contained:
            yield {
                "sys_id": stable_sys_id("sys_user_role_contains", name, within),
                "role": ids.role_id(name),
                "contains": ids.role_id(within),
            }


def _person(person: DemoPerson) -> Values:
    return {
        "sys_id": ids.person_id(person.user_name),
        "sys_class_name": "sys_user",
        "user_name": person.user_name,
        "name": person.name,
        "first_name": person.first_name,
        "last_name": person.last_name,
        "email": person.email,
        "title": person.title,
        "user_password": stored(PASSWORD),
        "active": _flag(on=person.active),
        "locked_out": _flag(on=person.locked_out),
        "vip": _flag(on=person.vip),
        "web_service_access_only": _flag(on=person.web_service_access_only),
        "manager": ids.person_id(person.manager) if person.manager else "",
        "department": ids.department_id(person.department),
        "location": ids.location_id(person.location),
        "company": ids.company_id(COMPANY),
        "time_zone": person.time_zone,
    }


def _groups() -> Iterator[Values]:
    for name in GROUPS:
        yield {
            "sys_id": ids.group_id(name),
            "name": name,
            "description": f"The group {name}",
            "email": f"{name.lower().replace(' ', '.')}@example.com",
            "manager": ids.person_id(GROUP_MANAGERS[name]),
        }


def _members() -> Iterator[Values]:
    for person in PEOPLE:
        for group in person.groups:
            yield {
                "sys_id": stable_sys_id("sys_user_grmember", person.user_name, group),
                "user": ids.person_id(person.user_name),
                "group": ids.group_id(group),
            }


def _given_roles() -> Iterator[Values]:
    for person in PEOPLE:
        for role in (*person.roles, "snc_internal"):
            yield _held(person, role)
        for role in person.roles:
            for within in ROLES_WITHIN.get(role, ()):
                yield _held(person, within, included_in_role=ids.role_id(role))
        if GROUP_WITH_ROLE in person.groups:
            yield _held(person, ROLE_OF_GROUP, granted_by=ids.group_id(GROUP_WITH_ROLE))


def _held(person: DemoPerson, role: str, **why: str) -> Values:
    return {
        "sys_id": stable_sys_id("sys_user_has_role", person.user_name, role, *why.values()),
        "user": ids.person_id(person.user_name),
        "role": ids.role_id(role),
        "state": "active",
        "inherited": _flag(on=bool(why)),
        **why,
    }


def _group_role() -> Values:
    return {
        "sys_id": stable_sys_id("sys_group_has_role", GROUP_WITH_ROLE, ROLE_OF_GROUP),
        "group": ids.group_id(GROUP_WITH_ROLE),
        "role": ids.role_id(ROLE_OF_GROUP),
    }


def _group_types() -> Iterator[Values]:
    for name, description in GROUP_TYPES:
        yield {
            "sys_id": stable_sys_id("sys_user_group_type", name),
            "name": name,
            "description": description,
        }


def _preferences() -> Iterator[Values]:
    for person in PEOPLE:
        yield {
            "sys_id": stable_sys_id("sys_user_preference", person.user_name, "rowcount"),
            "name": "rowcount",
            "user": ids.person_id(person.user_name),
            "value": "20",
            "type": "integer",
        }


def _flag(*, on: bool) -> str:
    return "true" if on else "false"
