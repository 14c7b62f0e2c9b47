"""The addresses of the console."""

from starlette.routing import Route

from simulator.console import clock, faults, overview, people, records, requests, switches, tokens
from simulator.console.parts import ADDRESS

_PAGES = {
    "": overview.overview,
    "/requests": requests.requests,
    "/requests/{id:int}": requests.one_request,
    "/records": records.tables,
    "/records/{table}": records.table_records,
    "/records/{table}/{sys_id}": records.record,
    "/people": people.people,
    "/tokens": tokens.tokens,
    "/faults": faults.faults,
    "/switches": switches.switches,
    "/clock": clock.clock,
}

_DEEDS = {
    "/reset": overview.reset,
    "/requests/clear": requests.clear,
    "/people": people.change,
    "/tokens": tokens.expire,
    "/faults": faults.add,
    "/faults/{id:int}/remove": faults.remove,
    "/faults/release": faults.release,
    "/faults/clear": faults.clear,
    "/switches": switches.change,
    "/clock": clock.change,
}

ROUTES = [
    *(Route(ADDRESS + path, page, methods=["GET"]) for path, page in _PAGES.items()),
    *(Route(ADDRESS + path, deed, methods=["POST"]) for path, deed in _DEEDS.items()),
]
