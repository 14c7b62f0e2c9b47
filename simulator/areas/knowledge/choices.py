"""Choices of knowledge, in the order people see them."""

from simulator.schema import ChoiceLists

CHOICES: ChoiceLists = {
    ("kb_knowledge", "workflow_state"): {
        "draft": "Draft",
        "review": "Review",
        "scheduled_publish": "Scheduled for publish",
        "published": "Published",
        "pending_retirement": "Pending retirement",
        "retired": "Retired",
        "outdated": "Outdated",
    },
    ("kb_knowledge", "article_type"): {"text": "HTML", "wiki": "Wiki"},
    ("kb_knowledge", "topic"): {
        "General": "General",
        "Applications": "Applications",
        "Desktop": "Desktop",
        "Email": "Email",
        "FAQ": "FAQ",
        "Known Error": "Known Error",
        "Network": "Network",
        "News": "News",
        "Policies": "Policies",
    },
    ("kb_knowledge", "language"): {
        "en": "English",
        "de": "German",
        "fr": "French",
        "es": "Spanish",
        "pt": "Portuguese",
        "ja": "Japanese",
    },
    ("kb_feedback", "useful"): {"yes": "Yes", "no": "No"},
    ("kb_feedback", "reason"): {
        "1": "Article solved my issue",
        "2": "Article is incomplete",
        "3": "Article is outdated",
        "4": "Article is incorrect",
    },
}
