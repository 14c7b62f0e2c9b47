"""The server does not start on a database that could be made to forget."""

import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.db import connection

from audit_app import triggers


def test_it_does_not_start_without_the_triggers_of_the_audit_log(db: None) -> None:
    triggers.remove(connection, tables=triggers.guarded_tables())
    with pytest.raises(SystemCheckError, match=r"audit_app\.E001"):
        call_command("serve", port=0)
