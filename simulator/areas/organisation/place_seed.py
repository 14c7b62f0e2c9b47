"""Rows of buildings, cost centres, business units and countries."""

from collections.abc import Iterator

from simulator.areas.organisation.places import (
    BUILDINGS,
    BUSINESS_UNITS,
    COMPANY,
    COST_CENTERS,
    COUNTRIES,
    DEPARTMENTS,
)
from simulator.data.sys_ids import stable_sys_id
from simulator.seed import ids

Values = dict[str, str]


def places() -> Iterator[tuple[str, Iterator[Values]]]:
    """Each table with its rows."""
    yield "cmn_building", _buildings()
    yield "cmn_cost_center", _cost_centers()
    yield "business_unit", _business_units()
    yield "core_country", _countries()


def _buildings() -> Iterator[Values]:
    for name, floors, location in BUILDINGS:
        yield {
            "sys_id": stable_sys_id("cmn_building", name),
            "name": name,
            "floors": floors,
            "location": ids.location_id(location),
        }


def _cost_centers() -> Iterator[Values]:
    heads = {name: head for name, _, head in DEPARTMENTS}
    for name, code, department in COST_CENTERS:
        yield {
            "sys_id": stable_sys_id("cmn_cost_center", name),
            "name": name,
            "code": code,
            "manager": ids.person_id(heads[department]),
        }


def _business_units() -> Iterator[Values]:
    for name, head in BUSINESS_UNITS:
        yield {
            "sys_id": stable_sys_id("business_unit", name),
            "name": name,
            "bu_head": ids.person_id(head),
            "company": ids.company_id(COMPANY),
        }


def _countries() -> Iterator[Values]:
    for name, two, three in COUNTRIES:
        yield {
            "sys_id": stable_sys_id("core_country", two),
            "name": name,
            "iso3166_2": two,
            "iso3166_3": three,
        }
