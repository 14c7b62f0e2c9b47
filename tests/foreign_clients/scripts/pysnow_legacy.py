"""pysnow: the interface of its first versions, which it keeps: query, insert, clone, attach."""

import tempfile
from pathlib import Path

import pysnow
import requests
from place import ADMIN, HOST, IS_HTTPS, failure, unique
from pysnow.legacy_exceptions import MultipleResults, NoResults, UnexpectedResponse

client = pysnow.Client(host=HOST, user=ADMIN[0], password=ADMIN[1], use_ssl=IS_HTTPS)


def _query(**query: str):  # noqa: ANN202  # the type is the client's
    return client.query(table="incident", query=query)


def records_are_counted_and_fetched_over_all_pages() -> None:
    paging = pysnow.Client(
        host=HOST,
        user=ADMIN[0],
        password=ADMIN[1],
        use_ssl=IS_HTTPS,
        request_params={"sysparm_limit": 50},
    )
    request = paging.query(table="incident", query="active=true")
    found = list(request.get_multiple(fields=["number"], order_by=["-number"]))
    assert request.count == len(found) > 50
    numbers = [record["number"] for record in found]
    assert numbers == sorted(numbers, reverse=True)


def one_record_is_fetched() -> None:
    assert _query(number="INC0010001").get_one()["number"] == "INC0010001"
    failure(MultipleResults, _query(state="1").get_one)


def a_record_is_inserted_updated_and_deleted() -> None:
    inserted = client.insert(table="incident", payload={"short_description": unique("Old")})
    request = _query(number=inserted["number"])
    updated = request.update({"short_description": "New"})
    assert updated["short_description"] == "New"
    assert request.delete()
    failure(NoResults, _query(number=inserted["number"]).delete)


def a_record_is_cloned_once_its_sys_id_is_reset() -> None:
    inserted = client.insert(table="incident", payload={"short_description": unique("Sheep")})
    request = _query(sys_id=inserted["sys_id"])
    cloned = request.clone(reset_fields=["sys_id", "number"])
    assert cloned["sys_id"] != inserted["sys_id"]
    assert cloned["short_description"] == inserted["short_description"]
    refused = failure(UnexpectedResponse, request.clone)
    assert "Make sure unique fields has been reset" in str(refused)


def a_file_is_attached_by_a_form() -> None:
    inserted = client.insert(table="incident", payload={"short_description": unique("File")})
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / "of-a-form.txt"
        path.write_text("of some text")
        attached = _query(number=inserted["number"]).attach(str(path))
    assert attached["file_name"] == "of-a-form.txt"
    assert requests.get(attached["download_link"], auth=ADMIN, timeout=30).text == "of some text"


def what_is_refused_is_unexpected() -> None:
    request = client.query(table="u_nope", query={})
    refused = failure(UnexpectedResponse, request.get_one)
    assert refused.status_code == 400
