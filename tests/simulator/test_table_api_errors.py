"""Everything the Table API refuses, with the body of the real thing."""

import pytest

from simulator.access.acls import Acl, Operation
from simulator.records.rules import Aborted, BusinessRule, Change, Moment
from simulator.switches import Switches
from tests.simulator.facts import fact
from tests.simulator.small_instance import ABEL, BETH, CHARLIE, DANA, FIRST, Api, small_instance

NO_RECORD = {
    "message": "No Record found",
    "detail": "Record doesn't exist or ACL restricts the record retrieval",
}


@pytest.fixture
def api() -> Api:
    """The Table API of a fresh small instance."""
    return Api()


def envelope(message: str, detail: str | None) -> dict[str, object]:
    """The body of an error."""
    return {"error": {"message": message, "detail": detail}, "status": "failure"}


@pytest.mark.parametrize("nobody", [None, "f" * 32])
@fact(
    "Without credentials the answer is 401: Required to provide Auth information",
    tag="M byte for byte",
)
async def test_nobody_is_answered_401_before_anything_else(api: Api, nobody: str | None) -> None:
    for path in ("/table/incident", "/table/u_nope", f"/table/incident/{FIRST}"):
        response = await api.get(path, by=nobody)
        assert response.status_code == 401
        assert response.headers["x-is-logged-in"] == "false"
        assert response.json() == envelope(
            "User Not Authenticated", "Required to provide Auth information"
        )


@fact("An unknown table is 400 Invalid table", tag="C ansible servicenow.itsm")
async def test_an_unknown_table_is_400(api: Api) -> None:
    for method in ("GET", "POST"):
        response = await api.call(method, "/table/u_nope", json={})
        assert response.status_code == 400
        assert response.json() == envelope("Invalid table u_nope", None)


@fact("Some builds name the unknown table in the detail too", tag="M a vendor instance")
async def test_some_builds_explain_an_unknown_table() -> None:
    api = Api(small_instance(switches=Switches(invalid_table_detail=True)))
    response = await api.get("/table/u_nope")
    assert response.json() == envelope("Invalid table u_nope", "Table u_nope does not exist")


@fact("An absurdly long address is answered in HTML, not JSON", tag="C PySNC test_nonjson_error")
async def test_an_absurd_address_is_answered_in_html(api: Api) -> None:
    response = await api.get("/table/" + "a" * 23_000)
    assert response.status_code == 414
    assert response.headers["content-type"].startswith("text/html")
    assert response.text.startswith("<html")


@pytest.mark.parametrize("content", [b"{", b"[1]", b'"text"', b"\xff"])
@fact(
    "A body that cannot be read is 400 Exception while reading request",
    tag="C clients' error tests",
)
async def test_a_body_that_is_no_json_object_is_400(api: Api, content: bytes) -> None:
    response = await api.call(
        "POST", "/table/incident", content=content, headers={"Content-Type": "application/json"}
    )
    assert response.status_code == 400
    assert response.json() == envelope(
        "Exception while reading request", "The payload is not valid JSON."
    )


@fact("A write without a Content-Type header is 400", tag="D c_RESTAPI")
async def test_a_write_needs_a_content_type(api: Api) -> None:
    response = await api.call("POST", "/table/incident", content=b"{}")
    assert response.status_code == 400


@fact("A write without an Accept header is answered in JSON", tag="C pysnc.asyncio sends none")
async def test_a_write_needs_no_accept_header(api: Api) -> None:
    response = await api.call("POST", "/table/incident", json={}, without=b"accept")
    assert response.status_code == 201


@fact("A write without an Accept header is 400", tag="D c_RESTAPI")
async def test_a_switch_makes_writes_need_an_accept_header(api: Api) -> None:
    api.instance.switches.writes_need_accept = True
    response = await api.call("POST", "/table/incident", json={}, without=b"accept")
    assert response.status_code == 400
    assert (await api.call("GET", "/table/incident", without=b"accept")).status_code == 200


@fact("A body of a type that is not read is 415", tag="D c_SpecifyContentType")
async def test_a_body_of_another_type_is_415(api: Api) -> None:
    response = await api.call(
        "POST", "/table/incident", content=b"<a/>", headers={"Content-Type": "text/plain"}
    )
    assert response.status_code == 415


@fact("An Accept header that nothing fits is 406", tag="D c_SpecifyContentType")
async def test_an_answer_of_another_type_is_406(api: Api) -> None:
    response = await api.call("GET", "/table/incident", headers={"Accept": "text/html"})
    assert response.status_code == 406


@fact(
    "A body over glide.rest.max_content_length, ten megabytes, is 413",
    tag="D r_ControllingMaxRequestSize",
)
@fact(
    "A body that is too large is refused with its size and the largest one allowed, in bytes",
    tag="KB KB0747638",
)
async def test_a_body_over_ten_megabytes_is_413(api: Api) -> None:
    response = await api.call(
        "POST",
        "/table/incident",
        content=b" " * (10 * 1024 * 1024 + 1),
        headers={"Content-Type": "application/json"},
    )
    assert response.status_code == 413
    assert response.json() == envelope(
        "Exception while reading request",
        "Rejected large REST payload with content-length = 10485761 bytes."
        " Max allowed: 10485760 bytes.",
    )


@pytest.mark.parametrize(
    ("megabytes", "size", "status"),
    [
        ("1", 2, 413),
        ("25", 12, 201),
        ("26", 12, 413),
        ("0", 2, 201),
        ("none", 2, 201),
        ("9" * 30, 12, 413),
    ],
)
@fact(
    "The property glide.rest.max_content_length says how large a body may be, up to 25 megabytes",
    tag="D r_ControllingMaxRequestSize",
)
async def test_a_property_says_how_large_a_body_may_be(
    api: Api, megabytes: str, size: int, status: int
) -> None:
    name = "glide.rest.max_content_length"
    api.instance.insert("sys_properties", {"name": name, "value": megabytes})
    body = b"{" + b" " * (size * 1024 * 1024) + b"}"
    headers = {"Content-Type": "application/json"}
    response = await api.call("POST", "/table/incident", content=body, headers=headers)
    assert response.status_code == status


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("PUT", "/table/incident"),
        ("DELETE", "/table/incident"),
        ("OPTIONS", "/table/incident"),
        ("POST", f"/table/incident/{FIRST}"),
    ],
)
@fact("A method an address does not take is 405 Method not Supported", tag="C clients' error tests")
async def test_other_methods_are_405(api: Api, method: str, path: str) -> None:
    response = await api.call(method, path, json={})
    assert response.status_code == 405
    assert response.json() == envelope(
        "Method not Supported", f"{method} method not supported for API"
    )


@fact(
    "Where the API-level ACL asks for a role, others get 403 Failed API level ACL Validation",
    tag="KB KB2466644",
)
async def test_the_api_may_be_closed_to_people_without_a_role() -> None:
    api = Api(small_instance(switches=Switches(rest_api_role="itil_admin")))
    response = await api.get("/table/incident")
    assert response.status_code == 403
    assert response.json() == envelope("User Not Authorized", "Failed API level ACL Validation")
    assert (await api.get("/table/incident", by=BETH)).status_code == 200


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "PATCH", "DELETE"])
@fact(
    "A record that is not there and one that ACLs hide are the same 404 No Record found",
    tag="M live answers",
)
@fact("A PUT or PATCH of a record that is not there makes none: it is 404", tag="KB KB0534905")
async def test_a_record_that_is_not_there_is_404(api: Api, method: str) -> None:
    response = await api.call(method, f"/table/incident/{'f' * 32}", json={}, by=DANA)
    assert response.status_code == 404
    if method != "HEAD":
        assert response.json() == envelope(NO_RECORD["message"], NO_RECORD["detail"])
    assert api.instance.count("incident") == 5


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE"])
@fact("An update or delete of a record one may not read is 404, not 403", tag="R")
async def test_charlie_cannot_tell_abels_incident_from_none(api: Api, method: str) -> None:
    response = await api.call(method, f"/table/incident/{FIRST}", json={}, by=CHARLIE)
    assert response.status_code == 404
    assert response.json()["error"] == NO_RECORD


@pytest.mark.parametrize(
    ("method", "path", "operation"),
    [
        ("POST", "/table/core_company", "Insert"),
        ("PATCH", f"/table/sys_user/{BETH}", "Update"),
        ("DELETE", f"/table/incident/{FIRST}", "Delete"),
    ],
)
@fact(
    "A write that a table ACL refuses is 403 Operation Failed, ACL Exception", tag="M live answers"
)
async def test_a_write_without_the_right_is_403(
    api: Api, method: str, path: str, operation: str
) -> None:
    response = await api.call(method, path, json={"name": "Mine"})
    assert response.status_code == 403
    assert response.json() == envelope(
        "Operation Failed", f"ACL Exception {operation} Failed due to security constraints"
    )


@fact(
    "A query on a field the person may not read is 403 Insufficient rights to query records",
    tag="M live answers",
)
async def test_a_query_on_an_unreadable_field_is_403(api: Api) -> None:
    for query in ("roles=admin", "ORDERBYlast_login", "manager.failed_attempts>1"):
        response = await api.get("/table/sys_user", sysparm_query=query)
        assert response.status_code == 403
        assert response.json() == envelope(
            "Insufficient rights to query records",
            "Field(s) present in the query do not have permission to be read",
        )
    assert (await api.get("/table/sys_user", by=DANA, sysparm_query="roles=x")).status_code == 200


@fact("Before query ACLs people could query fields that they may not read", tag="D query-acl-rule")
async def test_older_releases_let_people_query_unreadable_fields() -> None:
    api = Api(small_instance(switches=Switches(query_field_acls=False)))
    assert (await api.get("/table/sys_user", sysparm_query="roles=x")).status_code == 200


@fact(
    "A write that a business rule aborts is 403 with its name, its sys_id and the stack",
    tag="M live answers",
)
async def test_a_business_rule_aborts_with_its_name_and_stack(api: Api) -> None:
    def nobody_touches_the_group(change: Change) -> None:
        if change.changes("assignment_group"):
            raise Aborted

    name = "Abort changes on group"
    rule = BusinessRule(name=name, table="task", action=nobody_touches_the_group, order=1)
    api.instance.rules.add(rule)
    response = await api.patch(f"/table/incident/{FIRST}", {"assignment_group": ""})
    assert response.status_code == 403
    assert response.json() == envelope(
        "Operation Failed",
        f"Operation against file 'incident' was aborted by Business Rule '{name}^{rule.sys_id}'."
        f" Business Rule Stack:{name}",
    )
    assert len(rule.sys_id) == 32


async def test_a_business_rule_may_keep_a_record_from_being_deleted(api: Api) -> None:
    def kept(_: Change) -> None:
        raise Aborted

    api.instance.rules.add(
        BusinessRule(name="Keep", table="incident", action=kept, on=frozenset({Moment.DELETE}))
    )
    response = await api.call("DELETE", f"/table/incident/{FIRST}", by=DANA)
    assert response.status_code == 403
    assert api.instance.row("incident", FIRST) is not None


@fact(
    "A data policy that is not met is 403 with the labels of the mandatory fields",
    tag="M live answers",
)
async def test_a_data_policy_names_what_is_missing(api: Api) -> None:
    response = await api.patch(f"/table/incident/{FIRST}", {"state": "6", "close_notes": "Done"})
    assert response.status_code == 403
    assert response.json() == envelope(
        "Operation Failed",
        "Data Policy Exception: The following fields are mandatory: Resolution code",
    )
    assert (await api.result(f"/table/incident/{FIRST}"))["state"] == "1"


async def test_tests_can_take_a_right_away(api: Api) -> None:
    field = {"table": "incident", "field": "description"}
    api.instance.access.add(
        Acl(operation=Operation.READ, roles=frozenset({"admin"}), **field)  # type: ignore[arg-type]  # names of the dataclass
    )
    record = await api.result(f"/table/incident/{FIRST}", by=ABEL)
    assert "description" not in record
