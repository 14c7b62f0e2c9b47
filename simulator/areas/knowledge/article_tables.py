"""Knowledge articles, and the article templates that extend them."""

from simulator.schema import (
    CLASS_FIELD,
    DOMAIN_FIELDS,
    SYSTEM_FIELDS,
    Field,
    Table,
    boolean,
    choice,
    date,
    moment,
    number,
    reference,
    text,
    typed,
)


def _html(name: str, label: str) -> Field:
    return typed(name, label, "html", length=65000)


def _criteria(name: str, label: str) -> Field:
    return typed(name, label, "glide_list", length=1024, reference="user_criteria")


ARTICLE = Table(
    name="kb_knowledge",
    label="Knowledge",
    prefix="KB",
    fields=(
        *SYSTEM_FIELDS,
        CLASS_FIELD,
        *DOMAIN_FIELDS,
        text("number", "Number", display=True, indexed=True),
        text("short_description", "Short description", length=100),
        _html("text", "Article body"),
        typed("wiki", "Wiki", "wiki_text", length=65000),
        text("description", "Description", length=4000),
        text("meta", "Meta", length=4000),
        text("meta_description", "Meta Description", length=1000),
        choice("article_type", "Article type", default="text"),
        choice("workflow_state", "Workflow", default="draft", indexed=True),
        choice("topic", "Topic", default="General"),
        text("category", "Category"),
        choice("language", "Language", default="en"),
        choice("source", "Source"),
        reference("kb_knowledge_base", "Knowledge base", "kb_knowledge_base", indexed=True),
        reference("kb_category", "Category", "kb_category", indexed=True),
        _criteria("can_read_user_criteria", "Can Read"),
        _criteria("cannot_read_user_criteria", "Cannot Read"),
        text("roles", "Roles", length=255),
        reference("author", "Author", "sys_user", indexed=True),
        reference("revised_by", "Revised By", "sys_user"),
        reference("ownership_group", "Ownership Group", "sys_user_group"),
        reference("cmdb_ci", "Configuration item", "cmdb_ci"),
        boolean("active", "Active", default="true"),
        boolean("latest", "Latest", default="true"),
        boolean("flagged", "Flagged"),
        boolean("direct", "Attachment link"),
        boolean("display_attachments", "Display attachments"),
        boolean("disable_commenting", "Disable commenting"),
        boolean("disable_suggesting", "Disable suggesting"),
        boolean("external", "External"),
        boolean("translated", "Translated"),
        boolean("view_as_allowed", "View as allowed", default="true"),
        date("published", "Published"),
        date("valid_to", "Valid to"),
        date("retired", "Retired"),
        moment("scheduled_publish_date", "Scheduled publish date"),
        number("sys_view_count", "View count", default="0", read_only=True),
        number("use_count", "Use count", default="0"),
        number("helpful_count", "Number of helpful ratings", default="0"),
        typed("rating", "Rating", "float"),
        reference("version", "Version", "kb_version"),
        reference("base_version", "Base Version", "kb_knowledge"),
        reference("parent", "Parent", "kb_knowledge"),
        reference("replacement_article", "Replacement article", "kb_knowledge"),
        text("article_id", "Article ID", length=40),
        text("display_number", "Display number", length=100),
        text("image", "Image", length=32),
        typed("taxonomy_topic", "Taxonomy topic", "glide_list", length=4000),
        text("correlation_id", "Correlation ID", length=100),
    ),
)


def _template(name: str, label: str, **sections: str) -> Table:
    return Table(
        name=name,
        label=label,
        extends="kb_knowledge",
        fields=tuple(_html(field, title) for field, title in sections.items()),
    )


TEMPLATES = (
    _template(
        "kb_template_how_to", "How To", kb_introduction="Introduction", kb_instructions="Steps"
    ),
    _template("kb_template_faq", "FAQ", kb_question="Question", kb_answer="Answer"),
    _template(
        "kb_template_what_is", "What Is", kb_introduction="Introduction", kb_explanation="Details"
    ),
    _template(
        "kb_template_kcs_article",
        "KCS Article",
        kb_issue="Issue",
        kb_environment="Environment",
        kb_cause="Cause",
        kb_resolution="Resolution",
    ),
    _template(
        "kb_template_known_error_article",
        "Known Error Article",
        kb_description="Description",
        kb_cause="Cause",
        kb_workaround="Workaround",
    ),
)

SECTIONS = {table.name: tuple(field.name for field in table.fields) for table in TEMPLATES}
"""For each template the fields its content is made of, in their order."""

ARTICLE_TABLES = (ARTICLE, *TEMPLATES)
