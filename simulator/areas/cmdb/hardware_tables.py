"""Classes of hardware, of what is virtual, and of the network."""

from simulator.schema import Field, Table, boolean, choice, number, reference, text


def _class(name: str, label: str, extends: str, *fields: Field) -> Table:
    return Table(name=name, label=label, extends=extends, fields=fields)


_COMPUTER = (
    text("os", "Operating System", length=255),
    text("os_version", "OS Version", length=255),
    text("os_service_pack", "OS Service Pack", length=255),
    text("os_domain", "OS Domain", length=255),
    number("os_address_width", "OS Address Width (bits)"),
    text("host_name", "Host name", length=255),
    text("object_id", "Object ID", length=255),
    number("ram", "RAM (MB)"),
    number("cpu_count", "CPU count"),
    number("cpu_core_count", "CPU core count"),
    number("cpu_core_thread", "CPU core thread"),
    number("cpu_speed", "CPU speed (MHz)"),
    text("cpu_name", "CPU name", length=255),
    text("cpu_type", "CPU type", length=80),
    reference("cpu_manufacturer", "CPU manufacturer", "core_company"),
    number("disk_space", "Disk space (GB)"),
    text("chassis_type", "Chassis type", length=80),
    text("form_factor", "Form factor", length=80),
    boolean("cd_rom", "CD-ROM"),
)
_SERVER = (
    boolean("virtual", "Is Virtual"),
    text("used_for", "Used for"),
    text("classification", "Classification", default="Production"),
    choice("firewall_status", "Firewall status"),
    text("dr_backup", "DR backup", length=80),
    boolean("internet_facing", "Internet Facing"),
)

HARDWARE_TABLES = (
    _class(
        "cmdb_ci_hardware",
        "Hardware",
        "cmdb_ci",
        choice("hardware_status", "Hardware status"),
        choice("hardware_substatus", "Hardware substatus"),
        text("default_gateway", "Default Gateway", length=255),
    ),
    _class("cmdb_ci_computer", "Computer", "cmdb_ci_hardware", *_COMPUTER),
    _class("cmdb_ci_pc_hardware", "Personal Computer", "cmdb_ci_computer"),
    _class("cmdb_ci_server", "Server", "cmdb_ci_computer", *_SERVER),
    _class(
        "cmdb_ci_linux_server",
        "Linux Server",
        "cmdb_ci_server",
        text("kernel_release", "Kernel Release", length=100),
    ),
    _class("cmdb_ci_win_server", "Windows Server", "cmdb_ci_server"),
    _class("cmdb_ci_unix_server", "UNIX Server", "cmdb_ci_server"),
    _class("cmdb_ci_esx_server", "ESX Server", "cmdb_ci_server"),
    _class(
        "cmdb_ci_vm_object",
        "Virtual Machine Object",
        "cmdb_ci",
        text("object_id", "Object ID", length=255, indexed=True),
    ),
    _class(
        "cmdb_ci_vm_instance",
        "Virtual Machine Instance",
        "cmdb_ci_vm_object",
        choice("state", "State"),
        number("cpus", "CPUs"),
        number("memory", "Memory (MB)"),
        number("disks", "Disks"),
        number("disks_size", "Disks size (GB)"),
        number("nics", "Network adapters"),
        text("guest_os_fullname", "Guest OS Fullname", length=255),
    ),
    _class(
        "cmdb_ci_vmware_instance",
        "VMware Virtual Machine Instance",
        "cmdb_ci_vm_instance",
        boolean("template", "Is template"),
        text("image_path", "Image path", length=255),
        text("bios_uuid", "BIOS UUID", length=80),
    ),
    _class(
        "cmdb_ci_netgear",
        "Network Gear",
        "cmdb_ci_hardware",
        text("device_type", "Device type", length=80),
        text("firmware_version", "Firmware version", length=80),
        number("ports", "Ports"),
        boolean("can_switch", "Can Switch"),
        boolean("can_route", "Can Route"),
    ),
    _class("cmdb_ci_ip_switch", "IP Switch", "cmdb_ci_netgear"),
    _class("cmdb_ci_ip_router", "IP Router", "cmdb_ci_netgear"),
    _class("cmdb_ci_ip_firewall", "IP Firewall", "cmdb_ci_netgear"),
    _class("cmdb_ci_wap_network", "Wireless Access Point", "cmdb_ci_netgear"),
    _class("cmdb_ci_printing_hardware", "Imaging Hardware", "cmdb_ci_hardware"),
    _class(
        "cmdb_ci_printer",
        "Printer",
        "cmdb_ci_printing_hardware",
        boolean("colors", "Prints in color"),
        text("print_type", "Print type", length=80),
    ),
    _class(
        "cmdb_ci_storage_device",
        "Storage Device",
        "cmdb_ci_hardware",
        text("device_id", "Device ID", length=255),
        number("size_bytes", "Size (bytes)"),
        choice("storage_type", "Storage type"),
    ),
    _class(
        "cmdb_ci_network_adapter",
        "Network Adapter",
        "cmdb_ci",
        reference("cmdb_ci", "Configuration item", "cmdb_ci", indexed=True),
        text("netmask", "Netmask", length=40),
        text("alias", "Alias", length=255),
        boolean("dhcp_enabled", "DHCP Enabled"),
    ),
    _class(
        "cmdb_ci_ip_address",
        "IP Address",
        "cmdb_ci",
        reference("nic", "Nic", "cmdb_ci_network_adapter", indexed=True),
        text("netmask", "Netmask", length=40),
        choice("ip_version", "IP version"),
    ),
)
