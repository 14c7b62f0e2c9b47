"""The identification rules that every instance comes with."""

from dataclasses import dataclass

from simulator.data.sys_ids import stable_sys_id


@dataclass(frozen=True, kw_only=True)
class IdentifierEntry:
    """Attributes that together tell items apart; in `table` if not in the class itself."""

    attributes: str
    table: str = ""


@dataclass(frozen=True, kw_only=True)
class Identifier:
    """What tells items of a class apart; a dependent one is only known with what it runs on."""

    name: str
    applies_to: str
    entries: tuple[IdentifierEntry, ...]
    independent: bool = True


def _by(*attributes: str) -> tuple[IdentifierEntry, ...]:
    return tuple(IdentifierEntry(attributes=one) for one in attributes)


IDENTIFIERS = (
    Identifier(
        name="Hardware Rule",
        applies_to="cmdb_ci_hardware",
        entries=(
            IdentifierEntry(
                attributes="serial_number,serial_number_type", table="cmdb_serial_number"
            ),
            *_by("serial_number", "name"),
            IdentifierEntry(attributes="ip_address,mac_address", table="cmdb_ci_network_adapter"),
        ),
    ),
    Identifier(
        name="VM Object Rule", applies_to="cmdb_ci_vm_object", entries=_by("object_id", "name")
    ),
    Identifier(
        name="Application Rule",
        applies_to="cmdb_ci_appl",
        entries=_by("sys_class_name,running_process_command", "sys_class_name,name"),
        independent=False,
    ),
    Identifier(
        name="Database Instance Rule",
        applies_to="cmdb_ci_db_instance",
        entries=_by("sys_class_name,instance_name", "sys_class_name,name"),
        independent=False,
    ),
    Identifier(name="Database Rule", applies_to="cmdb_ci_database", entries=_by("name")),
    Identifier(name="Service Rule", applies_to="cmdb_ci_service", entries=_by("number", "name")),
    Identifier(
        name="Business Application Rule",
        applies_to="cmdb_ci_business_app",
        entries=_by("number", "name"),
    ),
    Identifier(name="Cluster Rule", applies_to="cmdb_ci_cluster", entries=_by("name")),
    Identifier(
        name="Cloud Account Rule",
        applies_to="cmdb_ci_cloud_service_account",
        entries=_by("account_id"),
    ),
    Identifier(
        name="Network Adapter Rule",
        applies_to="cmdb_ci_network_adapter",
        entries=_by("cmdb_ci,name"),
    ),
    Identifier(name="IP Address Rule", applies_to="cmdb_ci_ip_address", entries=_by("ip_address")),
    Identifier(name="Software Rule", applies_to="cmdb_ci_spkg", entries=_by("name,version")),
)


def identifier_rows() -> list[dict[str, str]]:
    """Rows of `cmdb_identifier`."""
    return [
        {
            "sys_id": _identifier_id(one),
            "name": one.name,
            "applies_to": one.applies_to,
            "description": f"Identifier for {one.applies_to}",
            "independent": "true" if one.independent else "false",
        }
        for one in IDENTIFIERS
    ]


def entry_rows() -> list[dict[str, str]]:
    """Rows of `cmdb_identifier_entry`."""
    return [
        {
            "sys_id": stable_sys_id("cmdb_identifier_entry", one.name, entry.attributes),
            "identifier": _identifier_id(one),
            "attributes": entry.attributes,
            "table": entry.table,
            "referenced_field": "cmdb_ci" if entry.table else "",
            "order": str(order * 100),
            "exact_count_match": "true" if entry.table else "false",
        }
        for one in IDENTIFIERS
        for order, entry in enumerate(one.entries, 1)
    ]


def _identifier_id(one: Identifier) -> str:
    return stable_sys_id("cmdb_identifier", one.name)
