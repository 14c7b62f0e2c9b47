"""A known text under each encryption key, which shows whether the key is still the same."""

from django.db import models
from django.utils import timezone


class KeyCanary(models.Model):
    """Something known, encrypted under one key. Written once, never under another key."""

    key_id = models.CharField(max_length=32, primary_key=True, editable=False)
    envelope = models.TextField(editable=False)
    written_at = models.DateTimeField(default=timezone.now, editable=False)

    def __str__(self) -> str:
        return f"Canary of the key {self.key_id}"
