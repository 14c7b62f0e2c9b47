"""ACLs of import sets: who loads rows, and who says what becomes of them."""

from collections.abc import Sequence

from simulator.access.acls import CREATE, DELETE, READ, WRITE, Acl
from simulator.switches import Switches

LOADERS = frozenset({"import_admin", "import_transformer", "import_set_loader"})
_ADMINS = frozenset({"import_admin"})

_LOADED = ("sys_import_set", "sys_multi_import_set", "sys_import_set_row", "sys_import_set_run")
_DESCRIBING = ("sys_transform_map", "sys_transform_entry", "sys_rest_insert_multiple")


def acls(_: Switches) -> Sequence[Acl]:
    """Those who load read what they loaded; only administrators of imports write the maps."""
    return (
        *(
            Acl(table=table, operation=operation, roles=LOADERS)
            for table in _LOADED
            for operation in (READ, CREATE)
        ),
        *(Acl(table=table, operation=READ, roles=LOADERS) for table in _DESCRIBING),
        *(
            Acl(table=table, operation=operation, roles=_ADMINS)
            for table in _DESCRIBING
            for operation in (CREATE, WRITE, DELETE)
        ),
    )
