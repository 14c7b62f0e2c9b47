"""ACLs of assets and contracts."""

from collections.abc import Sequence

from simulator.access.acls import CREATE, DELETE, READ, WRITE, Acl
from simulator.access.conditions import is_any
from simulator.access.roles import ITIL
from simulator.areas.assets.tables import ASSET_TABLES
from simulator.areas.cmdb.acls import ASSET
from simulator.switches import Switches

_CONTRACT = frozenset({"contract_manager"})
_CONTRACTS = ("ast_contract", "contract_rel_ci", "clm_m2m_contract_asset", "clm_m2m_contract_user")


def acls(_: Switches) -> Sequence[Acl]:
    """`asset` keeps assets, `contract_manager` contracts; people see what is assigned to them."""
    kept = tuple(table.name for table in ASSET_TABLES if not table.extends)
    assets = tuple(name for name in kept if name not in _CONTRACTS)
    mine = is_any("assigned_to", "reserved_for", "owned_by")
    return (
        *(Acl(table=name, operation=READ, roles=ASSET | ITIL) for name in assets),
        *(
            Acl(table=name, operation=operation, roles=ASSET)
            for name in assets
            for operation in (CREATE, WRITE, DELETE)
        ),
        Acl(
            table="alm_asset",
            operation=READ,
            condition=mine,
            needs=("assigned_to", "reserved_for", "owned_by"),
        ),
        *(Acl(table="alm_asset", operation=READ, field=field, roles=ASSET) for field in _MONEY),
        *(Acl(table=name, operation=READ, roles=_CONTRACT | ASSET) for name in _CONTRACTS),
        *(
            Acl(table=name, operation=operation, roles=_CONTRACT)
            for name in _CONTRACTS
            for operation in (CREATE, WRITE, DELETE)
        ),
    )


_MONEY = ("cost", "resale_price", "residual", "salvage_value")
