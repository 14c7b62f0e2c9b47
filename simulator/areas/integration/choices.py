"""Choices of inbound integrations, in the order people see them."""

from simulator.schema import ChoiceLists

_METHODS = {method: method for method in ("GET", "POST", "PUT", "PATCH", "DELETE")}
_GRANTS = {
    "authorization_code": "Authorization Code",
    "client_credentials": "Client Credentials",
    "password": "Resource Owner Password Credentials",
    "urn:ietf:params:oauth:grant-type:jwt-bearer": "JWT Bearer",
}

CHOICES: ChoiceLists = {
    ("oauth_entity", "type"): {
        "client": "OAuth Client",
        "oauth_provider": "OAuth Provider",
        "auth_server": "Authorization Server",
        "snc_instance": "ServiceNow Instance",
    },
    ("oauth_entity", "client_type"): {
        "integration_as_a_user": "Integration as a User",
        "integration_as_a_service": "Integration as a Service",
        "iframe_embedded": "Iframe Embedded",
    },
    ("oauth_entity", "inbound_grant_type"): {
        "default": "Default",
        "authz_code": "Authorization Code",
        "client_credential": "Client Credentials",
        "ropc": "Resource Owner Password Credentials",
        "jwt": "JWT Bearer",
        "oidc": "OIDC",
        "multiple": "Multiple",
        "internal": "Internal",
        "not_applicable": "Not applicable",
        "uncertain": "Uncertain",
    },
    ("oauth_entity", "default_grant_type"): _GRANTS,
    ("oauth_entity", "send_client_credentials_as"): {
        "basic_authorization": "As Basic Authorization Header",
        "request_body_parameter": "In Request Body (Form URL-Encoded)",
    },
    ("oauth_entity", "token_format"): {"opaque": "Opaque", "jwt": "JWT"},
    ("oauth_entity", "scope_restriction_status"): {
        "broadly_scoped": "Broadly scoped",
        "securely_scoped": "Securely scoped",
    },
    ("oauth_entity", "code_challenge_method"): {"S256": "S256"},
    ("oauth_entity_profile", "grant_type"): _GRANTS,
    ("oauth_credential", "type"): {
        "access_token": "Access Token",
        "refresh_token": "Refresh Token",
    },
    ("sys_certificate", "type"): {
        "trust_store": "Trust Store Cert",
        "key_store": "Java Key Store",
        "pkcs12_key_store": "PKCS12 Key Store",
    },
    ("sys_certificate", "format"): {"pem": "PEM", "der": "DER"},
    ("sys_api_access_scope", "http_method"): _METHODS,
    ("sys_api_access_policy", "http_method"): _METHODS,
    ("sys_rate_limit_rules", "http_method"): _METHODS,
    ("sys_ws_operation", "http_method"): _METHODS,
    ("sys_rate_limit_rules", "type"): {
        "user": "Single user",
        "role": "Users with role",
        "all": "All users",
    },
    ("sys_token_auth_parameter", "type"): {
        "auth_header": "Auth Header",
        "query_param": "Query Parameter",
    },
    ("std_http_auth", "type"): {
        "basic_auth": "Basic Auth",
        "oauth": "OAuth",
        "id_token": "ID Token",
        "certificate": "Certificate based Auth",
    },
    ("sysrule_quota", "type"): {"rest": "REST", "ui": "UI"},
}
