"""What is kept beside the data is right again after a transaction of several writes failed."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest

from simulator.instance import Instance
from tests.simulator.small_instance import CHARLIE, DANA, Api, small_instance


@pytest.fixture
def instance() -> Instance:
    return small_instance()


class _Failed(Exception):
    """Something went wrong at the end."""


@contextmanager
def taken_back(instance: Instance) -> Iterator[None]:
    """A transaction that fails when everything is written."""
    with suppress(_Failed), instance.store.transaction():
        yield
        raise _Failed


def is_admin(instance: Instance) -> bool:
    person = instance.person(CHARLIE)
    assert person is not None
    return person.is_admin


def test_a_role_that_was_taken_back_is_not_held(instance: Instance) -> None:
    role = {"user": CHARLIE, "role": "role-admin"}
    with taken_back(instance):
        instance.insert("sys_user_has_role", role, run_rules=True)
        assert is_admin(instance)
    assert not is_admin(instance)


async def test_a_table_that_was_taken_back_is_unknown(instance: Instance) -> None:
    with taken_back(instance):
        instance.insert("sys_db_object", {"name": "u_ghost", "label": "Ghost"}, run_rules=True)
        assert instance.knows("u_ghost")
    assert not instance.knows("u_ghost")
    assert (await Api(instance).get("/table/u_ghost", by=DANA)).status_code == 400


def test_what_a_later_transaction_does_is_not_undone_by_an_earlier_one(instance: Instance) -> None:
    with instance.store.transaction():
        held = instance.insert("sys_user_has_role", {"user": CHARLIE, "role": "role-admin"})
    assert is_admin(instance)
    with taken_back(instance):
        instance.delete("sys_user_has_role", held)
        assert not is_admin(instance)
    assert is_admin(instance)
