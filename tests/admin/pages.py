"""Every page of the admin, found through its registry."""

from collections.abc import Iterator

from django.contrib import admin
from django.urls import reverse

ALWAYS = ["admin:index", "admin:password_change", "admin:jsi18n"]


def every_page() -> Iterator[str]:
    """Give the address of each list, add page, detail, history and delete page."""
    yield from map(reverse, ALWAYS)
    labels = {model._meta.app_label for model in admin.site._registry}
    yield from (reverse("admin:app_list", args=[label]) for label in sorted(labels))
    for model in admin.site._registry:
        yield from _pages_of(model)


def _pages_of(model: type) -> Iterator[str]:
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
    yield reverse(f"{name}_changelist")
    yield reverse(f"{name}_changelist") + "?q=canary"
    yield reverse(f"{name}_add")
    for row in model._default_manager.all()[:3]:
        for page in ["change", "history", "delete"]:
            yield reverse(f"{name}_{page}", args=[row.pk])
