"""Knowledge bases, their categories, who may use them, and what people do with articles."""

from simulator.areas.knowledge.article_tables import ARTICLE_TABLES
from simulator.schema import (
    CLASS_FIELD,
    SYSTEM_FIELDS,
    Table,
    boolean,
    choice,
    moment,
    number,
    person_list,
    reference,
    text,
    typed,
)

BASE = Table(
    name="kb_knowledge_base",
    label="Knowledge Base",
    fields=(
        *SYSTEM_FIELDS,
        CLASS_FIELD,
        text("title", "Title", length=100, display=True, indexed=True),
        text("description", "Description", length=1000),
        boolean("active", "Active", default="true"),
        reference("owner", "Owner", "sys_user"),
        person_list("kb_managers", "Managers"),
        text("workflow", "Publish workflow", length=80, default="Knowledge - Instant Publish"),
        text("retire_workflow", "Retire workflow", length=80, default="Knowledge - Instant Retire"),
        number("article_validity", "Article validity", default="365"),
        number("order", "Order", default="100"),
        number("kb_version", "Knowledge base version", default="3"),
        text("icon", "Icon", length=32),
        text("card_color", "Card color"),
        boolean("enable_socialqa", "Enable social questions and answers"),
        boolean("enable_blocks", "Enable knowledge blocks"),
        boolean("disable_commenting", "Disable commenting"),
        boolean("disable_rating", "Disable rating"),
        boolean("disable_suggesting", "Disable suggesting"),
        boolean("disable_mark_as_helpful", "Disable mark as helpful"),
        boolean("disable_category_editing", "Disable category editing"),
        text("set_default_knowledge_field_values", "Set default field values", length=4000),
    ),
)

CATEGORY = Table(
    name="kb_category",
    label="KB Category",
    fields=(
        *SYSTEM_FIELDS,
        text("label", "Label", length=100, display=True, indexed=True),
        text("value", "Value", length=100),
        text("full_category", "Full category", length=1000),
        boolean("active", "Active", default="true"),
        typed("parent_id", "Parent ID", "document_id", length=32, indexed=True),
        typed("parent_table", "Parent table", "table_name", length=80),
        reference("kb_knowledge_base", "Knowledge base", "kb_knowledge_base", indexed=True),
        person_list("moderators", "Moderators"),
    ),
)


def _criteria_of_bases(name: str, label: str) -> Table:
    return Table(
        name=name,
        label=label,
        fields=(
            *SYSTEM_FIELDS,
            reference("kb_knowledge_base", "Knowledge base", "kb_knowledge_base", indexed=True),
            reference("user_criteria", "User Criteria", "user_criteria", display=True),
        ),
    )


CRITERIA_TABLES = (
    _criteria_of_bases("kb_uc_can_read_mtom", "Can Read"),
    _criteria_of_bases("kb_uc_cannot_read_mtom", "Cannot Read"),
    _criteria_of_bases("kb_uc_can_contribute_mtom", "Can Contribute"),
    _criteria_of_bases("kb_uc_cannot_contribute_mtom", "Cannot Contribute"),
)

USE = Table(
    name="kb_use",
    label="Knowledge Use",
    fields=(
        *SYSTEM_FIELDS,
        reference("article", "Article", "kb_knowledge", indexed=True, display=True),
        reference("user", "User", "sys_user", indexed=True),
        boolean("viewed", "Viewed"),
        boolean("used", "Used"),
        text("search_id", "Search ID", length=32),
        text("search_rank", "Search rank"),
        number("times_viewed", "Times viewed", default="1"),
    ),
)

FEEDBACK = Table(
    name="kb_feedback",
    label="Knowledge Feedback",
    fields=(
        *SYSTEM_FIELDS,
        reference("article", "Article", "kb_knowledge", indexed=True),
        reference("user", "User", "sys_user", indexed=True),
        text("comments", "Comments", length=4000, display=True),
        number("rating", "Rating"),
        choice("useful", "Useful"),
        boolean("flagged", "Flagged"),
        choice("reason", "Reason"),
        boolean("resolved", "Resolved"),
        text("query", "Query", length=255),
        text("session_id", "Session ID", length=40),
        reference("task", "Task", "task"),
        reference("parent_comment", "Parent comment", "kb_feedback"),
    ),
)

ARTICLE_TASK = Table(
    name="m2m_kb_task",
    label="Knowledge Applied to Task",
    fields=(
        *SYSTEM_FIELDS,
        reference("kb_knowledge", "Knowledge", "kb_knowledge", indexed=True, display=True),
        reference("task", "Task", "task", indexed=True),
    ),
)

VERSION = Table(
    name="kb_version",
    label="Knowledge Version",
    fields=(
        *SYSTEM_FIELDS,
        text("version", "Version", display=True),
        reference("knowledge", "Knowledge", "kb_knowledge", indexed=True),
        text("number", "Article number"),
        moment("published_on", "Published"),
    ),
)

KNOWLEDGE_TABLES = (
    BASE,
    CATEGORY,
    *CRITERIA_TABLES,
    *ARTICLE_TABLES,
    USE,
    FEEDBACK,
    ARTICLE_TASK,
    VERSION,
)
