"""What differs between real instances: the switches of a simulated one."""

from dataclasses import dataclass
from enum import StrEnum


class HiddenRows(StrEnum):
    """What becomes of records that a person may not read."""

    REFUSED = "refused"
    LEFT_OUT = "left_out"
    COUNTED = "counted"


@dataclass(kw_only=True)
class Switches:
    """Properties of an instance that differ between real ones; the admin API may change them.

    `case_insensitive`: `=`, `!=`, `IN` and `NOT IN` on strings ignore ASCII case.
    `invalid_query_returns_no_rows`: `glide.invalid_query.returns_no_rows`; off, a condition
    that is not understood is dropped and the rest of the query decides.
    `ignore_query_conditions`: every condition is dropped: every query finds everybody.
    `unknown_query_fields_are_refused`: a query on a field that does not exist is refused with 403,
    as one on a field that may not be read; off, its condition is dropped. Releases differ.
    `query_field_acls`: a query on a field the person may not read is refused with 403.
    `journal_rows_readable`: people with `itil` may read `sys_journal_field`; off, only admin.
    `dictionary_readable`: people with `itil` may read `sys_dictionary`, `sys_db_object`
    and `sys_choice`; off, only admin.
    `only_admins_close`: closing an incident needs `itil_admin` or `admin`.
    `rest_api_role`: the role without which the Table API answers 403; empty, everybody may.
    `invalid_table_detail`: the 400 for an unknown table says which one in `detail` too.
    `terse_data_policies`: a data policy says of a single field `… is mandatory`.
    `decisions_stand`: an approval that was decided or cancelled cannot be decided again.
    `refused_decisions_are_silent`: who may not decide an approval is answered 200, and nothing
    changes; off, 403.
    `rejections_need_comments`: rejecting an approval without comments is refused.
    `approvals_by_hand`: who may write a change may set its `approval` without being an approver;
    off, only `approval_admin` does, others are answered 200 and nothing changes (unverified).
    `assignment_rules`: `sysrule_assignment` gives new incidents without a group one.
    `aggregates_of_hidden_rows`: what the Aggregate API does for people who may read some records of
    a table only: `refused` (403), `left_out` (it counts what they may read) or `counted`.
    `problem_states_over_table_api`: the Table API may write the state of a problem; off, it answers
    200 and leaves it alone, but for administrators.
    `change_worker_seconds`: how long what the Change Management API gives to a worker takes.
    `mandatory_columns`: columns that the dictionary calls mandatory are asked for of web services.
    `update_set_by_preference`: changes go into the set that the preference `sys_update_set` names;
    off, only the picker chooses one, as it may be for calls with a token.
    `picker_needs_interface`: the pickers of application and update set serve only requests that
    look like those of a page of the instance.
    `transaction_seconds`: how long a statement of a large instance may take; then it is cancelled
    and answered 500 (of an instance in a file; others have no other time to look at the clock).
    `writes_need_accept`: a POST, PUT or PATCH without an `Accept` header is 400, as documented;
    off, it is answered in JSON, on which `pysnc.asyncio` relies.
    `refused_receivers_are_replaced`: who may not order for others and does orders for themselves;
    off, that is refused with 400.
    `absent_plugins`: names of plugins that are not installed: their tables and APIs are unknown.
    """

    case_insensitive: bool = True
    invalid_query_returns_no_rows: bool = False
    ignore_query_conditions: bool = False
    unknown_query_fields_are_refused: bool = False
    query_field_acls: bool = True
    journal_rows_readable: bool = False
    dictionary_readable: bool = True
    only_admins_close: bool = True
    rest_api_role: str = ""
    invalid_table_detail: bool = False
    terse_data_policies: bool = False
    decisions_stand: bool = True
    refused_decisions_are_silent: bool = False
    rejections_need_comments: bool = True
    approvals_by_hand: bool = False
    assignment_rules: bool = False
    aggregates_of_hidden_rows: HiddenRows = HiddenRows.REFUSED
    problem_states_over_table_api: bool = True
    change_worker_seconds: float = 0.0
    mandatory_columns: bool = True
    update_set_by_preference: bool = True
    picker_needs_interface: bool = True
    transaction_seconds: float = 60.0
    writes_need_accept: bool = False
    refused_receivers_are_replaced: bool = False
    absent_plugins: tuple[str, ...] = ()
