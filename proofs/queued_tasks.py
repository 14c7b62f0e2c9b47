"""Run inside the apps: puts one of each of our tasks into the queue, as beat does."""

from celery import current_app


def main() -> None:
    """Queue them; returns at once."""
    current_app.loader.import_default_modules()
    for entry in current_app.conf.beat_schedule.values():
        current_app.send_task(entry["task"])
