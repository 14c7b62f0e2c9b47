"""The search index of a large table finds what a look at every row finds."""

import pytest

from simulator.areas.incidents.many import plant_many
from simulator.instance import Instance
from simulator.queries.parsing import parse
from simulator.seed.planting import seeded
from tests.simulator.conftest import NOW

QUERIES = (
    "short_descriptionLIKEvpn",
    "short_descriptionLIKEVPN asks",
    "short_descriptionLIKEPayroll^active=true",
    "short_descriptionLIKE%",
    "short_descriptionLIKE_",
    "short_descriptionLIKEis",
    "short_descriptionLIKEno such words at all",
    'short_descriptionLIKE"a quoted" word',
    "short_descriptionLIKEa\0b",
    "short_descriptionLIKEjavascript:gs.getUserName()",
    "short_descriptionNOT LIKEvpn",
    "short_descriptionSTARTSWITHMailbox",
    "short_descriptionENDSWITHagain",
    "descriptionLIKElap-001",
    "descriptionLIKEvpn^ORshort_descriptionLIKEvpn",
    "descriptionLIKEÜBER",
    "numberLIKE00103",
    "work_notesLIKEvendor",
    "commentsLIKENEWS",
    "comments_and_work_notesLIKEphone",
    "active=true^work_notesLIKEvendor",
    "active=true^work_notesNOT LIKEvendor",
    "active=true^123TEXTQUERY321=vendor",
    "123TEXTQUERY321=vendor",
    "123TEXTQUERY321=vpn Berlin",
    "123TEXTQUERY321=ab",
    "caller_idLIKEtuter^short_descriptionLIKEemail",
    "category=network^short_descriptionLIKEvpn^NQnumberENDSWITH7",
)


@pytest.fixture(scope="module")
def plain() -> Instance:
    """Without an index."""
    made = Instance(clock=lambda: NOW, snapshot=seeded(NOW))
    plant_many(made, records=1000, seed=1)
    made.insert("incident", {"short_description": 'with "a quoted" word', "description": "über"})
    return made


@pytest.fixture(scope="module")
def indexed(plain: Instance) -> Instance:
    """The same rows with an index."""
    made = Instance(clock=lambda: NOW, snapshot=plain.snapshot())
    made.index_texts("task")
    return made


@pytest.mark.parametrize("query", QUERIES)
def test_the_same_is_found_with_and_without(plain: Instance, indexed: Instance, query: str) -> None:
    found = [row["number"] for row in plain.query("incident", query)]
    assert [row["number"] for row in indexed.query("incident", query)] == found


def test_what_is_written_is_found_what_is_gone_is_not(plain: Instance) -> None:
    instance = Instance(clock=lambda: NOW, snapshot=plain.snapshot())
    instance.index_texts("task")
    sys_id = instance.insert("incident", {"short_description": "a zebra in the lobby"})
    assert instance.count("incident", "short_descriptionLIKEzebra") == 1
    instance.update("incident", sys_id, {"short_description": "a giraffe", "comments": "okapi"})
    assert instance.count("incident", "short_descriptionLIKEzebra") == 0
    assert instance.count("incident", "short_descriptionLIKEGiraffe") == 1
    assert instance.count("incident", "123TEXTQUERY321=okapi") == 1
    instance.delete("incident", sys_id)
    assert instance.count("incident", "short_descriptionLIKEgiraffe") == 0
    assert instance.count("incident", "123TEXTQUERY321=okapi") == 0


def test_another_snapshot_brings_its_own_index_or_none(plain: Instance, indexed: Instance) -> None:
    instance = Instance(clock=lambda: NOW, snapshot=plain.snapshot())
    for snapshot in (indexed.snapshot(), plain.snapshot()):
        instance.restore(snapshot)
        assert instance.count("incident", "numberLIKE001000") == 9


def test_the_index_is_asked_where_it_helps(indexed: Instance) -> None:
    assert "MATCH" in _source(indexed, "short_descriptionLIKEvpn")
    assert "MATCH" in _source(indexed, "state=7^short_descriptionLIKEvpn")
    assert "MATCH" not in _source(indexed, "short_descriptionLIKEvp")
    assert "MATCH" not in _source(indexed, "correlation_displayNOT LIKEvpn")
    assert "MATCH" not in _source(indexed, "number=INC0010001^short_descriptionLIKEvpn")
    assert "MATCH" not in _source(indexed, "active=true^123TEXTQUERY321=vpn")


def _source(instance: Instance, query: str) -> str:
    return instance.compiler.compile("incident", parse(query), person=None).source
