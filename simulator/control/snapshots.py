"""Snapshots by name: the data and tokens of a moment, to go back to as often as a test likes."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass

from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from simulator.control.gate import ADMIN_PATH, failure
from simulator.world import World, world_of

MOST_KEPT = 10


class SnapshotAsked(BaseModel):
    """What a snapshot is to be called."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(pattern=r"^[\w.-]{1,80}$")


@dataclass(frozen=True)
class Listed:
    """One snapshot: its name, when it was taken, and its size in bytes."""

    name: str
    at: str
    size: int


class Snapshots:
    """The snapshots of a running simulator, in its memory: none that is larger than that."""

    def __init__(self, *, largest_bytes: int = 512 * 1024**2) -> None:
        self.largest_bytes = largest_bytes
        self._kept: dict[str, tuple[str, bytes]] = {}

    def __iter__(self) -> Iterator[Listed]:
        return (Listed(name, at, len(data)) for name, (at, data) in self._kept.items())

    def take(self, world: World, name: str) -> bool:
        """Keep everything as it is now, in the place of one of that name; False: too many."""
        if name not in self._kept and len(self._kept) >= MOST_KEPT:
            return False
        self._kept[name] = (world.clock().isoformat(), world.instance.snapshot())
        return True

    def restore(self, world: World, name: str) -> bool:
        """Put everything back: data, clients and tokens; nobody signed in, no fault, no journal.

        False if there is no such snapshot.
        """
        if name not in self._kept:
            return False
        world.instance.restore(self._kept[name][1])
        world.forget()
        return True

    def drop(self, name: str) -> bool:
        """Forget one; False if there is none."""
        return self._kept.pop(name, None) is not None


async def list_snapshots(request: Request) -> Response:
    """GET /simulator/snapshots: their names, times and sizes."""
    return JSONResponse({"snapshots": [asdict(one) for one in _of(request)]})


async def take_snapshot(request: Request) -> Response:
    """POST /simulator/snapshots: `{"name": "signed-in"}` keeps data and tokens as they are."""
    asked = SnapshotAsked.model_validate_json(await request.body())
    if world_of(request).instance.store.size_bytes > _of(request).largest_bytes:
        return failure(413, "Too large to be copied: a reset comes back to how it was filled")
    if not _of(request).take(world_of(request), asked.name):
        return failure(409, f"No more than {MOST_KEPT} snapshots are kept")
    return Response(status_code=201)


async def restore_snapshot(request: Request) -> Response:
    """POST /simulator/snapshots/{name}/restore: everything as it was then."""
    restored = _of(request).restore(world_of(request), request.path_params["name"])
    return Response(status_code=204) if restored else failure(404, "No such snapshot")


async def drop_snapshot(request: Request) -> Response:
    """DELETE /simulator/snapshots/{name}."""
    dropped = _of(request).drop(request.path_params["name"])
    return Response(status_code=204) if dropped else failure(404, "No such snapshot")


def _of(request: Request) -> Snapshots:
    snapshots: Snapshots = request.app.state.snapshots
    return snapshots


_PATH = f"{ADMIN_PATH}snapshots"

ROUTES = [
    Route(_PATH, list_snapshots, methods=["GET"]),
    Route(_PATH, take_snapshot, methods=["POST"]),
    Route(f"{_PATH}/{{name}}/restore", restore_snapshot, methods=["POST"]),
    Route(f"{_PATH}/{{name}}", drop_snapshot, methods=["DELETE"]),
]
