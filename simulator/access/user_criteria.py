"""User criteria: by whom catalogues and knowledge are meant to be seen."""

from collections.abc import Callable, Mapping

from simulator.access.people import Person

_OF_THE_PERSON = ("company", "department", "location")


def meets(
    person: Person,
    criterion: Mapping[str, str],
    *,
    user: Mapping[str, str],
    role_name: Callable[[str], str],
) -> bool:
    """Whether a person meets a `user_criteria` row: any of what it lists, or with `match_all` all.

    `user` is their `sys_user` row, `role_name` gives the name of a role by its sys_id. One that is
    inactive, lists nothing, or is a script (none runs here) is met by nobody.
    """
    if criterion["active"] == "false":
        return False
    listed = {name: _listing(text) for name, text in criterion.items()}
    met = []
    if listed["user"]:
        met.append(person.sys_id in listed["user"])
    if listed["group"]:
        met.append(not listed["group"].isdisjoint(person.groups))
    if listed["role"]:
        met.append(person.has_any(frozenset(map(role_name, listed["role"]))))
    met += [user.get(name, "") in listed[name] for name in _OF_THE_PERSON if listed[name]]
    if criterion["advanced"] == "true" and criterion["script"]:
        met.append(False)
    return bool(met) and (all(met) if criterion["match_all"] == "true" else any(met))


def _listing(text: str) -> frozenset[str]:
    return frozenset(one for one in text.split(",") if one)
