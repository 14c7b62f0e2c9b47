"""Contracts, and what they cover."""

from simulator.schema import (
    CLASS_FIELD,
    SYSTEM_FIELDS,
    Table,
    boolean,
    choice,
    date,
    reference,
    text,
    typed,
)

CONTRACT = Table(
    name="ast_contract",
    label="Contract",
    prefix="CNTR",
    fields=(
        *SYSTEM_FIELDS,
        CLASS_FIELD,
        text("number", "Number", indexed=True),
        text("short_description", "Short description", length=160, display=True),
        text("vendor_contract", "Contract number", length=80),
        text("description", "Description", length=4000),
        choice("state", "State", default="draft"),
        choice("substate", "Substate"),
        choice("process", "Process", default="non_lease"),
        boolean("active", "Active", default="true"),
        boolean("renewable", "Is Renewable"),
        date("starts", "Starts"),
        date("ends", "Ends"),
        date("renewal_date", "Renewal date"),
        typed("payment_amount", "Payment amount", "currency"),
        choice("payment_schedule", "Payment schedule"),
        typed("total_cost", "Total cost", "currency"),
        text("invoice_payment_terms", "Invoice payment terms", length=80),
        text("po_number", "PO number"),
        reference("vendor", "Vendor", "core_company"),
        reference("contract_administrator", "Contract administrator", "sys_user"),
        reference("approver", "Approver", "sys_user"),
        reference("business_owner", "Business owner", "sys_user"),
        reference("location", "Location", "cmn_location"),
        reference("cost_center", "Cost center", "cmn_cost_center"),
        reference("parent", "Parent contract", "ast_contract", indexed=True),
        reference("contract_model", "Contract model", "cmdb_model"),
    ),
)


def _kind(name: str, label: str) -> Table:
    return Table(name=name, label=label, extends="ast_contract", fields=())


KINDS = (
    _kind("ast_service", "Service Contract"),
    _kind("ast_lease", "Lease"),
    _kind("ast_warranty", "Warranty"),
    _kind("ast_license", "Software License Contract"),
)


def _covered(name: str, label: str, field: str, title: str, to: str) -> Table:
    return Table(
        name=name,
        label=label,
        fields=(
            *SYSTEM_FIELDS,
            reference("contract", "Contract", "ast_contract", indexed=True, display=True),
            reference(field, title, to, indexed=True),
            typed("added", "Added", "glide_date_time"),
            typed("removed", "Removed", "glide_date_time"),
        ),
    )


COVERED = (
    _covered("contract_rel_ci", "CI Covered", "ci_item", "Configuration item", "cmdb_ci"),
    _covered("clm_m2m_contract_asset", "Asset Covered", "asset", "Asset", "alm_asset"),
    _covered("clm_m2m_contract_user", "User Covered", "user", "User", "sys_user"),
)

CONTRACT_TABLES = (CONTRACT, *KINDS, *COVERED)
