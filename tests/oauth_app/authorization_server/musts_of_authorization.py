"""What the authorization endpoint, its redirects and its consent page must never do."""

from tests.oauth_app.authorization_server.musts import Must

_PRACTICES = "MCP security best practices, confused deputy"

# name of the demand and of its test: source, first MCP revision, what it demands
AUTHORIZATION_MUSTS: dict[str, Must] = {
    # --- the request ----------------------------------------------------------------------------
    "a_repeated_parameter_is_refused": Must(
        "RFC 6749 3.1",
        "2025-03-26",
        "Request parameters are not included more than once.",
    ),
    "a_parameter_without_a_value_counts_as_left_out": Must(
        "RFC 6749 3.1",
        "2025-03-26",
        "Parameters sent without a value are treated as if they were omitted.",
    ),
    "a_parameter_nobody_knows_changes_nothing": Must(
        "RFC 6749 3.1",
        "2025-03-26",
        "Unrecognized request parameters are ignored.",
    ),
    "no_response_type_but_code_is_served": Must(
        "RFC 6749 3.1.1; RFC 9700 2.1.2",
        "2025-03-26",
        "A missing or unknown response type is an error; no token leaves the front channel.",
    ),
    "no_request_without_pkce_gets_a_code": Must(
        "OAuth 2.1 4.1.1; MCP authorization, code protection",
        "2025-03-26",
        "A request without a code challenge is rejected.",
    ),
    "no_challenge_but_that_of_s256_is_taken": Must(
        "RFC 7636 4.2, 4.4.1; RFC 9700 2.1.1",
        "2025-03-26",
        "A challenge method that is not supported, and a challenge that is none, is an error.",
    ),
    "no_foreign_resource_is_served": Must(
        "RFC 8707 2",
        "2025-06-18",
        "A resource that is not ours is an invalid_target, never a token for something else.",
    ),
    "no_scope_that_is_unknown_is_granted": Must(
        "RFC 6749 3.3",
        "2025-03-26",
        "A request whose scopes are all unknown or malformed is an invalid_scope.",
    ),
    "no_request_object_is_read": Must(
        "OpenID Connect Core 6; RFC 9101 10.5",
        "2025-03-26",
        "Requests by value or by reference are refused where they are not supported, not ignored.",
    ),
    "no_answer_comes_in_another_mode": Must(
        "OAuth 2.0 Multiple Response Types 2.1",
        "2025-03-26",
        "A response mode that is not supported is an error.",
    ),
    # --- the answer -----------------------------------------------------------------------------
    "no_state_comes_back_changed": Must(
        "RFC 6749 4.1.2, 4.1.2.1",
        "2025-03-26",
        "The state is returned with the exact value received, in answers and in errors.",
    ),
    "no_answer_leaves_out_who_answers": Must(
        "RFC 9207 2",
        "2026-07-28",
        "Every authorization response, errors included, names its issuer once and exactly.",
    ),
    "no_query_of_a_redirect_is_lost": Must(
        "RFC 6749 3.1.2",
        "2025-03-26",
        "The query component of a redirect address is retained when parameters are added.",
    ),
    "no_answer_makes_the_browser_send_the_form_on": Must(
        "RFC 9700 4.12",
        "2025-03-26",
        "A redirect after a form never uses the status 307.",
    ),
    "no_script_of_another_site_reads_an_answer": Must(
        "RFC 9700 2.6",
        "2025-03-26",
        "Cross-origin requests are not supported at the authorization endpoint.",
    ),
    # --- redirects ------------------------------------------------------------------------------
    "no_unknown_client_gets_a_redirect": Must(
        "RFC 6749 4.1.2.1",
        "2025-03-26",
        "Where the client is missing or unknown the browser is not redirected.",
    ),
    "no_redirect_that_was_not_registered_is_followed": Must(
        "RFC 6749 3.1.2.3, 4.1.2.1; RFC 9700 2.1",
        "2025-03-26",
        "Redirect addresses are compared as strings, and a mismatching one is never followed.",
    ),
    "no_part_of_a_local_address_but_its_port_varies": Must(
        "RFC 8252 7.3; RFC 9700 2.1",
        "2025-03-26",
        "Only the port of a loopback redirect may differ from the registered one.",
    ),
    "no_redirect_has_a_fragment": Must(
        "RFC 6749 3.1.2",
        "2025-03-26",
        "A redirect address does not include a fragment.",
    ),
    "no_redirect_leads_elsewhere_over_plain_http": Must(
        "MCP authorization, communication security",
        "2025-03-26",
        "Redirect addresses are https or on the person's own computer.",
    ),
    "no_link_sends_a_stranger_on": Must(
        "RFC 9700 4.11.2",
        "2025-03-26",
        "The person is authenticated before an error takes them to a client's address.",
    ),
    # --- consent --------------------------------------------------------------------------------
    "no_code_is_issued_without_a_persons_yes": Must(
        _PRACTICES,
        "2025-06-18",
        "Consent to each client is obtained before anything is issued or sent on.",
    ),
    "no_consent_page_hides_who_asks_for_what_and_where_it_goes": Must(
        _PRACTICES + "; CIMD 6",
        "2025-06-18",
        "The page names the client, the host that gets the answer, and what is asked for.",
    ),
    "no_other_site_frames_the_page": Must(
        "RFC 6749 10.13; RFC 9700 4.16",
        "2025-03-26",
        "Clickjacking is prevented by a policy that forbids every frame.",
    ),
    "no_forged_answer_counts": Must(
        "RFC 6749 10.12",
        "2025-03-26",
        "The endpoint is protected against cross-site request forgery.",
    ),
    "no_answer_counts_twice": Must(
        _PRACTICES,
        "2025-06-18",
        "The state of a consent is used once; two answers at one moment give one code.",
    ),
    "no_answer_counts_in_another_browser_or_of_another_person": Must(
        _PRACTICES,
        "2025-06-18",
        "A consent is bound to the browser and the person that were asked.",
    ),
    "no_scope_is_granted_beyond_the_yes": Must(
        "RFC 6749 3.3",
        "2025-03-26",
        "What is granted is what the person allowed, and the client is told where it is less.",
    ),
    "no_local_client_is_let_in_unasked": Must(
        "RFC 6749 10.2; RFC 8252 8.6",
        "2025-03-26",
        "Requests of clients that others can pose as are not processed without the person.",
    ),
    "no_consent_lets_a_client_step_up_unasked": Must(
        "RFC 6749 10.2; " + _PRACTICES,
        "2025-06-18",
        "A standing consent answers no request for more than was allowed.",
    ),
    # --- how to ask -----------------------------------------------------------------------------
    "no_page_is_shown_where_none_is_wanted": Must(
        "OpenID Connect Core 3.1.2.1, 3.1.2.6",
        "2025-03-26",
        "With the prompt none no page is displayed; what would need one is an error.",
    ),
    "no_prompt_stands_beside_none": Must(
        "OpenID Connect Core 3.1.2.1",
        "2025-03-26",
        "The prompt none together with any other value is an error.",
    ),
    "no_silent_error_goes_to_an_address_that_was_not_registered": Must(
        "OpenID Connect Core 3.1.2.6; RFC 9700 4.11.2",
        "2025-03-26",
        "Also with the prompt none only a validated address is redirected to.",
    ),
}
