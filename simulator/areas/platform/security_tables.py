"""Tables of access controls and data policies."""

from simulator.schema import SYSTEM_FIELDS, Table, boolean, choice, reference, text, typed

OPERATION = Table(
    name="sys_security_operation",
    label="Security Operation",
    fields=(
        *SYSTEM_FIELDS,
        text("name", "Name", length=40, display=True),
        text("description", "Description", length=1000),
    ),
)

KIND = Table(
    name="sys_security_type",
    label="Security Type",
    fields=(
        *SYSTEM_FIELDS,
        text("name", "Name", length=40, display=True),
        text("description", "Description", length=1000),
    ),
)

ACL = Table(
    name="sys_security_acl",
    label="Access Control",
    extends="sys_metadata",
    fields=(
        text("name", "Name", length=160, display=True, indexed=True),
        reference("operation", "Operation", "sys_security_operation"),
        reference("type", "Type", "sys_security_type", default="record"),
        choice("decision_type", "Decision Type", default="allow"),
        boolean("active", "Active", default="true"),
        boolean("admin_overrides", "Admin overrides", default="true"),
        boolean("advanced", "Advanced"),
        typed("condition", "Condition", "conditions", length=4000),
        typed("script", "Script", "script_plain", length=8000),
        text("description", "Description", length=4000),
        choice("local_or_existing", "Local or Existing", default="Existing"),
        reference("security_attribute", "Security Attribute", "sys_metadata"),
        typed("applies_to", "Applies to", "conditions", length=4000),
        boolean("controlled_by_refs", "Controlled by references"),
    ),
)

ACL_ROLE = Table(
    name="sys_security_acl_role",
    label="Access Roles",
    extends="sys_metadata",
    fields=(
        reference("sys_security_acl", "Access Control", "sys_security_acl", indexed=True),
        reference("sys_user_role", "Role", "sys_user_role", indexed=True),
    ),
)

DATA_POLICY = Table(
    name="sys_data_policy2",
    label="Data Policy",
    extends="sys_metadata",
    fields=(
        text("short_description", "Short description", length=100, display=True),
        text("model_table", "Table", length=80, indexed=True),
        boolean("active", "Active", default="true"),
        typed("conditions", "Conditions", "conditions", length=4000),
        boolean("inherit", "Inherit"),
        boolean("reverse_if_false", "Reverse if false", default="true"),
        boolean("apply_import_set", "Apply to import sets", default="true"),
        boolean("apply_soap", "Apply to SOAP", default="true"),
        boolean("enforce_ui", "Use as UI Policy on client", default="true"),
        text("description", "Description", length=4000),
    ),
)

DATA_POLICY_RULE = Table(
    name="sys_data_policy_rule",
    label="Data Policy Rule",
    extends="sys_metadata",
    fields=(
        reference("sys_data_policy", "Data policy", "sys_data_policy2", indexed=True),
        text("table", "Table", length=80),
        text("field", "Field name", length=80, display=True),
        choice("mandatory", "Mandatory", default="ignore"),
        choice("disabled", "Read only", default="ignore"),
    ),
)

SECURITY_TABLES = (OPERATION, KIND, ACL, ACL_ROLE, DATA_POLICY, DATA_POLICY_RULE)
