"""The Table API in XML."""

import pytest

from tests.simulator.facts import fact
from tests.simulator.small_instance import ABEL, BETH, FIRST, Api

XML = {"Accept": "application/xml"}
WRITE = {**XML, "Content-Type": "application/xml"}


@pytest.fixture
def api() -> Api:
    """The Table API of a fresh small instance."""
    return Api()


@fact(
    "With Accept: application/xml a record is an XML document: response, result, its fields",
    tag="D Table API",
)
async def test_a_record_is_answered_in_xml(api: Api) -> None:
    response = await api.call(
        "GET",
        f"/table/incident/{FIRST}",
        headers=XML,
        params={"sysparm_fields": "number,caller_id,resolved_by"},
    )
    assert response.headers["content-type"] == "application/xml;charset=UTF-8"
    assert response.text == (
        '<?xml version="1.0" encoding="UTF-8"?><response><result><number>INC0000001</number>'
        f"<caller_id><link>http://small.test/api/now/table/sys_user/{ABEL}</link>"
        f"<value>{ABEL}</value></caller_id><resolved_by/></result></response>"
    )


async def test_a_list_has_a_result_for_each_record(api: Api) -> None:
    api.instance.update("incident", FIRST, {"short_description": "a < b & \x0b c"})
    response = await api.call(
        "GET",
        "/table/incident",
        headers=XML,
        params={"sysparm_fields": "short_description", "sysparm_limit": "2"},
    )
    assert response.headers["x-total-count"] == "5"
    assert response.text.count("<result>") == 2
    assert "<short_description>a &lt; b &amp;  c</short_description>" in response.text


async def test_refusals_are_in_xml_too(api: Api) -> None:
    response = await api.call("GET", "/table/u_nope", headers={"Accept": "text/xml"})
    assert response.status_code == 400
    assert "<error><message>Invalid table u_nope</message><detail/></error>" in response.text


@pytest.mark.parametrize("accept", ["application/xml, application/json", "*/*", "text/xml,*/*"])
async def test_who_accepts_json_gets_json(api: Api, accept: str) -> None:
    response = await api.call("GET", "/table/incident", headers={"Accept": accept})
    assert response.headers["content-type"].startswith("application/json")


@fact("The XML body of a write is request, entry, and the fields", tag="D Table API")
async def test_a_body_may_be_xml(api: Api) -> None:
    body = (
        "<request><entry><short_description>Fr\u00fch &amp; sp\u00e4t</short_description>"
        "<urgency>1</urgency><category/></entry><entry><urgency>3</urgency></entry></request>"
    )
    response = await api.call(
        "POST", "/table/incident", by=BETH, headers=WRITE, content=body.encode()
    )
    assert response.status_code == 201
    assert "<short_description>Fr\u00fch &amp; sp\u00e4t</short_description>" in response.text
    assert "<urgency>1</urgency>" in response.text
    assert "<category/>" in response.text


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<request>",
        b"{}",
        b"\xff\xfe\x00",
        b'<!DOCTYPE a [<!ENTITY b "c">]><request><entry><urgency>&b;</urgency></entry></request>',
        b'<?xml version="1.0" encoding="nonsense"?><request/>',
    ],
)
async def test_a_body_that_is_no_plain_xml_is_refused(api: Api, body: bytes) -> None:
    response = await api.call("POST", "/table/incident", headers=WRITE, content=body)
    assert response.status_code == 400
    assert "Exception while reading request" in response.text


async def test_deep_and_odd_xml_is_read_without_harm(api: Api) -> None:
    deep = b"<a>" * 5000 + b"</a>" * 5000
    response = await api.call("POST", "/table/incident", headers=WRITE, content=deep)
    assert response.status_code == 201
    odd = await api.call("GET", "/table/sys_user", headers=XML, params={"sysparm_fields": "1.2,"})
    assert odd.status_code == 200


async def test_an_answer_without_a_body_has_none_in_xml(api: Api) -> None:
    response = await api.call(
        "PATCH",
        f"/table/incident/{FIRST}",
        headers={**XML, "X-no-response-body": "true"},
        json={"urgency": "2"},
    )
    assert (response.status_code, response.content) == (200, b"")


@pytest.mark.parametrize("name", ["sysparm_offset", "sysparm_limit"])
async def test_absurd_numbers_are_no_trouble(api: Api, name: str) -> None:
    response = await api.get("/table/incident", **{name: "9" * 30})
    assert response.status_code == 200
