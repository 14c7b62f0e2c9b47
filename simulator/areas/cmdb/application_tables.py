"""Classes of applications, databases, clusters and cloud accounts."""

from simulator.areas.cmdb.item_class import item_class
from simulator.schema import boolean, choice, moment, number, reference, text

_DATABASE_INSTANCES = (
    ("cmdb_ci_db_mssql_instance", "MSFT SQL Instance"),
    ("cmdb_ci_db_ora_instance", "Oracle Instance"),
    ("cmdb_ci_db_mysql_instance", "MySQL Instance"),
    ("cmdb_ci_db_postgresql_instance", "PostgreSQL Instance"),
)

APPLICATION_TABLES = (
    item_class(
        "cmdb_ci_appl",
        "Application",
        "cmdb_ci",
        text("version", "Version", length=255),
        text("edition", "Edition", length=255),
        text("install_directory", "Installation directory", length=255),
        text("config_file", "Configuration file", length=255),
        text("config_directory", "Configuration directory", length=255),
        text("running_process_command", "Running process command", length=1000),
        text("running_process_key_parameters", "Running process key parameters", length=1000),
        text("tcp_port", "TCP port(s)", length=100),
        text("used_for", "Used for", default="Production"),
        boolean("is_clustered", "Is clustered"),
    ),
    item_class("cmdb_ci_app_server", "Application Server", "cmdb_ci_appl"),
    item_class("cmdb_ci_app_server_tomcat", "Tomcat", "cmdb_ci_app_server"),
    item_class("cmdb_ci_web_server", "Web Server", "cmdb_ci_appl"),
    item_class("cmdb_ci_apache_web_server", "Apache Web Server", "cmdb_ci_web_server"),
    item_class(
        "cmdb_ci_microsoft_iis_web_server", "Microsoft IIS Web Server", "cmdb_ci_web_server"
    ),
    item_class(
        "cmdb_ci_database", "Database", "cmdb_ci", text("type", "Type"), text("version", "Version")
    ),
    item_class(
        "cmdb_ci_db_instance",
        "Database Instance",
        "cmdb_ci_appl",
        text("instance_name", "Instance name", length=255),
        text("service_pack", "Service pack", length=80),
        text("type", "Type"),
    ),
    *(item_class(name, label, "cmdb_ci_db_instance") for name, label in _DATABASE_INSTANCES),
    item_class(
        "cmdb_ci_db_catalog",
        "Database Catalog",
        "cmdb_ci",
        reference("database_instance", "Database instance", "cmdb_ci_db_instance"),
    ),
    item_class(
        "cmdb_ci_business_app",
        "Business Application",
        "cmdb_ci",
        text("number", "Number", indexed=True),
        choice("application_type", "Application type"),
        choice("architecture_type", "Architecture type"),
        choice("application_category", "Application category"),
        choice("install_type", "Install type"),
        choice("user_base", "User base"),
        choice("business_criticality", "Business criticality"),
        choice("emergency_tier", "Emergency tier"),
        choice("data_classification", "Data classification"),
        text("url", "URL", length=1024),
        moment("go_live_date", "Go live date"),
        reference("it_application_owner", "IT Application owner", "sys_user"),
        reference("business_unit", "Business unit", "cmn_department"),
        number("active_user_count", "Active user count"),
        prefix="APM",
    ),
    item_class(
        "cmdb_ci_cluster",
        "Cluster",
        "cmdb_ci",
        text("cluster_id", "Cluster ID", length=255),
        text("cluster_type", "Cluster type", length=80),
        text("cluster_status", "Cluster status", length=80),
        text("cluster_version", "Cluster version", length=80),
    ),
    item_class(
        "cmdb_ci_cluster_node",
        "Cluster Node",
        "cmdb_ci",
        reference("cluster", "Cluster", "cmdb_ci_cluster"),
        reference("server", "Server", "cmdb_ci_computer"),
    ),
    item_class(
        "cmdb_ci_cloud_service_account",
        "Cloud Service Account",
        "cmdb_ci",
        text("account_id", "Account Id", length=255),
        choice("datacenter_type", "Datacenter type"),
        reference("parent_account", "Parent account", "cmdb_ci_cloud_service_account"),
    ),
    item_class(
        "cmdb_ci_spkg",
        "Software",
        "cmdb_ci",
        text("version", "Version", length=255),
        text("package_name", "Package name", length=255),
        number("install_count", "Install count"),
    ),
)
