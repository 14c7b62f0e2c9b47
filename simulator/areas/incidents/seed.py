"""Rows of incidents and of their journals, the same every time for the same moment."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random

from simulator.areas.incidents.rules import CANCELED, CLOSED, RESOLVED
from simulator.areas.incidents.scenarios import STORIES, Note, Story
from simulator.areas.incidents.subjects import COMMENTS, QUALIFIERS, SUBJECTS, WORK_NOTES, Subject
from simulator.areas.organisation.people import PEOPLE, DemoPerson
from simulator.areas.tasks.priorities import PRIORITIES
from simulator.data.dictionary_rows import FIRST_NUMBER
from simulator.data.sys_ids import stable_sys_id
from simulator.instance import Instance
from simulator.moments import as_moment
from simulator.seed.ids import group_id, item_id, person_id

GENERATED = 228
SEED = 20_260_105
OLDEST_DAYS = 180
FINISHED = frozenset({RESOLVED, CLOSED, CANCELED})
INACTIVE = frozenset({"7", "8"})

Values = dict[str, str]


@dataclass(frozen=True)
class Planted:
    """One incident's row and the rows of its journal."""

    incident: Values
    journal: list[Values]


def plant(instance: Instance) -> None:
    """Insert them, and count on from the last number."""
    planted = list(incidents(moment=instance.clock()))
    instance.insert_many("incident", [each.incident for each in planted])
    instance.insert_many("sys_journal_field", [row for each in planted for row in each.journal])
    last_number = {"number": str(FIRST_NUMBER + len(planted))}
    instance.update("sys_number", stable_sys_id("sys_number", "incident"), last_number)


def incidents(*, moment: datetime) -> Iterator[Planted]:
    """Every incident of the demo, `INC0010001` first. `moment` is when the data are planted."""
    for number, story in enumerate([*STORIES, *_generated()], start=FIRST_NUMBER + 1):
        yield _planted(story, number=f"INC{number:07d}", moment=moment)


def _generated() -> Iterator[Story]:
    random = Random(SEED)  # noqa: S311  # the same demo data every time is the point
    people = [person for person in PEOPLE if person.active and person.user_name != "admin"]
    ages = sorted((random.uniform(0.2, OLDEST_DAYS) for _ in range(GENERATED)), reverse=True)
    for age in ages:
        yield _story(random, people=people, age=age)


def _story(random: Random, *, people: list[DemoPerson], age: float) -> Story:
    subject, caller = random.choice(SUBJECTS), random.choice(people).user_name
    members = [person.user_name for person in people if subject.group in person.groups]
    state = _state(random, age=age)
    qualifier = random.choice(QUALIFIERS)
    worker = "" if state == "1" and random.random() < 0.7 else random.choice(members)
    story = Story(
        caller=caller,
        opened_by=random.choice(("", "", "itil", "samuel.adeyemi")),
        short_description=subject.text + (qualifier if subject.category != "inquiry" else ""),
        state=state,
        impact=random.choice("1223333"),
        urgency=random.choice("1222333"),
        category=subject.category,
        subcategory=subject.subcategory,
        group=subject.group,
        assigned_to=worker,
        item=subject.item,
        hold_reason=random.choice(("1", "3", "4", "5")) if state == "3" else "",
        contact_type=random.choice(("self-service", "phone", "email", "chat", "walk-in")),
        age=age,
        notes=tuple(_notes(random, caller=caller, worker=worker, age=age)),
    )
    return _finished(story, random=random, subject=subject)


def _state(random: Random, *, age: float) -> str:
    """Old incidents are mostly done, young ones mostly not."""
    states = "1122233678" if age < OLDEST_DAYS / 4 else "1223667777778"
    return random.choice(states)


def _notes(random: Random, *, caller: str, worker: str, age: float) -> Iterator[Note]:
    hours = sorted(random.uniform(0.2, age * 20) for _ in range(random.randint(0, 4)))
    for at in hours:
        if worker and random.random() < 0.6:
            yield Note(by=worker, text=random.choice(WORK_NOTES), hours=at)
        else:
            yield Note(by=caller, text=random.choice(COMMENTS), hours=at, element="comments")


def _finished(story: Story, *, random: Random, subject: Subject) -> Story:
    if story.state not in FINISHED:
        return story
    codes = ("Solution provided", "Workaround provided", "User error", "Known error")
    return replace(story, close_code=random.choice(codes), close_notes=subject.fix)


def _planted(story: Story, *, number: str, moment: datetime) -> Planted:
    opened = moment - timedelta(days=story.age)
    sys_id = stable_sys_id("incident", number)
    last = opened + timedelta(hours=max((note.hours for note in story.notes), default=0))
    done = min(last + timedelta(days=story.age / 8), moment)
    updated = done if story.state in FINISHED else last
    creator = story.opened_by or story.caller
    incident = {
        "sys_id": sys_id,
        "sys_class_name": "incident",
        "number": number,
        "sys_created_on": as_moment(opened),
        "sys_created_by": creator,
        "sys_updated_on": as_moment(updated),
        "sys_updated_by": story.assigned_to or creator,
        "sys_mod_count": str(len(story.notes)),
        "opened_at": as_moment(opened),
        "opened_by": person_id(creator),
        **_facts(story),
        **_end(story, done=as_moment(done)),
    }
    return Planted(incident, [_entry(note, sys_id=sys_id, opened=opened) for note in story.notes])


def _facts(story: Story) -> Values:
    return {
        "caller_id": person_id(story.caller),
        "short_description": story.short_description,
        "description": story.description or f"{story.short_description}. Please help.",
        "state": story.state,
        "incident_state": story.state,
        "active": "false" if story.state in INACTIVE else "true",
        "impact": story.impact,
        "urgency": story.urgency,
        "priority": PRIORITIES[story.impact, story.urgency],
        "category": story.category,
        "subcategory": story.subcategory,
        "contact_type": story.contact_type,
        "hold_reason": story.hold_reason,
        "assignment_group": group_id(story.group) if story.group else "",
        "assigned_to": person_id(story.assigned_to) if story.assigned_to else "",
        "cmdb_ci": item_id(story.item) if story.item else "",
    }


def _end(story: Story, *, done: str) -> Values:
    if story.state not in FINISHED:
        return {}
    by = person_id(story.assigned_to or story.caller)
    ended = {
        "close_code": story.close_code,
        "close_notes": story.close_notes,
        "resolved_at": done,
        "resolved_by": by,
    }
    if story.state in INACTIVE:
        ended |= {"closed_at": done, "closed_by": by}
    return ended


def _entry(note: Note, *, sys_id: str, opened: datetime) -> Values:
    at = as_moment(opened + timedelta(hours=note.hours))
    return {
        "sys_id": stable_sys_id("sys_journal_field", sys_id, at, note.text),
        "element_id": sys_id,
        "element": note.element,
        "name": "incident",
        "value": note.text,
        "sys_created_on": at,
        "sys_created_by": note.by,
    }
