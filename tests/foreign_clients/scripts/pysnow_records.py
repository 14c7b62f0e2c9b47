"""pysnow: its documented examples over the Table API, the Attachment API and the query builder."""

import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pysnow
import requests
from place import ADMIN, HOST, INSTANCE, IS_HTTPS, SIMULATOR, failure, unique

client = pysnow.Client(host=HOST, user=ADMIN[0], password=ADMIN[1], use_ssl=IS_HTTPS)


def _incidents() -> pysnow.Resource:
    return client.resource(api_path="/table/incident")


def _created() -> dict[str, str]:
    return _incidents().create(payload={"short_description": unique("Pong")}).one()


def an_instance_is_reached_by_its_name() -> None:
    if not INSTANCE:
        return
    named = pysnow.Client(instance=INSTANCE, user=ADMIN[0], password=ADMIN[1])
    found = named.resource(api_path="/table/incident").get(query={"number": "INC0010001"})
    assert found.one()["number"] == "INC0010001"


def many_records_are_fetched() -> None:
    found = _incidents().get(query={"state": 1}).all()
    assert found
    assert {record["state"] for record in found} == {"1"}


def the_first_record_of_a_stream() -> None:
    assert _incidents().get(query={"state": 3}, stream=True).first()["state"] == "3"
    assert _incidents().get(query={"number": "none"}, stream=True).first_or_none() is None
    streamed = _incidents().get(query="stateIN1,2", stream=True, limit=7).all()
    assert len(list(streamed)) == 7


def exactly_one_record() -> None:
    assert _incidents().get(query={"number": "INC0010001"}).one()["number"] == "INC0010001"
    assert _incidents().get(query={"number": "none"}).one_or_none() is None
    none, many = _incidents().get(query={"number": "none"}), _incidents().get(query={"state": 1})
    failure(pysnow.exceptions.NoResults, none.one)
    failure(pysnow.exceptions.MultipleResults, many.one)


def fields_limit_and_offset() -> None:
    every = _incidents().get(query="ORDERBYnumber", fields=["number"], limit=10).all()
    part = _incidents().get(query="ORDERBYnumber", fields=["number"], limit=4, offset=3).all()
    assert part == every[3:7]
    assert set(part[0]) == {"number"}


def shared_parameters_say_how_values_are_shown() -> None:
    shown = pysnow.Client(host=HOST, user=ADMIN[0], password=ADMIN[1], use_ssl=IS_HTTPS)
    shown.parameters.display_value = True
    shown.parameters.exclude_reference_link = True
    found = shown.resource(api_path="/table/incident").get(query={"number": "INC0010001"}).one()
    assert (found["state"], found["caller_id"]) == ("In Progress", "Abel Tuter")


def a_total_and_pages_are_in_the_headers() -> None:
    response = _incidents().get(query={}, limit=5)
    assert int(response.headers["X-Total-Count"]) > 5
    assert 'rel="next"' in response.headers["Link"]


def a_query_is_built() -> None:
    today = datetime.now(UTC).replace(tzinfo=None) + timedelta(days=1)
    built = (
        pysnow.QueryBuilder()
        .field("number")
        .starts_with("INC001")
        .AND()
        .field("sys_created_on")
        .between(today - timedelta(days=60), today)
        .AND()
        .field("state")
        .equals(["1", "2"])
        .AND()
        .field("number")
        .order_descending()
    )
    found = [record["number"] for record in _incidents().get(query=built).all()]
    assert found
    assert found == sorted(found, reverse=True)


def conditions_of_a_built_query_are_alternatives() -> None:
    built = (
        pysnow.QueryBuilder()
        .field("number")
        .equals("INC0010001")
        .NQ()
        .field("short_description")
        .contains("Printer of Finance")
        .AND()
        .field("assigned_to")
        .is_not_empty()
    )
    found = {record["number"] for record in _incidents().get(query=built).all()}
    assert "INC0010001" in found


def a_record_is_created() -> None:
    created = _created()
    assert created["number"].startswith("INC")
    assert created["short_description"].startswith("Pong")


def a_record_is_updated() -> None:
    number = _created()["number"]
    update = {"short_description": "New short description", "state": 5}
    updated = _incidents().update(query={"number": number}, payload=update)
    assert updated["short_description"] == "New short description"
    fetched = _incidents().get(query={"number": number})
    assert fetched.update({"short_description": "Again"})["short_description"] == "Again"


def a_record_is_deleted() -> None:
    number = _created()["number"]
    assert _incidents().delete(query={"number": number}) == {"status": "record deleted"}
    assert _incidents().get(query={"number": number}).one_or_none() is None


def a_path_of_its_own_is_requested() -> None:
    created = _created()
    response = _incidents().request(method="GET", path_append=f"/{created['sys_id']}")
    assert response.one()["number"] == created["number"]
    counted = client.resource(api_path="/stats/incident").request(method="GET")
    assert "stats" in counted.one()


def aggregates_are_a_resource() -> None:
    stats = client.resource(api_path="/stats/incident")
    stats.parameters.add_custom({"sysparm_count": True, "sysparm_group_by": "state"})
    groups = stats.get(query="active=true").all()
    assert all(group["stats"]["count"].isdigit() for group in groups)
    assert groups[0]["groupby_fields"][0]["field"] == "state"


def files_are_uploaded_listed_and_deleted() -> None:
    created = _created()
    attachments = _incidents().attachments
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / "attachment.txt"
        path.write_text("of some text")
        uploaded = attachments.upload(sys_id=created["sys_id"], file_path=str(path)).one()
        other = _incidents().get(query={"sys_id": created["sys_id"]})
        other.upload(file_path=str(path), name="second.txt")
    listed = _incidents().attachments.get(sys_id=created["sys_id"])
    assert {each["file_name"] for each in listed} == {"attachment.txt", "second.txt"}
    downloaded = requests.get(uploaded["download_link"], auth=ADMIN, timeout=30)
    assert downloaded.text == "of some text"
    assert _incidents().attachments.delete(uploaded["sys_id"]) == {"status": "record deleted"}
    assert len(_incidents().attachments.get(sys_id=created["sys_id"])) == 1


def what_is_refused_is_an_http_error() -> None:
    nobody = pysnow.Client(host=HOST, user="admin", password="wrong", use_ssl=IS_HTTPS)
    for asked, path, status in ((client, "/table/u_nope", 400), (nobody, "/table/incident", 401)):
        found = asked.resource(api_path=path).get(query={})
        refused = failure(requests.exceptions.HTTPError, found.all)
        assert refused.response.status_code == status


def the_simulator_names_itself_in_links() -> None:
    record = _incidents().get(query={"number": "INC0010001"}).one()
    assert record["caller_id"]["link"].startswith(f"{SIMULATOR}/api/now/table/sys_user/")
    link = _incidents().get_record_link(record["sys_id"])
    assert requests.get(link, auth=ADMIN, timeout=30).json()["result"]["number"] == "INC0010001"
