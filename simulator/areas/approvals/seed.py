"""Delegations of the demo: one that holds, and those that do not."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from simulator.data.sys_ids import stable_sys_id
from simulator.instance import Instance
from simulator.moments import as_moment
from simulator.seed.ids import person_id

# user, delegate, days until it starts, days until it ends, whether approvals are delegated
_DELEGATIONS = (
    ("fred.luddy", "beth.anglin", -7, 14, True),
    ("fred.luddy", "david.loo", -60, -30, True),
    ("fred.luddy", "don.goodliffe", 30, 44, True),
    ("jamie.morgan", "chloe.martin", -3, 30, False),
)


def plant(instance: Instance) -> None:
    """Insert them."""
    instance.insert_many("sys_user_delegate", _delegations(instance.clock()))


def _delegations(moment: datetime) -> Iterator[dict[str, str]]:
    for user, delegate, starts, ends, approvals in _DELEGATIONS:
        yield {
            "sys_id": stable_sys_id("sys_user_delegate", user, delegate),
            "user": person_id(user),
            "delegate": person_id(delegate),
            "starts": as_moment(moment + timedelta(days=starts)),
            "ends": as_moment(moment + timedelta(days=ends)),
            "approvals": "true" if approvals else "false",
        }
