"""What is relied on of the SDK beyond its public API: a change of it shows here first."""

import inspect
from importlib.metadata import version

import mcp_types
from mcp.server.lowlevel import Server

from mcp_app.wire import sdk


def names_of(call: object) -> list[str]:
    return list(inspect.signature(call).parameters)


def test_the_release_is_the_one_that_was_looked_at():
    assert version("mcp").startswith("2.3.")


def test_the_kernel_takes_a_server_a_connection_and_a_lifespan_state():
    assert names_of(sdk.ServerRunner)[:3] == ["server", "connection", "lifespan_state"]
    assert "init_options" in names_of(sdk.ServerRunner)


def test_the_kernel_answers_a_request_from_its_context_method_and_params():
    runner = sdk.ServerRunner(
        Server("s"), sdk.Connection.from_envelope("2025-11-25", None, None), None
    )
    assert names_of(runner.on_request) == ["dctx", "method", "params"]
    assert inspect.iscoroutinefunction(runner.on_request)


def test_a_connection_is_made_from_what_a_session_kept():
    info, able = {"name": "c", "version": "1"}, {"elicitation": {}}
    connection = sdk.Connection.from_envelope("2025-06-18", info, able)
    assert connection.protocol_version == "2025-06-18"
    assert connection.initialize_accepted
    assert connection.client_params.client_info.name == "c"
    assert connection.client_capabilities.elicitation is not None


def test_a_connection_that_has_agreed_on_nothing_waits_for_initialize():
    assert not sdk.Connection.for_loop(object()).initialize_accepted


def test_a_failure_of_ours_says_nothing_of_itself():
    error = sdk.modern_error_data(RuntimeError("password=hunter2"))
    assert (error.code, error.message) == (mcp_types.INTERNAL_ERROR, "Internal server error")


def test_the_statuses_of_the_errors_are_those_of_the_specification():
    assert sdk.ERROR_CODE_HTTP_STATUS[mcp_types.METHOD_NOT_FOUND] == 404
    assert sdk.ERROR_CODE_HTTP_STATUS[mcp_types.HEADER_MISMATCH] == 400


def test_an_envelope_is_classified_by_body_and_headers():
    assert names_of(sdk.classify_inbound_request)[:2] == ["body", "headers"]
    rejected = sdk.classify_inbound_request({"method": "ping", "params": {}}, headers={})
    assert isinstance(rejected, sdk.InboundLadderRejection)


def test_the_progress_token_is_read_from_the_request():
    assert sdk.progress_token_from_params({"_meta": {"progressToken": 0}}) == 0
    assert sdk.progress_token_from_params({"_meta": {"progressToken": True}}) is None
