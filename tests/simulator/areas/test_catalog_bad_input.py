"""Whatever clients send to the Service Catalog API, the answer is no failure of the server."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simulator.areas.catalog.seed.naming import variable_id
from tests.simulator.areas.catalog_api import (
    ABEL,
    BADGE,
    HEADSET,
    LAPTOP,
    ROOT,
    SERVICE,
    Catalog,
    category_id,
    item_id,
)
from tests.simulator.facts import fact

NEW_HIRE, REPORT = item_id("New Hire"), item_id("Report an Incident")

_GETS = (
    "/catalogs",
    f"/catalogs/{SERVICE}",
    f"/catalogs/{SERVICE}/categories",
    f"/categories/{category_id('Hardware')}",
    "/items",
    f"/items/{LAPTOP}",
    f"/items/{LAPTOP}/variables",
    "/cart",
    "/wishlist",
    "/wishlist/x",
    "/cart/delivery_address/x",
    "/variables/x",
    f"/items/{LAPTOP}/delegation/x",
)
_WRITES = (
    ("POST", f"/items/{LAPTOP}/order_now"),
    ("POST", f"/items/{BADGE}/order_now"),
    ("POST", f"/items/{HEADSET}/add_to_cart"),
    ("POST", f"/items/{HEADSET}/add_to_wishlist"),
    ("POST", f"/items/{REPORT}/submit_producer"),
    ("POST", f"/items/{NEW_HIRE}/checkout_guide"),
    ("PUT", f"/items/{NEW_HIRE}/submit_guide"),
    ("POST", f"/items/{BADGE}/get_invalid_delegated_users"),
    ("POST", "/cart/checkout"),
    ("POST", "/cart/submit_order"),
    ("PUT", "/cart/x"),
    ("POST", f"/variables/{variable_id('New Hire', 'hiring_manager')}/display_value"),
)
_PARAMETERS = ("limit", "offset", "text", "view", "type", "catalog", "category", "top_level_only")

_words = st.text(max_size=20) | st.sampled_from(
    ["\x00", "javascript:gs.getUserID()", "^NQ", "9" * 30]
)
_json = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | _words,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_words, inner, max_size=3),
    max_leaves=8,
)
_names = st.sampled_from(
    [
        *("sysparm_quantity", "sysparm_requested_for", "sysparm_also_request_for", "variables"),
        *("items", "sysparm_value", "requested_for", "special_instructions", "delivery_address"),
    ]
)
_bodies = st.dictionaries(_names, _json, max_size=5)


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    """One catalogue for all that is sent: nothing that is refused may break it."""
    return Catalog()


_fuzzing = settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@_fuzzing
@given(
    path=st.sampled_from(_GETS),
    parameters=st.dictionaries(st.sampled_from(_PARAMETERS), _words, max_size=3),
)
async def test_odd_parameters_are_answered(
    catalog: Catalog, path: str, parameters: dict[str, str]
) -> None:
    named = {f"sysparm_{name}": value for name, value in parameters.items()}
    response = await catalog.ask("GET", path, **named)
    assert response.status_code < 500, response.text


@_fuzzing
@given(asked=st.sampled_from(_WRITES), body=_bodies | _json)
async def test_odd_bodies_are_answered(
    catalog: Catalog, asked: tuple[str, str], body: object
) -> None:
    method, path = asked
    response = await catalog.ask(method, path, body)
    assert response.status_code < 500, response.text
    assert response.status_code < 300 or response.json()["status"] == "failure"


@pytest.mark.parametrize(
    "content", [b"{", b"[1]", b'"x"', b'{"a": "\\ud800"}', b"\xff\xfe", b"null", b"{'a': 1}"]
)
async def test_a_body_that_is_no_json_object_is_400(catalog: Catalog, content: bytes) -> None:
    response = await catalog.call(
        "POST",
        f"{ROOT}/items/{HEADSET}/order_now",
        by=ABEL,
        content=content,
        headers={"Content-Type": "application/json"},
    )
    assert response.status_code == 400
    assert response.json()["error"]["message"] == "Exception while reading request"


async def test_a_body_of_another_type_is_415(catalog: Catalog) -> None:
    response = await catalog.call(
        "POST", f"{ROOT}/items/{HEADSET}/order_now", by=ABEL, data={"sysparm_quantity": "1"}
    )
    assert response.status_code == 415


@fact("A body that is too large is 400 at scripted APIs", tag="D r_ControllingMaxRequestSize")
async def test_a_body_too_large_is_400(catalog: Catalog) -> None:
    response = await catalog.call(
        "POST",
        f"{ROOT}/items/{HEADSET}/order_now",
        by=ABEL,
        content=b'{"a": "' + b"x" * (10 * 1024 * 1024) + b'"}',
        headers={"Content-Type": "application/json"},
    )
    assert response.status_code == 400
    assert response.json()["error"]["detail"].startswith("Rejected large REST payload")


@pytest.mark.parametrize("variables", [[1], "x", 5, True])
async def test_variables_must_be_an_object(catalog: Catalog, variables: object) -> None:
    body = {"sysparm_quantity": 1, "variables": variables}
    message = await catalog.refusal("POST", f"/items/{HEADSET}/order_now", body)
    assert message == "Exception while reading request"
