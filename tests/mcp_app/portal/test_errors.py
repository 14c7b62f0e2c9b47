"""Pages for what went wrong."""

import pytest
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.test import Client, RequestFactory
from structlog.contextvars import bound_contextvars

from mcp_app.portal import errors
from tests.mcp_app.portal.pages import text_of


@pytest.fixture
def request_of_a_stranger() -> HttpRequest:
    return RequestFactory().get("/somewhere")


def test_an_unknown_address_has_a_page_with_a_reference(db: None):
    response = Client().get("/nothing/here")
    assert response.status_code == 404
    assert "There is nothing here" in text_of(response)
    assert "Reference:" in text_of(response)


def test_a_damaged_request_has_a_page(db: None):
    response = Client(headers={"host": "evil.example"}).get("/connection")
    assert response.status_code == 400
    assert "could not be understood" in text_of(response)


def test_a_refusal_has_a_page(request_of_a_stranger: HttpRequest):
    response = errors.permission_denied(request_of_a_stranger, PermissionDenied())
    assert response.status_code == 403
    assert "You may not do this" in text_of(response)


def test_a_fault_of_ours_has_a_page_that_needs_no_database(request_of_a_stranger: HttpRequest):
    with bound_contextvars(request_id="1234-5678"):
        response = errors.server_error(request_of_a_stranger)
    assert response.status_code == 500
    assert "The fault is ours" in text_of(response)
    assert "1234-5678" in text_of(response)
