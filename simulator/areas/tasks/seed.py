"""What the base system brings for tasks, and a few tasks of incidents of the demo."""

from collections.abc import Iterator
from datetime import timedelta

from simulator.areas.tasks.priorities import PRIORITIES
from simulator.data.dictionary_rows import FIRST_NUMBER
from simulator.data.sys_ids import stable_sys_id
from simulator.instance import Instance
from simulator.moments import as_moment
from simulator.seed.ids import group_id, person_id

_ASSIGNMENT = (
    ("Database incidents", "category=database", "Database"),
    ("Network incidents", "category=network", "Network"),
    ("Hardware incidents", "category=hardware", "Hardware"),
    ("Software incidents", "category=software", "Software"),
)

# What older releases offered; instances that were upgraded keep them as inactive choices.
_FORMER_CLOSE_CODES = (
    "Solved (Work Around)",
    "Solved (Permanently)",
    "Solved Remotely (Work Around)",
    "Solved Remotely (Permanently)",
    "Not Solved (Not Reproducible)",
    "Not Solved (Too Costly)",
    "Closed/Resolved by Caller",
)

# number of the incident, what is to be done, state, group, who does it
_INCIDENT_TASKS = (
    ("INC0010001", "Check the mail queue", "1", "Email Administration", ""),
    ("INC0010001", "Ask for the exact time of the failure", "2", "Service Desk", "itil"),
    ("INC0010002", "Read the logs of the gateway", "1", "Network", "tomas.novak"),
    ("INC0010003", "Order the spare part", "3", "Hardware", "hannah.voss"),
    ("INC0010004", "Restart the service at night", "-5", "Software", "freya.lund"),
)
_CLOSED = "3"

# how, by whom, what about, state, the incident it led to
_INTERACTIONS = (
    ("phone", "abel.tuter", "Nobody can send mail", "closed_complete", "INC0010001"),
    ("chat", "joe.employee", "How do I reset my password?", "closed_complete", ""),
    ("walkin", "sofia.rossi", "Docking station does not charge", "work_in_progress", ""),
    ("virtual_agent", "emma.larsson", "VPN from a hotel", "closed_abandoned", ""),
)

Values = dict[str, str]


def plant(instance: Instance) -> None:
    """Insert them; tasks of incidents are numbered as plain tasks are, and those count on."""
    instance.insert_many("dl_u_priority", _priorities())
    instance.insert_many("sysrule_assignment", _assignment_rules())
    instance.insert_many("sys_choice", _former_close_codes())
    tasks = list(_incident_tasks(instance))
    instance.insert_many("incident_task", tasks)
    interactions = list(_interactions(instance))
    instance.insert_many("interaction", interactions)
    instance.insert_many("interaction_related_record", _related())
    for table, rows in (("task", tasks), ("interaction", interactions)):
        counter = {"number": str(FIRST_NUMBER + len(rows))}
        instance.update("sys_number", stable_sys_id("sys_number", table), counter)


def _priorities() -> Iterator[Values]:
    for (impact, urgency), priority in PRIORITIES.items():
        yield {
            "sys_id": stable_sys_id("dl_u_priority", impact, urgency),
            "sys_class_name": "dl_u_priority",
            "impact": impact,
            "urgency": urgency,
            "priority": priority,
        }


def _former_close_codes() -> Iterator[Values]:
    for at, code in enumerate(_FORMER_CLOSE_CODES):
        yield {
            "sys_id": stable_sys_id("sys_choice", "incident", "close_code", code),
            "name": "incident",
            "element": "close_code",
            "value": code,
            "label": code,
            "language": "en",
            "sequence": str(100 + at),
            "inactive": "true",
        }


def _assignment_rules() -> Iterator[Values]:
    for name, condition, group in _ASSIGNMENT:
        yield {
            "sys_id": stable_sys_id("sysrule_assignment", name),
            "sys_class_name": "sysrule_assignment",
            "name": name,
            "table": "incident",
            "condition": condition,
            "group": group_id(group),
        }


def _incident_tasks(instance: Instance) -> Iterator[Values]:
    opened = as_moment(instance.clock() - timedelta(hours=6))
    for number, (incident, text, state, group, worker) in enumerate(
        _INCIDENT_TASKS, start=FIRST_NUMBER + 1
    ):
        sys_id = stable_sys_id("incident", incident)
        closed = state == _CLOSED
        yield {
            "sys_id": stable_sys_id("incident_task", incident, text),
            "sys_class_name": "incident_task",
            "number": f"TASK{number:07d}",
            "incident": sys_id,
            "parent": sys_id,
            "short_description": text,
            "state": state,
            "active": "false" if closed else "true",
            "opened_at": opened,
            "opened_by": person_id("beth.anglin"),
            "closed_at": opened if closed else "",
            "closed_by": person_id(worker) if closed else "",
            "assignment_group": group_id(group),
            "assigned_to": person_id(worker) if worker else "",
        }


def _interactions(instance: Instance) -> Iterator[Values]:
    opened = as_moment(instance.clock() - timedelta(hours=8))
    for number, (kind, person, text, state, _) in enumerate(_INTERACTIONS, start=FIRST_NUMBER + 1):
        yield {
            "sys_id": stable_sys_id("interaction", text),
            "sys_class_name": "interaction",
            "number": f"IMS{number:07d}",
            "type": kind,
            "state": state,
            "short_description": text,
            "opened_for": person_id(person),
            "opened_by": person_id("itil"),
            "assigned_to": person_id("itil"),
            "opened_at": opened,
            "closed_at": opened if state.startswith("closed") else "",
        }


def _related() -> Iterator[Values]:
    for _, _, text, _, incident in _INTERACTIONS:
        if incident:
            yield {
                "sys_id": stable_sys_id("interaction_related_record", text, incident),
                "interaction": stable_sys_id("interaction", text),
                "document_table": "incident",
                "document_id": stable_sys_id("incident", incident),
                "task": stable_sys_id("incident", incident),
            }
