"""Everything as at first."""

from simulator.seed.planting import demo_data
from simulator.world import World


def reset_demo_data(world: World) -> None:
    """The data as at first; nobody signed in, no token, no fault, an empty journal.

    Clients, switches and the clock stay as they are. A large instance comes back to the moment it
    was filled; others get the demo data as of now.
    """
    clients = world.clients.all()
    if world.instance.is_marked():
        world.instance.rewind()
    else:
        world.instance.restore(demo_data(world.clock()))
    world.start_over()
    for client in clients:
        world.clients.register(client)
