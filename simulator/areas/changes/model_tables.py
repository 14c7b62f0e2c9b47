"""Change models: which states a change goes through, and what each step takes."""

from simulator.schema import (
    CLASS_FIELD,
    SYSTEM_FIELDS,
    Table,
    boolean,
    number,
    reference,
    text,
    typed,
)

STATE_MODEL = Table(
    name="sttrm_model",
    label="State Transition Model",
    fields=(
        *SYSTEM_FIELDS,
        CLASS_FIELD,
        text("name", "Name", length=200, display=True, indexed=True),
        text("sys_name", "Display name", length=255),
        text("description", "Description", length=4000),
        boolean("active", "Active", default="true"),
        typed("table_name", "Table", "table_name", length=80),
        typed("state_field", "State field", "field_name", length=80, default="state"),
        typed("record_preset", "Record preset", "conditions", length=4000),
    ),
)

CHANGE_MODEL = Table(
    name="chg_model",
    label="Change Model",
    extends="sttrm_model",
    fields=(
        typed("color", "Color", "color", default="#cbcbcb"),
        boolean("available_in_ui", "Available in UI", default="true"),
        boolean("default_change_model", "Default change model"),
        typed("implementation_states", "Implementation states", "glide_list", length=1024),
    ),
)

STATE = Table(
    name="sttrm_state",
    label="Model State",
    fields=(
        *SYSTEM_FIELDS,
        reference("sttrm_model", "Model", "sttrm_model", indexed=True),
        text("state_value", "State value", length=40),
        text("state_label", "State", length=40, display=True),
        boolean("initial_state", "Initial state"),
        number("order", "Order"),
    ),
)

TRANSITION = Table(
    name="sttrm_state_transition",
    label="State Transition",
    fields=(
        *SYSTEM_FIELDS,
        text("sys_name", "Display name", length=255, display=True),
        reference("from_state", "From state", "sttrm_state", indexed=True),
        reference("to_state", "To state", "sttrm_state"),
        boolean("automatic_transition", "Automatic transition"),
        boolean("active", "Active", default="true"),
    ),
)

REQUIREMENT = Table(
    name="sttrm_transition_condition",
    label="Transition Condition",
    fields=(
        *SYSTEM_FIELDS,
        text("name", "Name", length=200, display=True),
        text("description", "Description", length=1000),
        reference(
            "sttrm_state_transition", "State transition", "sttrm_state_transition", indexed=True
        ),
        typed("condition", "Condition", "conditions", length=4000),
        text("condition_type", "Requires", length=80),
        boolean("active", "Active", default="true"),
    ),
)

MODEL_TABLES = (STATE_MODEL, CHANGE_MODEL, STATE, TRANSITION, REQUIREMENT)
