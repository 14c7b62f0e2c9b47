"""Application registries, their tokens, and the keys by which assertions are verified.

Field names are those that setup scripts write through the Table API of real instances.
"""

from simulator.schema import (
    CLASS_FIELD,
    SYSTEM_FIELDS,
    Table,
    boolean,
    choice,
    moment,
    number,
    reference,
    text,
    typed,
)

ENTITY = Table(
    name="oauth_entity",
    label="Application Registries",
    fields=(
        *SYSTEM_FIELDS,
        CLASS_FIELD,
        text("name", "Name", length=100, display=True, mandatory=True),
        text("client_id", "Client ID", length=255, indexed=True),
        typed("client_secret", "Client Secret", "password2", length=8192),
        choice("type", "Type", default="client"),
        choice("client_type", "Client Type"),
        boolean("active", "Active", default="true"),
        boolean("public_client", "Public Client"),
        choice("inbound_grant_type", "Inbound grant type", default="default"),
        choice("default_grant_type", "Default Grant type", default="authorization_code"),
        choice("send_client_credentials_as", "Send Credentials", default="basic_authorization"),
        choice("token_format", "Token Format", default="opaque"),
        text("sub_claim", "Subject Claim", length=80, default="sys_id"),
        choice("scope_restriction_status", "Scope Restriction"),
        boolean("enforce_token_restriction", "Enforce Token Restriction"),
        number("access_token_lifespan", "Access Token Lifespan", default="1800"),
        number("refresh_token_lifespan", "Refresh Token Lifespan", default="8640000"),
        typed("redirect_url", "Redirect URL", "string", length=4000),
        typed("logo_url", "Logo URL", "url", length=1024),
        typed("login_url", "Login URL", "url", length=1024),
        typed("auth_url", "Authorization URL", "url", length=1024),
        typed("token_url", "Token URL", "url", length=1024),
        typed("revoke_token_url", "Token Revocation URL", "url", length=1024),
        choice("code_challenge_method", "Code challenge method"),
        reference("user", "OAuth Application User", "sys_user"),
        text("provider_name", "Provider name", length=100),
        text("comments", "Comments", length=4000),
    ),
)

JWT = Table(
    name="oauth_jwt",
    label="OAuth JWT API endpoint",
    extends="oauth_entity",
    fields=(
        text("user_field", "User Field", length=80, default="email"),
        boolean("enable_jti_verification", "Enable JTI verification"),
        text("jti_claim", "JTI Claim", length=80, default="jti"),
        number("clock_skew", "Clock Skew", default="300"),
        typed("jwks_url", "JWKS URL", "url", length=1024),
        number("jwks_cache_lifespan", "JWKS Cache Lifespan", default="720"),
    ),
)

VERIFIER = Table(
    name="jwt_verifier_map",
    label="JWT Verifier Map",
    fields=(
        *SYSTEM_FIELDS,
        text("name", "Name", length=100, display=True),
        reference("oauth_jwt", "OAuth JWT", "oauth_jwt", indexed=True),
        text("kid", "Kid", length=255),
        reference("sys_certificate", "Sys Certificate", "sys_certificate"),
        typed("shared_key", "Shared Key", "password2", length=4096),
    ),
)

CERTIFICATE = Table(
    name="sys_certificate",
    label="X.509 Certificate",
    fields=(
        *SYSTEM_FIELDS,
        text("name", "Name", length=100, display=True),
        choice("type", "Type", default="trust_store"),
        choice("format", "Format", default="pem"),
        boolean("active", "Active", default="true"),
        text("short_description", "Short description", length=160),
        text("issuer", "Issuer", length=1000),
        text("subject", "Subject", length=1000),
        moment("valid_from", "Valid from"),
        moment("expires", "Expires"),
        text("pem_certificate", "PEM Certificate", length=65000),
    ),
)

PROFILE = Table(
    name="oauth_entity_profile",
    label="OAuth Entity Profile",
    fields=(
        *SYSTEM_FIELDS,
        text("name", "Name", length=100, display=True),
        reference("oauth_entity", "OAuth provider", "oauth_entity", indexed=True),
        choice("grant_type", "Grant type", default="authorization_code"),
        boolean("default", "Is default"),
    ),
)

SCOPE = Table(
    name="oauth_entity_scope",
    label="OAuth Entity Scope",
    fields=(
        *SYSTEM_FIELDS,
        text("name", "Name", length=100, display=True),
        reference("oauth_entity", "OAuth provider", "oauth_entity", indexed=True),
        text("oauth_entity_scope", "OAuth scope", length=255),
    ),
)

PROFILE_SCOPE = Table(
    name="oauth_entity_profile_scope",
    label="OAuth Entity Profile Scope",
    fields=(
        *SYSTEM_FIELDS,
        reference("oauth_entity_profile", "OAuth Entity Profile", "oauth_entity_profile"),
        reference("oauth_entity_scope", "OAuth Entity Scope", "oauth_entity_scope"),
    ),
)

AUTH_SCOPE_MAPPING = Table(
    name="oauth_entity_auth_scope_mapping",
    label="Auth Scopes",
    fields=(
        *SYSTEM_FIELDS,
        reference("oauth_entity", "OAuth Entity", "oauth_entity", indexed=True),
        reference("auth_scope", "Auth Scope", "sys_auth_scope"),
    ),
)

CREDENTIAL = Table(
    name="oauth_credential",
    label="Manage Tokens",
    fields=(
        *SYSTEM_FIELDS,
        typed("token", "Token", "password2", length=8192, indexed=True),
        choice("type", "Type"),
        moment("expires", "Expires"),
        reference("user", "User", "sys_user", indexed=True),
        reference("peer", "Peer", "oauth_entity", display=True),
        text("scopes", "Scopes", length=1000),
    ),
)

OAUTH_TABLES = (
    ENTITY,
    JWT,
    VERIFIER,
    CERTIFICATE,
    PROFILE,
    SCOPE,
    PROFILE_SCOPE,
    AUTH_SCOPE_MAPPING,
    CREDENTIAL,
)
