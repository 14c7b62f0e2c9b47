"""Where ordered things are delivered."""

from simulator.instance import Instance


def delivery_address(instance: Instance, sys_id: str) -> str:
    """The address of a person on lines: their own, or else that of where they work."""
    user = instance.row("sys_user", sys_id) or {}
    place = user if user.get("street") else instance.row("cmn_location", user.get("location", ""))
    if not place:
        return ""
    town = ", ".join(place[name] for name in ("city", "state", "zip") if place.get(name))
    return "\n".join(part for part in (place["street"], town, place.get("country", "")) if part)
