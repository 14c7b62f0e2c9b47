"""The tables of the service catalogue and of what is ordered from it."""

from simulator.areas.catalog.tables.carts import CART_TABLES
from simulator.areas.catalog.tables.criteria import CRITERIA_TABLES
from simulator.areas.catalog.tables.fulfilment import FULFILMENT_TABLES
from simulator.areas.catalog.tables.items import ITEM_TABLES
from simulator.areas.catalog.tables.orders import ORDER_TABLES
from simulator.areas.catalog.tables.variables import VARIABLE_TABLES

TABLES = (
    *ITEM_TABLES,
    *CRITERIA_TABLES,
    *VARIABLE_TABLES,
    *FULFILMENT_TABLES,
    *CART_TABLES,
    *ORDER_TABLES,
)
