"""The people, support groups and devices that make many incidents plausible.

There is a person for every fifty records, up to 20,000; with them come groups for each place
and a laptop for everybody. The same every time for the same random numbers.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from simulator.areas.incidents.phrases import FIRST_NAMES, LAST_NAMES
from simulator.areas.incidents.subjects import SUBJECTS
from simulator.areas.organisation.people import PASSWORD, PEOPLE
from simulator.areas.organisation.places import COMPANY, DEPARTMENTS, LOCATIONS
from simulator.data.sys_ids import stable_sys_id
from simulator.instance import Instance
from simulator.seed import ids
from simulator.sign_in.passwords import stored

RECORDS_FOR_A_PERSON = 50
RECORDS_FOR_A_GROUP = 5_000
MOST_PEOPLE = 20_000
AGENTS = 8

Values = dict[str, str]


@dataclass(frozen=True, slots=True)
class Somebody:
    """Who may open an incident or work on one, and the device they have."""

    sys_id: str
    user_name: str
    name: str
    place: str
    location: str
    item: str
    item_id: str


@dataclass(frozen=True, slots=True)
class Team:
    """A support group and who works in it."""

    sys_id: str
    agents: tuple[Somebody, ...]


@dataclass(frozen=True)
class Crowd:
    """Everybody: callers, and for the group of each subject the teams that take its incidents."""

    callers: tuple[Somebody, ...]
    desk: tuple[Somebody, ...]
    teams: dict[str, tuple[Team, ...]]


def plant_crowd(instance: Instance, *, records: int, random: Random) -> Crowd:
    """Insert the people that so many records need, and say who is there."""
    demo = [_demo_person(person.user_name) for person in PEOPLE if person.active]
    new = list(_new_people(min(records // RECORDS_FOR_A_PERSON, MOST_PEOPLE), random=random))
    instance.insert_many("sys_user", [_user(one, random=random) for one in new])
    instance.insert_many("cmdb_ci_computer", [_laptop(one) for one in new])
    instance.insert_many("sys_user_has_role", [_role(one, "snc_internal") for one in new])
    teams = {name: [_demo_team(name, demo)] for name in {subject.group for subject in SUBJECTS}}
    for name, place in _more_groups(records, people=len(new)):
        agents = tuple(random.sample(new, AGENTS))
        teams[name].append(_plant_team(instance, name=f"{name} {place}", agents=agents))
    callers = tuple(one for one in (*demo, *new) if one.user_name != "admin")
    desk = teams["Service Desk"][0].agents
    return Crowd(callers, desk, {name: tuple(found) for name, found in teams.items()})


def _demo_person(user_name: str) -> Somebody:
    person = next(one for one in PEOPLE if one.user_name == user_name)
    return Somebody(
        sys_id=ids.person_id(user_name),
        user_name=user_name,
        name=person.name,
        place=person.location,
        location=ids.location_id(person.location),
        item="my laptop",
        item_id="",
    )


def _demo_team(name: str, people: list[Somebody]) -> Team:
    members = {one.user_name for one in PEOPLE if name in one.groups}
    return Team(ids.group_id(name), tuple(one for one in people if one.user_name in members))


def _new_people(many: int, *, random: Random) -> Iterator[Somebody]:
    for number in range(many):
        first, last = random.choice(FIRST_NAMES), random.choice(LAST_NAMES)
        user_name, item = f"{first}.{last}{number + 100}".lower(), f"lap-{number + 100:05d}"
        place = random.choice(LOCATIONS)[0]
        yield Somebody(
            sys_id=stable_sys_id("sys_user", user_name),
            user_name=user_name,
            name=f"{first} {last}",
            place=place,
            location=ids.location_id(place),
            item=item,
            item_id=ids.item_id(item),
        )


def _user(one: Somebody, *, random: Random) -> Values:
    first, last = one.name.split()
    department, _, head = random.choice(DEPARTMENTS)
    return {
        "sys_id": one.sys_id,
        "sys_class_name": "sys_user",
        "user_name": one.user_name,
        "name": one.name,
        "first_name": first,
        "last_name": last,
        "email": f"{one.user_name}@example.com",
        "user_password": stored(PASSWORD),
        "title": f"{department} Associate",
        "manager": ids.person_id(head),
        "department": ids.department_id(department),
        "location": one.location,
        "company": ids.company_id(COMPANY),
    }


def _laptop(one: Somebody) -> Values:
    return {
        "sys_id": one.item_id,
        "sys_class_name": "cmdb_ci_computer",
        "name": one.item,
        "short_description": f"Laptop of {one.name}",
        "assigned_to": one.sys_id,
        "support_group": ids.group_id("Hardware"),
        "location": one.location,
        "company": ids.company_id(COMPANY),
    }


def _role(one: Somebody, role: str) -> Values:
    return {
        "sys_id": stable_sys_id("sys_user_has_role", one.user_name, role),
        "user": one.sys_id,
        "role": ids.role_id(role),
        "state": "active",
    }


def _more_groups(records: int, *, people: int) -> list[tuple[str, str]]:
    """Name and place of the groups that are needed beside the demo's."""
    if people < AGENTS:
        return []
    names = sorted({subject.group for subject in SUBJECTS})
    places = [place for place, *_ in LOCATIONS]
    return [(name, place) for place in places for name in names][: records // RECORDS_FOR_A_GROUP]


def _plant_team(instance: Instance, *, name: str, agents: tuple[Somebody, ...]) -> Team:
    """Insert a group and its members, who work with incidents: they are given `itil`."""
    sys_id = stable_sys_id("sys_user_group", name)
    group = {
        "sys_id": sys_id,
        "name": name,
        "description": f"The group {name}",
        "email": f"{name.lower().replace(' ', '.')}@example.com",
        "manager": agents[0].sys_id,
    }
    instance.insert_many("sys_user_group", [group])
    members = [
        {
            "sys_id": stable_sys_id("sys_user_grmember", one.user_name, name),
            "user": one.sys_id,
            "group": sys_id,
        }
        for one in agents
    ]
    instance.insert_many("sys_user_grmember", members)
    for role in (_role(one, "itil") for one in agents):
        if instance.row("sys_user_has_role", role["sys_id"]) is None:
            instance.insert("sys_user_has_role", role)
    return Team(sys_id, agents)
