"""The relationship types and hosting rules that every instance comes with."""

from simulator.data.sys_ids import stable_sys_id

# Those with a sys_id have the one they are known by on real instances.
_TYPES = {
    "Depends on::Used by": "1a9cb166f1571100a92eb60da2bce5c5",
    "Runs on::Runs": "60bc4e22c0a8010e01f074cbe6bd73c3",
    "Exchanges data with::Exchanges data with": "607ad1b2c0a8010e01941856b365af90",
    "Contains::Contained by": "55c95bf6c0a8010e0118ec7056ebc54d",
    "Owns::Owned by": "cb5592603751200032ff8c00dfbe5d17",
    "Hosted on::Hosts": "5f985e0ec0a8010e00a9714f2a172815",
    "IP Connection::IP Connection": "",
    "Connects to::Connected by": "",
    "Members::Member of": "",
    "Cluster of::Cluster": "",
    "Virtualized by::Virtualizes": "",
    "Uses::Used by": "",
    "Provides::Provided by": "",
    "Sends data to::Receives data from": "",
    "Backup done by::Backs up": "",
    "Manages::Managed by": "",
}

# class above, relationship, class below
HOSTING = (
    ("cmdb_ci_appl", "Runs on::Runs", "cmdb_ci_hardware"),
    ("cmdb_ci_appl", "Runs on::Runs", "cmdb_ci_vm_instance"),
    ("cmdb_ci_db_catalog", "Contains::Contained by", "cmdb_ci_db_instance"),
    ("cmdb_ci_cluster_node", "Hosted on::Hosts", "cmdb_ci_server"),
    ("cmdb_ci_vm_instance", "Hosted on::Hosts", "cmdb_ci_esx_server"),
    ("cmdb_ci_computer", "Owns::Owned by", "cmdb_ci_network_adapter"),
    ("cmdb_ci_computer", "Contains::Contained by", "cmdb_ci_storage_device"),
    ("cmdb_ci_service", "Depends on::Used by", "cmdb_ci_server"),
)


def type_id(name: str) -> str:
    """The sys_id of a relationship type. Raises KeyError for none of these."""
    return _TYPES[name] or stable_sys_id("cmdb_rel_type", name)


def type_rows() -> list[dict[str, str]]:
    """Rows of `cmdb_rel_type`."""
    return [
        {
            "sys_id": type_id(name),
            "name": name,
            "parent_descriptor": name.partition("::")[0],
            "child_descriptor": name.partition("::")[2],
        }
        for name in _TYPES
    ]


def hosting_rows() -> list[dict[str, str]]:
    """Rows of `cmdb_metadata_hosting`."""
    return [
        {
            "sys_id": stable_sys_id("cmdb_metadata_hosting", above, below),
            "parent_type": above,
            "child_type": below,
            "rel_type": type_id(name),
        }
        for above, name, below in HOSTING
    ]
