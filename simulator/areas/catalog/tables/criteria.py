"""User criteria: for whom an item, a category or a whole catalogue is there."""

from simulator.schema import SYSTEM_FIELDS, Table, boolean, reference, text, typed

USER_CRITERIA = Table(
    name="user_criteria",
    label="User Criteria",
    fields=(
        *SYSTEM_FIELDS,
        text("name", "Name", length=100, display=True, indexed=True),
        boolean("active", "Active", default="true"),
        boolean("match_all", "Match All"),
        boolean("advanced", "Advanced"),
        typed("script", "Script", "script", length=4000),
        *(
            typed(name, label, "glide_list", length=1024, reference=table)
            for name, label, table in (
                ("user", "Users", "sys_user"),
                ("group", "Groups", "sys_user_group"),
                ("role", "Roles", "sys_user_role"),
                ("company", "Companies", "core_company"),
                ("location", "Locations", "cmn_location"),
                ("department", "Departments", "cmn_department"),
            )
        ),
    ),
)

_SUBJECTS = (
    ("sc_cat_item", "sc_cat_item", "Catalog Item"),
    ("sc_category", "sc_category", "Category"),
    ("sc_catalog", "sc_catalog", "Catalog"),
)


def _link(table: str, field: str, label: str, *, refused: bool) -> Table:
    return Table(
        name=f"{table}_user_criteria_{'no_mtom' if refused else 'mtom'}",
        label=f"{label} {'Not Available' if refused else 'Available'} For",
        fields=(
            *SYSTEM_FIELDS,
            reference(field, label, table, indexed=True),
            reference("user_criteria", "User criteria", "user_criteria", display=True),
        ),
    )


CRITERIA_TABLES = (
    USER_CRITERIA,
    *(
        _link(table, field, label, refused=refused)
        for table, field, label in _SUBJECTS
        for refused in (False, True)
    ),
)
