"""When something that runs in the background was last done."""

from django.db import models


class Heartbeat(models.Model):
    """One thing that is done again and again, and when it last was; not in Redis, which forgets."""

    name = models.CharField(max_length=50, primary_key=True, editable=False)
    beat_at = models.DateTimeField(editable=False)

    def __str__(self) -> str:
        return f"{self.name} at {self.beat_at}"
