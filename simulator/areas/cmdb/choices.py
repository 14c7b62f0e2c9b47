"""Choices of the base system, in the order people see them."""

from simulator.schema import ChoiceLists

CHOICES: ChoiceLists = {
    ("cmdb_ci", "install_status"): {
        "0": "Implementing",
        "1": "Installed",
        "2": "On Order",
        "3": "In Maintenance",
        "4": "Pending Install",
        "5": "Pending Repair",
        "6": "In Stock",
        "7": "Retired",
        "8": "Stolen",
        "100": "Absent",
    },
    ("cmdb_ci", "operational_status"): {
        "1": "Operational",
        "2": "Non-Operational",
        "3": "Repair in Progress",
        "4": "DR Standby",
        "5": "Ready",
        "6": "Retired",
        "7": "Pipeline",
        "8": "Catalog",
    },
    ("cmdb_ci", "environment"): {
        "Production": "Production",
        "Test": "Test",
        "Development": "Development",
    },
    ("cmdb_ci_service", "busines_criticality"): {
        "1 - most critical": "1 - most critical",
        "2 - somewhat critical": "2 - somewhat critical",
        "3 - less critical": "3 - less critical",
        "4 - not critical": "4 - not critical",
    },
    ("cmdb_ci", "discovery_source"): {
        "ServiceNow": "ServiceNow",
        "ServiceWatch": "ServiceWatch",
        "ImportSet": "ImportSet",
        "Manual Entry": "Manual Entry",
        "MS SMS": "MS SMS",
        "Altiris": "Altiris",
        "LANDesk": "LANDesk",
        "AgentClientCollector": "AgentClientCollector",
        "CredentialLessDiscovery": "CredentialLessDiscovery",
        "Other Automated": "Other Automated",
    },
    ("cmdb_ci_hardware", "hardware_status"): {
        "installed": "Installed",
        "in_stock": "In Stock",
        "in_maintenance": "In Maintenance",
        "on_order": "On Order",
        "pending_repair": "Pending Repair",
        "retired": "Retired",
        "stolen": "Stolen",
    },
    ("cmdb_ci_server", "firewall_status"): {
        "Intranet": "Intranet",
        "DMZ": "DMZ",
        "Internet": "Internet",
    },
    ("cmdb_ci_vm_instance", "state"): {
        "on": "On",
        "off": "Off",
        "suspended": "Suspended",
        "terminated": "Terminated",
    },
    ("cmdb_ci_service", "service_classification"): {
        "Business Service": "Business Service",
        "Technical Service": "Technical Service",
        "Application Service": "Application Service",
        "Service Offering": "Service Offering",
    },
    ("cmdb_ci_service", "service_status"): {
        "operational": "Operational",
        "non_operational": "Non-operational",
        "retired": "Retired",
    },
    ("cmdb_ci_business_app", "business_criticality"): {
        "1 - most critical": "1 - most critical",
        "2 - somewhat critical": "2 - somewhat critical",
        "3 - less critical": "3 - less critical",
        "4 - not critical": "4 - not critical",
    },
    ("cmdb_ci_outage", "type"): {
        "outage": "Outage",
        "degradation": "Degradation",
        "planned": "Planned outage",
    },
    ("cmdb_rel_ci", "connection_strength"): {
        "always": "Always",
        "cluster": "Cluster",
        "weak": "Weak",
    },
    ("cmdb_model", "status"): {
        "In Production": "In Production",
        "Retired": "Retired",
        "Sold": "Sold",
    },
}
