"""Celery tasks of the audit log; each calls one service and is safe to run twice."""

from dataclasses import asdict
from datetime import timedelta

import structlog
from celery import shared_task

from audit_app.checkpoints import write_checkpoint
from audit_app.erasure import erase_late_records
from audit_app.exceptions import MayNotRemove
from audit_app.retention import remove_old_records
from audit_app.sealing import seal_committed

log = structlog.get_logger(__name__)


@shared_task(name="audit_app.seal_records", expires=25)  # type: ignore[untyped-decorator]  # celery has no types
def seal_records() -> int:
    """Twice a minute: seal what was recorded, and sign how far the chain has come."""
    sealed = seal_committed(most_seals=50)
    write_checkpoint()
    return sealed.rows


@shared_task(name="audit_app.remove_old_records", expires=3600)  # type: ignore[untyped-decorator]  # celery has no types
def remove_old() -> dict[str, int]:
    """Every hour: remove what AUDIT_RETENTION_DAYS no longer keeps, and who was erased."""
    try:
        erase_late_records()
        return asdict(remove_old_records(within=timedelta(seconds=20)))
    except MayNotRemove as refusal:
        log.warning("audit_records_kept", reason=str(refusal))
        return {}
