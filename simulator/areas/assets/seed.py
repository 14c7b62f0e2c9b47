"""Demo data: stockrooms, the assets of people and rooms, licenses and contracts. All made up."""

from collections.abc import Iterator
from datetime import timedelta

from simulator.areas.cmdb.seed import category_id, model_id
from simulator.areas.organisation.places import COMPANY
from simulator.data.sys_ids import stable_sys_id
from simulator.instance import Instance
from simulator.seed import ids

Values = dict[str, str]

_VENDOR = "Northwind Hardware"
_NETWORK_VENDOR = "Cobalt Networks"
_SOFTWARE_VENDOR = "Brightline Software"

# name, location, manager
STOCKROOMS = (
    ("San Diego Stockroom", "San Diego", "don.goodliffe"),
    ("London Stockroom", "London", "hannah.voss"),
)

# asset tag, model, category, whose, item, location, state, substate, days since bought
HARDWARE = (
    ("P1000101", "Notebook 14", "Computer", "abel.tuter", "lap-abel-01", "San Diego", "1", "", 400),
    (
        "P1000102",
        "Notebook 14",
        "Computer",
        "charlie.whitherspoon",
        "lap-charlie-01",
        "London",
        "1",
        "",
        300,
    ),
    (
        "P1000103",
        "Notebook 14",
        "Computer",
        "joe.employee",
        "lap-joe-01",
        "San Diego",
        "1",
        "",
        800,
    ),
    (
        "P1000104",
        "Workstation W8",
        "Computer",
        "zofia.kowalska",
        "ws-design-04",
        "Berlin",
        "1",
        "",
        200,
    ),
    ("P1000105", "Notebook 14", "Computer", "beth.anglin", "", "London", "1", "", 150),
    ("P1000106", "Notebook 14", "Computer", "fred.luddy", "", "San Diego", "1", "", 90),
    ("P1000107", "Notebook 14", "Computer", "", "", "San Diego", "6", "available", 60),
    ("P1000108", "Notebook 14", "Computer", "", "", "London", "6", "available", 60),
    ("P1000109", "Notebook 14", "Computer", "", "", "London", "6", "pending_repair", 900),
    ("P1000110", "Notebook 14", "Computer", "", "", "London", "7", "disposed", 1900),
    ("P1000111", "Rack Server R4", "Server", "", "mail-01", "San Diego", "1", "", 700),
    ("P1000112", "Rack Server R4", "Server", "", "db-payroll-01", "San Diego", "1", "", 700),
    ("P1000113", "Rack Server R4", "Server", "", "db-crm-01", "Sydney", "1", "", 650),
    ("P1000114", "Switch S48", "Network Gear", "", "switch-sd-core", "San Diego", "1", "", 1000),
    ("P1000115", "Laser Printer L2", "Printer", "", "printer-fin-02", "San Diego", "3", "", 1200),
)

# asset tag, model, quantity, location
CONSUMABLES = (("P1000120", "Docking Station", "12", "San Diego"),)

# name, kind, vendor, days since it began, days until it ends, payment, state
CONTRACTS = (
    ("Hardware maintenance", "ast_service", _VENDOR, 300, 430, "18000", "active"),
    ("Lease of network equipment", "ast_lease", _NETWORK_VENDOR, 500, 230, "9600", "active"),
    ("Warranty of notebooks", "ast_warranty", _VENDOR, 400, 700, "0", "active"),
    ("Design Suite subscription", "ast_license", _SOFTWARE_VENDOR, 200, 165, "24000", "active"),
    ("Old printer rental", "ast_lease", _VENDOR, 1500, -40, "1200", "expired"),
)


def plant(instance: Instance) -> None:
    """Insert them, and tell the items which asset they are."""
    instance.insert_many("alm_stockroom", list(_stockrooms()))
    contracts = list(_contracts(instance))
    for kind in sorted({row["sys_class_name"] for row in contracts}):
        instance.insert_many(kind, [row for row in contracts if row["sys_class_name"] == kind])
    hardware = list(_hardware(instance))
    instance.insert_many("alm_hardware", hardware)
    instance.insert_many("alm_consumable", list(_consumables()))
    instance.insert_many("alm_license", [_license(instance)])
    instance.insert_many("alm_entitlement_user", [_allocation(instance)])
    for row in hardware:
        if row["ci"]:
            values = {"asset": row["sys_id"], "asset_tag": row["asset_tag"]}
            values |= {"assigned_to": row["assigned_to"], "model_id": row["model"]}
            values |= {"serial_number": row["serial_number"]}
            values["install_status"] = row["install_status"]
            instance.update("cmdb_ci", row["ci"], values)


def asset_id(tag: str) -> str:
    """The sys_id of a demo asset."""
    return stable_sys_id("alm_asset", tag)


def contract_id(name: str) -> str:
    """The sys_id of a demo contract."""
    return stable_sys_id("ast_contract", name)


def _day(instance: Instance, days: int) -> str:
    return f"{instance.clock() + timedelta(days=days):%Y-%m-%d}"


def _stockrooms() -> Iterator[Values]:
    for name, location, manager in STOCKROOMS:
        yield {
            "sys_id": stable_sys_id("alm_stockroom", name),
            "name": name,
            "type": "standard",
            "location": ids.location_id(location),
            "manager": ids.person_id(manager),
        }


def _hardware(instance: Instance) -> Iterator[Values]:
    rooms = {location: stable_sys_id("alm_stockroom", name) for name, location, _ in STOCKROOMS}
    for tag, model, category, owner, item, location, state, substate, days in HARDWARE:
        yield {
            "sys_id": asset_id(tag),
            "sys_class_name": "alm_hardware",
            "asset_tag": tag,
            "display_name": f"{tag} - {_maker(model)} {model}",
            "serial_number": f"NW-{tag[-4:]}",
            "model": model_id(model),
            "model_category": category_id(category),
            "ci": ids.item_id(item) if item else "",
            "assigned_to": ids.person_id(owner) if owner else "",
            "location": ids.location_id(location),
            "stockroom": rooms.get(location, "") if state == "6" else "",
            "install_status": state,
            "substatus": substate,
            "company": ids.company_id(COMPANY),
            "vendor": ids.company_id(_maker(model)),
            "cost": "1450",
            "purchase_date": _day(instance, -days),
            "warranty_expiration": _day(instance, 1095 - days),
            "retired": _day(instance, -30) if state == "7" else "",
        }


def _maker(model: str) -> str:
    return _NETWORK_VENDOR if model.startswith("Switch") else _VENDOR


def _consumables() -> Iterator[Values]:
    for tag, model, quantity, location in CONSUMABLES:
        yield {
            "sys_id": asset_id(tag),
            "sys_class_name": "alm_consumable",
            "asset_tag": tag,
            "display_name": f"{tag} - {_VENDOR} {model}",
            "model": model_id(model),
            "model_category": category_id("Consumable"),
            "quantity": quantity,
            "install_status": "6",
            "substatus": "available",
            "location": ids.location_id(location),
            "stockroom": stable_sys_id("alm_stockroom", "San Diego Stockroom"),
        }


def _license(instance: Instance) -> Values:
    return {
        "sys_id": asset_id("L1000001"),
        "sys_class_name": "alm_license",
        "asset_tag": "L1000001",
        "display_name": f"L1000001 - {_SOFTWARE_VENDOR} Design Suite",
        "model": model_id("Design Suite"),
        "model_category": category_id("Software License"),
        "product": model_id("Design Suite"),
        "rights": "10",
        "allocated": "1",
        "start_date": _day(instance, -200),
        "end_date": _day(instance, 165),
        "contract": contract_id("Design Suite subscription"),
    }


def _allocation(instance: Instance) -> Values:
    return {
        "sys_id": stable_sys_id("alm_entitlement_user", "zofia.kowalska"),
        "sys_class_name": "alm_entitlement_user",
        "licensed_by": asset_id("L1000001"),
        "assigned_to": ids.person_id("zofia.kowalska"),
        "assigned_on": _day(instance, -180),
    }


def _contracts(instance: Instance) -> Iterator[Values]:
    for number, (name, kind, vendor, since, left, payment, state) in enumerate(CONTRACTS, 1001):
        yield {
            "sys_id": contract_id(name),
            "sys_class_name": kind,
            "number": f"CNTR{number:07d}",
            "short_description": name,
            "state": state,
            "active": "false" if state == "expired" else "true",
            "process": "lease" if kind == "ast_lease" else "non_lease",
            "vendor": ids.company_id(vendor),
            "contract_administrator": ids.person_id("fred.luddy"),
            "starts": _day(instance, -since),
            "ends": _day(instance, left),
            "payment_amount": payment,
            "payment_schedule": "annually",
        }
