"""Who may call which REST API: auth scopes, API keys, access policies and their profiles."""

from simulator.schema import (
    CLASS_FIELD,
    SYSTEM_FIELDS,
    Table,
    boolean,
    choice,
    moment,
    reference,
    text,
    typed,
)

AUTH_SCOPE = Table(
    name="sys_auth_scope",
    label="Authentication Scope",
    fields=(
        *SYSTEM_FIELDS,
        text("name", "Name", length=100, display=True, mandatory=True),
        text("description", "Description", length=1000),
    ),
)

API_ACCESS_SCOPE = Table(
    name="sys_api_access_scope",
    label="REST API Auth Scope",
    fields=(
        *SYSTEM_FIELDS,
        text("name", "Name", length=100, display=True),
        boolean("active", "Active", default="true"),
        reference("auth_scope", "Auth Scope", "sys_auth_scope"),
        text("api", "REST API", length=100),
        text("api_path", "REST API PATH", length=255),
        choice("http_method", "HTTP Method"),
        text("version", "REST API Version"),
        text("api_resource", "Resource", length=255),
        boolean("apply_all_methods", "Apply auth scope to all http methods in this API"),
        boolean("apply_all_resources", "Apply auth scope to all resources in this API"),
        boolean("apply_all_versions", "Apply auth scope to all versions in this API"),
        boolean("disable_client_restriction", "Disable client restriction"),
    ),
)

API_KEY = Table(
    name="api_key",
    label="REST API Key",
    fields=(
        *SYSTEM_FIELDS,
        text("name", "Name", length=100, display=True),
        text("description", "Description", length=1000),
        boolean("active", "Active", default="true"),
        reference("user", "User", "sys_user", indexed=True),
        reference("auth_scope", "Auth Scope", "sys_auth_scope"),
        typed("token", "Token", "password2", length=1024, indexed=True),
        moment("expires", "Expiry"),
    ),
)

TOKEN_PARAMETER = Table(
    name="sys_token_auth_parameter",
    label="REST API Auth Parameter",
    fields=(
        *SYSTEM_FIELDS,
        text("parameter_name", "Parameter name", length=100, display=True),
        choice("type", "Type", default="auth_header"),
        text("prefix", "Prefix"),
    ),
)

INBOUND_PROFILE = Table(
    name="inbound_auth_profile",
    label="Authentication Profile",
    fields=(
        *SYSTEM_FIELDS,
        CLASS_FIELD,
        text("name", "Name", length=100, display=True),
        text("description", "Description", length=1000),
        boolean("active", "Active", default="true"),
        text("auth_processor", "Auth processor", length=100),
    ),
)

KEY_PROFILE = Table(
    name="http_key_auth",
    label="API Key Authentication Profile",
    extends="inbound_auth_profile",
    fields=(reference("auth_parameter", "Auth Parameter", "sys_token_auth_parameter"),),
)

STANDARD_PROFILE = Table(
    name="std_http_auth",
    label="Standard HTTP Authentication Profile",
    extends="inbound_auth_profile",
    fields=(
        choice("type", "Type", default="basic_auth"),
        reference("oauth_entity", "OAuth Entity", "oauth_entity"),
    ),
)

ACCESS_POLICY = Table(
    name="sys_api_access_policy",
    label="REST API Access Policy",
    fields=(
        *SYSTEM_FIELDS,
        text("name", "Name", length=100, display=True),
        boolean("active", "Active", default="true"),
        boolean("global", "Global"),
        text("rest_api", "REST API", length=100),
        text("api_path", "REST API PATH", length=255),
        choice("http_method", "HTTP Method"),
        text("version", "Version"),
        text("resource", "Resource", length=255),
        text("table", "Table", length=80),
        boolean("apply_all_methods", "Apply to all methods"),
        boolean("apply_all_resources", "Apply to all resources"),
        boolean("apply_all_versions", "Apply to all versions"),
        boolean("apply_all_tables", "Apply to all tables"),
    ),
)

PROFILE_MAPPING = Table(
    name="sys_auth_profile_mapping",
    label="Inbound authentication profile",
    fields=(
        *SYSTEM_FIELDS,
        reference("api_access_policy", "API Access Policy", "sys_api_access_policy", indexed=True),
        reference("inbound_auth_profile", "Authentication Profile", "inbound_auth_profile"),
    ),
)

SECOND_FACTOR = Table(
    name="user_multifactor_auth",
    label="Multi-factor Authentication",
    fields=(
        *SYSTEM_FIELDS,
        reference("user", "User", "sys_user", indexed=True, display=True),
        typed("multifactor_secret", "Multi-factor secret", "password2", length=1024),
        boolean("validated", "Validated"),
    ),
)

ACCESS_TABLES = (
    SECOND_FACTOR,
    AUTH_SCOPE,
    API_ACCESS_SCOPE,
    API_KEY,
    TOKEN_PARAMETER,
    INBOUND_PROFILE,
    KEY_PROFILE,
    STANDARD_PROFILE,
    ACCESS_POLICY,
    PROFILE_MAPPING,
)
