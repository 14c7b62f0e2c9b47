"""People, groups, roles and preferences."""

from simulator.schema import (
    CLASS_FIELD,
    DOMAIN_FIELDS,
    SYSTEM_FIELDS,
    Table,
    boolean,
    choice,
    date,
    moment,
    number,
    reference,
    text,
    typed,
)

USER = Table(
    name="sys_user",
    label="User",
    audited=True,
    fields=(
        *SYSTEM_FIELDS,
        *DOMAIN_FIELDS,
        CLASS_FIELD,
        text("user_name", "User ID", indexed=True, unique=True),
        text("name", "Name", length=151, display=True, indexed=True),
        text("first_name", "First name", length=50),
        text("middle_name", "Middle name", length=50),
        text("last_name", "Last name", length=50),
        typed("email", "Email", "email", length=100, indexed=True),
        typed("user_password", "Password", "password", length=255),
        boolean("password_needs_reset", "Password needs reset"),
        boolean("active", "Active", default="true"),
        boolean("locked_out", "Locked out"),
        boolean("vip", "VIP"),
        boolean("web_service_access_only", "Web service access only"),
        boolean("internal_integration_user", "Internal Integration User"),
        boolean("enable_multifactor_authn", "Enable Multifactor Authentication"),
        choice("identity_type", "Identity type"),
        typed("photo", "Photo", "user_image", length=32),
        text("avatar", "Avatar", length=32),
        text("title", "Title", length=60),
        text("employee_number", "Employee number"),
        text("introduction", "Prefix", length=40),
        choice("gender", "Gender"),
        typed("phone", "Business phone", "ph_number"),
        typed("mobile_phone", "Mobile phone", "ph_number"),
        typed("home_phone", "Home phone", "ph_number"),
        typed("fax", "Fax", "ph_number"),
        text("street", "Street", length=255),
        text("city", "City"),
        text("state", "State / Province"),
        text("zip", "Zip / Postal code"),
        choice("country", "Country code"),
        choice("preferred_language", "Language"),
        choice("time_zone", "Time zone"),
        choice("date_format", "Date format"),
        choice("time_format", "Time format"),
        number("notification", "Notification", default="2", choices=True),
        number("calendar_integration", "Calendar integration", default="1", choices=True),
        number("failed_attempts", "Failed login attempts"),
        moment("last_login_time", "Last login time"),
        date("last_login", "Last login"),
        text("source", "Source", length=255),
        text("roles", "Roles", length=255),
        reference("manager", "Manager", "sys_user", indexed=True),
        reference("department", "Department", "cmn_department", indexed=True),
        reference("company", "Company", "core_company", indexed=True),
        reference("location", "Location", "cmn_location", indexed=True),
        reference("building", "Building", "cmn_building"),
        number("business_criticality", "Business criticality", default="3", choices=True),
        text("default_perspective", "Default perspective", length=32),
        text("federated_id", "Federated ID", length=255),
        text("ldap_server", "LDAP server", length=32),
        reference("schedule", "Schedule", "cmn_schedule"),
        reference("cost_center", "Cost center", "cmn_cost_center"),
    ),
)

GROUP = Table(
    name="sys_user_group",
    label="Group",
    fields=(
        *SYSTEM_FIELDS,
        text("name", "Name", length=80, display=True, indexed=True),
        text("description", "Description", length=1000),
        typed("email", "Group email", "email", length=100),
        boolean("active", "Active", default="true"),
        boolean("include_members", "Include members"),
        boolean("exclude_manager", "Exclude manager"),
        reference("manager", "Manager", "sys_user"),
        reference("parent", "Parent", "sys_user_group", indexed=True),
        reference("default_assignee", "Default assignee", "sys_user"),
        reference("cost_center", "Cost center", "cmn_cost_center"),
        typed("type", "Type", "glide_list", length=1024, reference="sys_user_group_type"),
        number("points", "Points", default="0"),
        typed("average_daily_fte", "Average Daily Hours/FTE (Hours)", "float"),
        typed("hourly_rate", "Hourly rate", "currency"),
        text("source", "Source", length=255),
        text("roles", "Roles", length=255),
    ),
)

GROUP_MEMBER = Table(
    name="sys_user_grmember",
    label="Group Member",
    fields=(
        *SYSTEM_FIELDS,
        reference("user", "User", "sys_user", indexed=True),
        reference("group", "Group", "sys_user_group", indexed=True, display=True),
    ),
)

ROLE = Table(
    name="sys_user_role",
    label="Role",
    fields=(
        *SYSTEM_FIELDS,
        text("name", "Name", length=100, display=True, indexed=True),
        text("suffix", "Suffix", length=100),
        text("description", "Description", length=1000),
        boolean("elevated_privilege", "Elevated privilege"),
        reference("assignable_by", "Assignable by", "sys_user_role"),
        boolean("grantable", "Grantable", default="true"),
        boolean("can_delegate", "Can delegate", default="true"),
        boolean("scoped_admin", "Application Administrator"),
    ),
)

ROLE_CONTAINS = Table(
    name="sys_user_role_contains",
    label="Contained Role",
    fields=(
        *SYSTEM_FIELDS,
        reference("role", "Role", "sys_user_role", indexed=True, display=True),
        reference("contains", "Contains", "sys_user_role", indexed=True),
    ),
)

USER_HAS_ROLE = Table(
    name="sys_user_has_role",
    label="User Role",
    fields=(
        *SYSTEM_FIELDS,
        reference("user", "User", "sys_user", indexed=True),
        reference("role", "Role", "sys_user_role", indexed=True, display=True),
        reference("granted_by", "Granted by", "sys_user_group"),
        reference("included_in_role", "Included in role", "sys_user_role"),
        text("included_in_role_instance", "Included in role instance", length=32),
        number("inh_count", "Inheritance count"),
        text("inh_map", "Inheritance map", length=4000),
        choice("state", "State", default="active"),
        boolean("inherited", "Inherited"),
    ),
)

GROUP_HAS_ROLE = Table(
    name="sys_group_has_role",
    label="Group Role",
    fields=(
        *SYSTEM_FIELDS,
        reference("group", "Group", "sys_user_group", indexed=True),
        reference("role", "Role", "sys_user_role", indexed=True, display=True),
        reference("granted_by", "Granted by", "sys_user_group"),
        boolean("inherits", "Inherits", default="true"),
    ),
)

GROUP_TYPE = Table(
    name="sys_user_group_type",
    label="Group Type",
    fields=(
        *SYSTEM_FIELDS,
        text("name", "Name", length=80, display=True),
        text("description", "Description", length=1000),
    ),
)

PREFERENCE = Table(
    name="sys_user_preference",
    label="User Preference",
    fields=(
        *SYSTEM_FIELDS,
        text("name", "Name", length=255, display=True, indexed=True),
        reference("user", "User", "sys_user", indexed=True),
        text("value", "Value", length=65000),
        text("type", "Type", length=40, default="string"),
        text("description", "Description", length=1000),
        boolean("system", "System"),
    ),
)

PEOPLE_TABLES = (
    USER,
    GROUP,
    GROUP_TYPE,
    GROUP_MEMBER,
    ROLE,
    ROLE_CONTAINS,
    USER_HAS_ROLE,
    GROUP_HAS_ROLE,
    PREFERENCE,
)
