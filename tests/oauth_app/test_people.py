"""What is taken over of a person, and what is not."""

import pytest

from oauth_app.models import Instance, User
from oauth_app.people import make_person, update_person
from servicenow.who_am_i import Identity

pytestmark = pytest.mark.usefixtures("db")

INSTANCE = Instance(base_url="https://acme.service-now.com")


def identity(user_name: str = "abel.tuter", name: str = "Abel Tuter") -> Identity:
    return Identity(sys_id="a" * 32, user_name=user_name, name=name, email="abel@example.com")


def test_a_user_name_no_username_may_have_is_spelt_otherwise() -> None:
    person = make_person(identity("ACME\\abel tuter|x"), instance=INSTANCE)
    assert person.username == "ACME_abel_tuter_x@acme.service-now.com"
    person.full_clean()


def test_usernames_stay_short_and_apart() -> None:
    names = {make_person(identity("x" * 300), instance=INSTANCE).username for _ in range(12)}
    assert len(names) == 12
    assert max(map(len, names)) <= 150


def test_someone_with_one_name_has_a_last_name() -> None:
    person = make_person(identity(name="Prince"), instance=INSTANCE)
    assert (person.first_name, person.last_name) == ("", "Prince")


def test_names_and_addresses_longer_than_a_column_are_cut() -> None:
    long = Identity(sys_id="a", user_name="a", name="y" * 400, email="z" * 400)
    person = make_person(long, instance=INSTANCE)
    assert (len(person.last_name), len(person.email)) == (150, 254)


def test_an_operators_own_name_is_not_overwritten() -> None:
    operator = User.objects.create_superuser("operator", password="x", first_name="Olga")
    update_person(operator, identity())
    assert User.objects.get().first_name == "Olga"
