"""Companies and what they consist of: departments, places, cost centres."""

from simulator.schema import (
    CLASS_FIELD,
    SYSTEM_FIELDS,
    Table,
    boolean,
    choice,
    date,
    number,
    reference,
    text,
    typed,
)

_ADDRESS = (
    text("street", "Street", length=255),
    text("city", "City", length=50),
    text("state", "State / Province"),
    text("zip", "Zip / Postal code"),
    text("country", "Country"),
    typed("phone", "Phone", "ph_number"),
    typed("fax_phone", "Fax phone", "ph_number"),
    typed("latitude", "Latitude", "float"),
    typed("longitude", "Longitude", "float"),
    text("lat_long_error", "Lat long error", length=1000),
)

COMPANY = Table(
    name="core_company",
    label="Company",
    fields=(
        *SYSTEM_FIELDS,
        CLASS_FIELD,
        text("name", "Name", length=80, display=True, indexed=True),
        *_ADDRESS,
        typed("website", "Website", "url", length=1024),
        text("notes", "Notes", length=4000),
        boolean("customer", "Customer"),
        boolean("vendor", "Vendor"),
        boolean("manufacturer", "Manufacturer"),
        boolean("primary", "Primary"),
        boolean("publicly_traded", "Publicly traded"),
        text("stock_symbol", "Stock symbol"),
        number("num_employees", "Number of employees"),
        typed("market_cap", "Market cap", "currency"),
        typed("revenue_per_year", "Revenue per year", "currency"),
        choice("rank_tier", "Rank tier"),
        choice("vendor_type", "Vendor type"),
        reference("vendor_manager", "Vendor manager", "sys_user"),
        reference("parent", "Parent", "core_company", indexed=True),
        reference("contact", "Contact", "sys_user"),
    ),
)

LOCATION = Table(
    name="cmn_location",
    label="Location",
    fields=(
        *SYSTEM_FIELDS,
        text("name", "Name", length=100, display=True, indexed=True),
        text("full_name", "Full name", length=255),
        *_ADDRESS,
        text("time_zone", "Time zone"),
        choice("cmn_location_source", "Location source"),
        choice("cmn_location_type", "Location type"),
        boolean("stock_room", "Stock room"),
        boolean("duplicate", "Duplicate"),
        reference("primary_location", "Primary location", "cmn_location"),
        reference("managed_by_group", "Managed by group", "sys_user_group"),
        reference("parent", "Parent", "cmn_location", indexed=True),
        reference("company", "Company", "core_company"),
        reference("contact", "Contact", "sys_user"),
    ),
)

DEPARTMENT = Table(
    name="cmn_department",
    label="Department",
    fields=(
        *SYSTEM_FIELDS,
        text("name", "Name", length=100, display=True, indexed=True),
        text("id", "ID"),
        text("code", "Code"),
        text("description", "Description", length=1000),
        number("head_count", "Head count"),
        reference("parent", "Parent", "cmn_department", indexed=True),
        reference("company", "Company", "core_company"),
        reference("business_unit", "Business unit", "business_unit"),
        reference("dept_head", "Department head", "sys_user"),
        reference("primary_contact", "Primary contact", "sys_user"),
        reference("cost_center", "Cost center", "cmn_cost_center"),
    ),
)

BUSINESS_UNIT = Table(
    name="business_unit",
    label="Business Unit",
    fields=(
        *SYSTEM_FIELDS,
        text("name", "Name", length=100, display=True),
        text("description", "Description", length=1000),
        text("hierarchy_level", "Hierarchy level"),
        reference("bu_head", "Business unit head", "sys_user"),
        reference("company", "Company", "core_company"),
        reference("parent", "Parent", "business_unit"),
    ),
)

BUILDING = Table(
    name="cmn_building",
    label="Building",
    fields=(
        *SYSTEM_FIELDS,
        text("name", "Name", length=100, display=True),
        number("floors", "Floors"),
        text("notes", "Notes", length=4000),
        reference("contact", "Contact", "sys_user"),
        reference("location", "Location", "cmn_location"),
    ),
)

COST_CENTER = Table(
    name="cmn_cost_center",
    label="Cost Center",
    fields=(
        *SYSTEM_FIELDS,
        text("name", "Name", length=100, display=True),
        text("code", "Code"),
        text("account_number", "Account number"),
        date("valid_from", "Valid from"),
        date("valid_to", "Valid to"),
        reference("manager", "Manager", "sys_user"),
        reference("location", "Location", "cmn_location"),
        reference("parent", "Parent", "cmn_cost_center"),
    ),
)

COUNTRY = Table(
    name="core_country",
    label="Country",
    fields=(
        *SYSTEM_FIELDS,
        text("name", "Name", length=100, display=True),
        text("iso3166_2", "ISO 3166 (2 characters)", length=2),
        text("iso3166_3", "ISO 3166 (3 characters)", length=3),
    ),
)

PLACE_TABLES = (
    COMPANY,
    LOCATION,
    DEPARTMENT,
    BUSINESS_UNIT,
    BUILDING,
    COST_CENTER,
    COUNTRY,
)
