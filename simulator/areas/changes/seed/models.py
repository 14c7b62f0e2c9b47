"""Rows of the change models: their states, transitions and conditions."""

from collections.abc import Iterator

from simulator.areas.changes.models import LABELS, MODELS, Model, Transition, identified
from simulator.data.sys_ids import stable_sys_id
from simulator.instance import Instance

Values = dict[str, str]


def plant_models(instance: Instance) -> None:
    """Insert the change models of the base system."""
    instance.insert_many("chg_model", [_model(model) for model in MODELS])
    for table, rows in _parts():
        instance.insert_many(table, rows)


def _parts() -> Iterator[tuple[str, list[Values]]]:
    ways = [(model, way) for model in MODELS for way in identified(model)]
    yield "sttrm_state", [_state(model, state) for model in MODELS for state in model.states]
    yield "sttrm_state_transition", [_transition(model, way) for model, way in ways]
    yield "sttrm_transition_condition", [row for _, way in ways for row in _requirements(way)]


def _model(model: Model) -> Values:
    return {
        "sys_id": model.sys_id,
        "name": model.name,
        "sys_name": model.name,
        "description": model.description,
        "table_name": "change_request",
        "record_preset": model.preset,
        "color": model.color,
        "available_in_ui": "true" if model.in_ui else "false",
        "default_change_model": "true" if model.is_default else "false",
    }


def _state_id(model: Model, state: str) -> str:
    return stable_sys_id("sttrm_state", model.name, state)


def _state(model: Model, state: str) -> Values:
    return {
        "sys_id": _state_id(model, state),
        "sttrm_model": model.sys_id,
        "state_value": state,
        "state_label": LABELS[state],
        "initial_state": "true" if state == model.states[0] else "false",
        "order": str(list(LABELS).index(state) * 100),
    }


def _transition(model: Model, way: Transition) -> Values:
    return {
        "sys_id": way.sys_id,
        "sys_name": way.name,
        "from_state": _state_id(model, way.source),
        "to_state": _state_id(model, way.target),
        "automatic_transition": "true" if way.automatic else "false",
    }


def _requirements(way: Transition) -> Iterator[Values]:
    for one in way.requirements:
        yield {
            "sys_id": one.sys_id,
            "name": one.name,
            "description": one.description,
            "sttrm_state_transition": way.sys_id,
            "condition": one.query,
            "condition_type": one.asks,
        }
