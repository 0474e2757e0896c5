"""Disputes: opened by test cards, answered with evidence, won or lost."""

from collections.abc import Sequence

from sandbox.account import Account, Json
from sandbox.actions.disputing import CLOSED, accept, submit_evidence
from sandbox.changes import previous_attributes
from sandbox.endpoint import Call, Endpoint
from sandbox.errors import StripeError
from sandbox.expansion import Embedded, Rule, to
from sandbox.lists import Page, list_form, page
from sandbox.params import boolean, clearable_text, form, hash_of, merged, metadata, text
from sandbox.records import Dispute

EXPANDABLE: dict[str, Rule] = {
    "charge": to("charge"),
    "evidence": Embedded(),
    "evidence_details": Embedded(),
    "payment_intent": to("payment_intent"),
}

EVIDENCE = (
    "access_activity_log",
    "billing_address",
    "cancellation_policy",
    "cancellation_policy_disclosure",
    "cancellation_rebuttal",
    "customer_communication",
    "customer_email_address",
    "customer_name",
    "customer_purchase_ip",
    "customer_signature",
    "duplicate_charge_documentation",
    "duplicate_charge_explanation",
    "duplicate_charge_id",
    "product_description",
    "receipt",
    "refund_policy",
    "refund_policy_disclosure",
    "refund_refusal_explanation",
    "service_date",
    "service_documentation",
    "shipping_address",
    "shipping_carrier",
    "shipping_date",
    "shipping_documentation",
    "shipping_tracking_number",
    "uncategorized_file",
    "uncategorized_text",
)
UPDATE = form(
    evidence=hash_of(dict.fromkeys(EVIDENCE, clearable_text)), metadata=metadata, submit=boolean
)
RETRIEVE = form()
LIST = list_form(charge=text, payment_intent=text)

NETWORK_REASONS = {"fraudulent": "10.4", "product_not_received": "13.1"}


def render(account: Account, dispute: Dispute) -> Json:
    """Stripe's dispute, its balance transactions inline."""
    charge = account.require(account.charges, dispute.charge, None)
    rows = account.balance_transactions.some(dispute.balance_transactions)
    return {
        "id": dispute.id,
        "object": "dispute",
        "amount": dispute.amount,
        "balance_transactions": [account.render(row) for row in rows],
        "charge": dispute.charge,
        "created": dispute.created,
        "currency": dispute.currency,
        "enhanced_eligibility_types": [],
        "evidence": {
            **dict.fromkeys(EVIDENCE),
            "enhanced_evidence": {},
            **dispute.evidence,
        },
        "evidence_details": {
            "due_by": dispute.due_by,
            "enhanced_eligibility": {},
            "has_evidence": bool(dispute.evidence),
            "past_due": dispute.due_by < account.now() and not dispute.submissions,
            "submission_count": dispute.submissions,
            "submission_method": "manual" if dispute.submissions else "not_submitted",
        },
        "is_charge_refundable": dispute.inquiry,
        "livemode": False,
        "metadata": dispute.metadata,
        "payment_intent": dispute.payment_intent,
        "payment_method_details": {
            "card": {
                "brand": charge.details.card.brand,
                "case_type": "inquiry" if dispute.inquiry else "chargeback",
                "network": charge.details.card.brand,
                "network_reason_code": NETWORK_REASONS[dispute.reason],
            },
            "type": "card",
        },
        "reason": dispute.reason,
        "status": dispute.status,
    }


def retrieve(call: Call) -> Dispute:
    """One dispute."""
    return call.account.require(call.account.disputes, call.path["dispute"], "dispute")


def update(call: Call) -> Dispute:
    """Stage or submit evidence; submitted evidence is decided on a few seconds later."""
    account, params = call.account, call.params
    dispute = retrieve(call)
    _check_open(dispute)
    before = account.render(dispute)
    if "metadata" in params:
        dispute.metadata = merged(dispute.metadata, params["metadata"])
    if "evidence" in params:
        dispute.evidence = merged(dispute.evidence, _texts(params["evidence"]))
    submitted = params.get("submit", "evidence" in params)
    if submitted:
        submit_evidence(account, dispute)
    previous = previous_attributes(before, account.render(dispute))
    if previous:
        account.emit("charge.dispute.updated", dispute, previous)
    if submitted:
        account.emit("charge.updated", account.require(account.charges, dispute.charge, None), {})
    return dispute


def close(call: Call) -> Dispute:
    """Concede the dispute."""
    dispute = retrieve(call)
    _check_open(dispute)
    accept(call.account, dispute)
    return dispute


def list_all(call: Call) -> Page:
    """Disputes, newest first."""
    account, params = call.account, call.params
    rows: Sequence[Dispute] | None = None
    if "charge" in params:
        charge = account.require(account.charges, params["charge"], "charge", status=400)
        rows = account.disputes.some([charge.dispute] if charge.dispute else [])
    elif "payment_intent" in params:
        intent = account.require(
            account.payment_intents, params["payment_intent"], "payment_intent", status=400
        )
        charges = account.charges.some(intent.charges)
        rows = account.disputes.some(charge.dispute for charge in charges if charge.dispute)
    found = page(account.disputes, params, "/v1/disputes", rows=rows)
    if "charge" not in params:
        return found
    count = {"count": len(found.records)}  # undocumented, but Stripe was seen to send it
    return Page(found.records, found.has_more, found.url, count)


def retrieve_of_charge(call: Call) -> Dispute:
    """The dispute of a charge, under the charge's own path."""
    account = call.account
    charge = account.require(account.charges, call.path["id"], "id")
    if charge.dispute is None:
        raise StripeError(404, f"No dispute for charge: {charge.id}", code="resource_missing")
    return account.require(account.disputes, charge.dispute, None)


def _texts(evidence: dict[str, str | None]) -> dict[str, str]:
    return {name: value or "" for name, value in evidence.items()}


def _check_open(dispute: Dispute) -> None:
    if dispute.status in CLOSED:
        raise StripeError(400, "This dispute is already closed")


_ONE = "/v1/disputes/{dispute}"
ENDPOINTS = (
    Endpoint("GET", "/v1/disputes", list_all, LIST, "dispute", many=True),
    Endpoint("GET", _ONE, retrieve, RETRIEVE, "dispute"),
    Endpoint("POST", _ONE, update, UPDATE, "dispute"),
    Endpoint("POST", f"{_ONE}/close", close, RETRIEVE, "dispute"),
    Endpoint("GET", "/v1/charges/{id}/dispute", retrieve_of_charge, RETRIEVE, "dispute"),
)
