"""Approvals of a person, approvals of a group, and who may decide for whom."""

from simulator.schema import (
    SYSTEM_FIELDS,
    Table,
    boolean,
    choice,
    moment,
    number,
    reference,
    text,
    typed,
)

APPROVAL = Table(
    name="sysapproval_approver",
    label="Approval",
    fields=(
        *SYSTEM_FIELDS,
        reference("sysapproval", "Approval for", "task", indexed=True),
        typed("source_table", "Source table", "table_name", length=80),
        typed("document_id", "Approving", "document_id", length=32, indexed=True),
        reference("approver", "Approver", "sys_user", indexed=True),
        choice("state", "State", default="not requested", indexed=True),
        reference("group", "Group", "sysapproval_group", indexed=True),
        typed("comments", "Comments", "journal_input", length=4000),
        typed("due_date", "Due date", "due_date"),
        typed("expected_start", "Expected start", "due_date"),
        text("approval_column", "Approval column", length=80, default="approval"),
        text(
            "approval_journal_column",
            "Approval journal column",
            length=80,
            default="approval_history",
        ),
        text("approval_source", "Approval source", length=40),
        reference("wf_activity", "Workflow activity", "wf_activity"),
        number("iteration", "Iteration", default="1"),
        number("order", "Order"),
        text("state_link", "State link", length=40),
    ),
)

GROUP_APPROVAL = Table(
    name="sysapproval_group",
    label="Group approval",
    extends="task",
    prefix="GAPRV",
    fields=(
        typed("approval_user", "Approval user", "user_input", length=4000),
        choice("wait_for", "Wait for", default="any"),
        number("percentage", "Percentage"),
        choice("reject_handling", "Reject handling", default="reject"),
        reference("wf_activity", "Workflow activity", "wf_activity"),
    ),
)

DELEGATE = Table(
    name="sys_user_delegate",
    label="Delegate",
    fields=(
        *SYSTEM_FIELDS,
        reference("user", "User", "sys_user", indexed=True, display=True),
        reference("delegate", "Delegate", "sys_user", indexed=True),
        moment("starts", "Starts"),
        moment("ends", "Ends"),
        boolean("approvals", "Approvals", default="true"),
        boolean("assignments", "Assignments", default="true"),
        boolean("notifications", "CC notifications", default="true"),
        boolean("invitations", "Meeting invitations", default="true"),
    ),
)

APPROVAL_TABLES = (APPROVAL, GROUP_APPROVAL, DELEGATE)
