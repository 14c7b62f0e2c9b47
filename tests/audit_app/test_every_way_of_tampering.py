"""The short form of a proof: each way in which a superuser could tamper is found once."""

import pytest
from django.db import connection

from audit_app import triggers
from proofs.tampered_log import tampered
from proofs.tampering import WAYS


@pytest.mark.skipif(
    connection.vendor != "postgresql", reason="a superuser's SQL; runs in the suite on PostgreSQL"
)
@pytest.mark.usefixtures("db", "checkpoints")
def test_each_way_in_which_a_superuser_could_tamper_is_found():
    triggers.remove(connection, tables=triggers.guarded_tables())
    told = tampered(len(WAYS))
    assert told["missed"] == {}
    assert told["found"] == len(WAYS)
    assert told["forged_told"] == told["forged"] == 2
    assert told["named"] == told["single"] > 0
