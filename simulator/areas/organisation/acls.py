"""ACLs of people, groups and roles."""

from collections.abc import Sequence

from simulator.access.acls import CREATE, DELETE, READ, WRITE, Acl
from simulator.access.conditions import is_any, own_rows
from simulator.access.roles import ADMIN, ITIL, USER_ADMIN
from simulator.switches import Switches

_USER_FIELDS_FOR_ADMINISTRATORS = (
    "failed_attempts",
    "internal_integration_user",
    "last_login",
    "last_login_time",
    "locked_out",
    "password_needs_reset",
    "roles",
    "source",
    "web_service_access_only",
)
_OWN_USER_FIELDS = (
    *("phone", "mobile_phone", "home_phone", "time_zone", "date_format", "time_format"),
    *("preferred_language", "street", "city", "state", "zip", "notification"),
)
_PLACES = (
    *("core_company", "cmn_location", "cmn_department", "business_unit", "cmn_building"),
    *("cmn_cost_center", "sys_user_group_type"),
)


def acls(_: Switches) -> Sequence[Acl]:
    """`user_admin` keeps people; everybody reads them, and changes little of their own record."""
    own = is_any("sys_id")
    return (
        *(
            Acl(table="sys_user", operation=operation, roles=USER_ADMIN)
            for operation in (CREATE, WRITE, DELETE)
        ),
        Acl(table="sys_user", operation=WRITE, condition=own, needs=("sys_id",)),
        Acl(table="sys_user", operation=WRITE, field="*", roles=USER_ADMIN),
        *(Acl(table="sys_user", operation=WRITE, field=field) for field in _OWN_USER_FIELDS),
        Acl(table="sys_user", operation=READ, field="user_password", roles=ADMIN),
        Acl(table="sys_user", operation=READ, field="home_phone", roles=ITIL),
        Acl(table="sys_user", operation=READ, field="home_phone", condition=own, needs=("sys_id",)),
        *(
            Acl(table="sys_user", operation=READ, field=field, roles=USER_ADMIN)
            for field in _USER_FIELDS_FOR_ADMINISTRATORS
        ),
        *(
            Acl(table=table, operation=operation, roles=USER_ADMIN)
            for table in ("sys_user_group", "sys_user_grmember", "sys_user_has_role")
            for operation in (CREATE, WRITE, DELETE)
        ),
        *(
            Acl(table=table, operation=operation, roles=USER_ADMIN)
            for table in _PLACES
            for operation in (CREATE, WRITE, DELETE)
        ),
        *own_rows("sys_user_preference", (READ, CREATE, WRITE, DELETE)),
        *own_rows("sys_user_has_role", (READ,)),
        Acl(table="sys_user_has_role", operation=READ, roles=USER_ADMIN),
    )
