"""Agile Development: products, themes, epics, releases, sprints, stories and their tasks."""

from simulator.schema import (
    DOMAIN_FIELDS,
    SYSTEM_FIELDS,
    Table,
    boolean,
    choice,
    number,
    reference,
    text,
    typed,
)

_PRODUCT = reference("product", "Product", "cmdb_application_product_model")

THEME = Table(
    name="scrum_theme",
    label="Theme",
    fields=(
        *SYSTEM_FIELDS,
        *DOMAIN_FIELDS,
        text("short_description", "Name", length=160, display=True),
        text("description", "Description", length=4000),
        boolean("active", "Active", default="true"),
        _PRODUCT,
    ),
)

EPIC = Table(
    name="rm_epic",
    label="Epic",
    extends="planned_task",
    prefix="EPIC",
    fields=(
        number("state", "State", default="-6", choices=True, indexed=True),
        _PRODUCT,
        reference("theme", "Theme", "scrum_theme"),
        reference("release", "Release", "rm_release"),
        number("global_rank", "Global rank"),
    ),
)

RELEASE = Table(
    name="rm_release",
    label="Release",
    extends="planned_task",
    prefix="RLSE",
    fields=(
        number("state", "State", default="-6", choices=True, indexed=True),
        _PRODUCT,
        text("version", "Version"),
    ),
)

SCRUM_RELEASE = Table(
    name="rm_release_scrum",
    label="Scrum release",
    extends="rm_release",
    fields=(number("total_points", "Points", default="0"),),
)

SPRINT = Table(
    name="rm_sprint",
    label="Sprint",
    extends="planned_task",
    prefix="SPNT",
    fields=(
        number("state", "State", default="-6", choices=True, indexed=True),
        reference("release", "Release", "rm_release"),
        number("story_points", "Story points", default="0"),
        number("actual_points", "Completed points", default="0"),
        number("group_capacity", "Group capacity (points)"),
        text("goal", "Sprint goals", length=4000),
    ),
)

STORY = Table(
    name="rm_story",
    label="Story",
    extends="planned_task",
    prefix="STRY",
    fields=(
        number("state", "State", default="-6", choices=True, indexed=True),
        choice("type", "Type", default="Development"),
        choice("classification", "Classification", default="Feature"),
        number("story_points", "Points", default="0"),
        reference("sprint", "Sprint", "rm_sprint", indexed=True),
        reference("epic", "Epic", "rm_epic"),
        reference("theme", "Theme", "scrum_theme"),
        reference("release", "Release", "rm_release"),
        _PRODUCT,
        reference("defect", "Defect", "rm_defect"),
        reference("enhancement", "Enhancement", "rm_enhancement"),
        reference("original_task", "Original task", "task"),
        text("acceptance_criteria", "Acceptance criteria", length=4000),
        boolean("blocked", "Blocked"),
        text("blocked_reason", "Blocked reason", length=4000),
        boolean("split_from_story", "Split from story"),
        choice("backlog_type", "Backlog type"),
        number("global_rank", "Global rank"),
        number("sprint_rank", "Sprint rank"),
    ),
)

SCRUM_TASK = Table(
    name="rm_scrum_task",
    label="Scrum Task",
    extends="planned_task",
    prefix="STSK",
    fields=(
        number("state", "State", default="-6", choices=True, indexed=True),
        reference("story", "Story", "rm_story"),
        choice("type", "Type", default="4"),
        number("planned_hours", "Planned hours", default="0"),
        number("remaining_hours", "Remaining hours", default="0"),
        number("actual_hours", "Actual hours", default="0"),
        boolean("blocked", "Blocked"),
        text("blocked_reason", "Blocked reason", length=4000),
    ),
)

FEATURE = Table(
    name="rm_feature",
    label="Feature",
    extends="planned_task",
    fields=(
        _PRODUCT,
        reference("release", "Release", "rm_release"),
        reference("story", "Story", "rm_story"),
    ),
)

DEFECT = Table(
    name="rm_defect",
    label="Defect",
    extends="rm_feature",
    prefix="DFCT",
    fields=(
        number("severity", "Severity", default="3", choices=True),
        text("steps_to_reproduce", "Steps to reproduce", length=4000),
        text("found_in", "Found in"),
    ),
)

ENHANCEMENT = Table(
    name="rm_enhancement",
    label="Enhancement",
    extends="rm_feature",
    prefix="ENHC",
    fields=(text("justification", "Justification", length=4000),),
)

DOCUMENTATION_TASK = Table(
    name="rm_doc",
    label="Documentation Task",
    extends="planned_task",
    prefix="DOC",
    fields=(reference("story", "Story", "rm_story"),),
)

TESTING_TASK = Table(
    name="rm_test",
    label="Testing Task",
    extends="planned_task",
    prefix="TEST",
    fields=(reference("story", "Story", "rm_story"),),
)


def _link(name: str, label: str, *ends: tuple[str, str, str]) -> Table:
    """A table of pairs: each end is a field, its label and the table it points to."""
    fields = tuple(reference(field, title, to, indexed=True) for field, title, to in ends)
    return Table(name=name, label=label, fields=(*SYSTEM_FIELDS, *fields))


_GROUP = ("group", "Group", "sys_user_group")
_MODEL = ("product", "Product", "cmdb_application_product_model")
_RELEASE = ("release", "Release", "rm_release_scrum")

LINKS = (
    _link("m2m_product_group", "Product Assignment Group", _MODEL, _GROUP),
    _link("m2m_release_group", "Release Assignment Group", _RELEASE, _GROUP),
    _link("m2m_product_release", "Release Product", _MODEL, _RELEASE),
    _link(
        "m2m_story_dependencies",
        "Story Dependencies",
        ("prerequisite_story", "Prerequisite", "rm_story"),
        ("dependent_story", "Dependent", "rm_story"),
    ),
)

TEAM = Table(
    name="scrum_pp_team",
    label="Team",
    fields=(
        *SYSTEM_FIELDS,
        text("name", "Name", length=100, display=True),
        reference("assignment_group", "Assignment group", "sys_user_group"),
        reference("sprint", "Sprint", "rm_sprint"),
        reference("release", "Release", "rm_release_scrum"),
        number("points", "Points", default="0"),
    ),
)


def _member(name: str, label: str) -> Table:
    return Table(
        name=name,
        label=label,
        fields=(
            *SYSTEM_FIELDS,
            reference("name", "Name", "sys_user", display=True),
            reference("team", "Team", "scrum_pp_team", indexed=True),
            choice("role", "Role"),
            number("points", "Points", default="0"),
        ),
    )


AGILE_TABLES = (
    THEME,
    EPIC,
    RELEASE,
    SCRUM_RELEASE,
    SPRINT,
    STORY,
    SCRUM_TASK,
    FEATURE,
    DEFECT,
    ENHANCEMENT,
    DOCUMENTATION_TASK,
    TESTING_TASK,
    *LINKS,
    TEAM,
    _member("scrum_pp_release_team_member", "Release team member"),
    _member("scrum_pp_sprint_team_member", "Sprint team member"),
    Table(
        name="scrum_pp_team_name",
        label="Team name",
        fields=(*SYSTEM_FIELDS, typed("name", "Name", "string", length=100, display=True)),
    ),
)
