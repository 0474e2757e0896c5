"""Charges: one attempt to take money each, made by PaymentIntents only."""

from collections.abc import Sequence
from uuid import NAMESPACE_OID, uuid5

from sandbox.account import Account, Json
from sandbox.actions.relabelling import relabel
from sandbox.actions.releasing import EXPIRED
from sandbox.changes import previous_attributes
from sandbox.declines import Decline
from sandbox.endpoint import Call, Endpoint
from sandbox.errors import StripeError
from sandbox.expansion import ALWAYS_NULL, Embedded, OnDemand, Rule, to
from sandbox.ids import derived, derived_text
from sandbox.lists import Page, list_form, page
from sandbox.params import clearable_text, form, integer, merged, metadata, text
from sandbox.records import Charge
from sandbox.resources.payment_methods import render_billing, render_checks

INLINE_REFUNDS = 10
DESCRIPTOR = "IPSUM STREET"


def refunds_of(account: Account, charge: Json) -> Json:
    """``charge.refunds``: the newest ten, and how many there are."""
    record = account.require(account.charges, charge["id"], None)
    newest = account.refunds.some(record.refunds)[::-1]
    return {
        "object": "list",
        "data": [account.render(refund) for refund in newest[:INLINE_REFUNDS]],
        "has_more": len(newest) > INLINE_REFUNDS,
        "total_count": len(newest),
        "url": f"/v1/charges/{record.id}/refunds",
    }


EXPANDABLE: dict[str, Rule] = {
    "balance_transaction": to("balance_transaction"),
    "billing_details": Embedded({"address": Embedded()}),
    "customer": to("customer"),
    "failure_balance_transaction": to("balance_transaction"),
    "outcome": Embedded(),
    "payment_intent": to("payment_intent"),
    "payment_method_details": Embedded({"card": Embedded()}),
    "refunds": OnDemand(refunds_of, "refund"),
    **dict.fromkeys(
        ("application", "application_fee", "on_behalf_of", "review", "source_transfer"), ALWAYS_NULL
    ),
}

RETRIEVE = form()
UPDATE = form(description=clearable_text, metadata=metadata, receipt_email=clearable_text)
CAPTURE = form(amount=integer)
LIST = list_form(customer=text, payment_intent=text, transfer_group=text)

CHECKED_3DS = {
    "authentication_flow": "challenge",
    "electronic_commerce_indicator": "05",
    "result": "authenticated",
    "result_reason": None,
    "version": "2.2.0",
}


def render(_: Account, charge: Charge) -> Json:
    """Stripe's charge."""
    decline = charge.decline
    return {
        "id": charge.id,
        "object": "charge",
        "amount": charge.amount,
        "amount_captured": charge.amount_captured,
        "amount_refunded": charge.amount_refunded,
        "application": None,
        "application_fee": None,
        "application_fee_amount": None,
        "balance_transaction": charge.balance_transaction,
        "billing_details": render_billing(charge.billing),
        "calculated_statement_descriptor": DESCRIPTOR,
        "captured": charge.captured,
        "created": charge.created,
        "currency": charge.currency,
        "customer": charge.customer,
        "description": charge.description,
        "disputed": charge.dispute is not None,
        "failure_balance_transaction": None,
        "failure_code": None if decline is None else decline.code,
        "failure_message": None if decline is None else decline.message,
        "fraud_details": {},
        "livemode": False,
        "metadata": charge.metadata,
        "on_behalf_of": None,
        "outcome": _outcome(charge.id, decline),
        "paid": decline is None,
        "payment_intent": charge.payment_intent,
        "payment_method": charge.payment_method,
        "payment_method_details": {"card": _card(charge), "type": "card"},
        "radar_options": {},
        "receipt_email": charge.receipt_email,
        "receipt_number": None,
        "receipt_url": None
        if decline
        else f"https://pay.stripe.com/receipts/payment/{derived_text(charge.id, 'receipt', 40)}",
        "refunded": charge.captured and charge.amount_refunded == charge.amount_captured,
        "review": None,
        "shipping": charge.shipping,
        "source": None,
        "source_transfer": None,
        "statement_descriptor": None,
        "statement_descriptor_suffix": charge.statement_descriptor_suffix,
        "status": "succeeded" if decline is None else "failed",
        "transfer_data": None,
        "transfer_group": None,
    }


def _outcome(id: str, decline: Decline | None) -> Json:
    score = derived(id) % 64
    if decline is None:
        return {
            "advice_code": None,
            "network_advice_code": None,
            "network_decline_code": None,
            "network_status": "approved_by_network",
            "reason": None,
            "risk_level": "normal",
            "risk_score": score,
            "seller_message": "Payment complete.",
            "type": "authorized",
        }
    return {
        "advice_code": decline.advice,
        "network_advice_code": None,
        "network_decline_code": decline.network_code,
        "network_status": decline.network_status,
        "reason": decline.reason,
        "risk_level": decline.risk_level,
        "risk_score": score if decline.risk_level == "normal" else 90 + score % 10,
        "seller_message": decline.seller_message,
        "type": decline.outcome,
    }


def _card(charge: Charge) -> Json:
    details = charge.details
    card = details.card
    approved = charge.decline is None
    return {
        "amount_authorized": charge.amount if approved else None,
        "authorization_code": f"{derived(charge.id) % 10**6:06d}" if approved else None,
        "brand": card.brand,
        "checks": render_checks(charge.billing, details.cvc_check),
        "country": card.country,
        "exp_month": details.exp_month,
        "exp_year": details.exp_year,
        "extended_authorization": {"status": "disabled"},
        "fingerprint": card.fingerprint,
        "funding": card.funding,
        "incremental_authorization": {"status": "unavailable"},
        "installments": None,
        "last4": card.last4,
        "mandate": None,
        "multicapture": {"status": "unavailable"},
        "network": card.brand,
        "network_token": {"used": False},
        "network_transaction_id": f"{derived(charge.id, 'network'):015d}",
        "overcapture": {"maximum_amount_capturable": charge.amount, "status": "unavailable"},
        "regulated_status": "unregulated",
        "three_d_secure": {**three_d_secure(charge.id), "exemption_indicator": None}
        if charge.authenticated
        else None,
        "transaction_link_id": None,
        "wallet": None,
        **({} if charge.capture_before is None else {"capture_before": charge.capture_before}),
    }


def three_d_secure(id: str) -> Json:
    """The challenge that was passed for a charge or for the attempt to set a card up."""
    return {**CHECKED_3DS, "transaction_id": str(uuid5(NAMESPACE_OID, id))}


def retrieve(call: Call) -> Charge:
    """One charge."""
    return call.account.require(call.account.charges, call.path["id"], "id")


def update(call: Call) -> Charge:
    """Change what may be changed; rows already booked keep their description."""
    account, params = call.account, call.params
    charge = retrieve(call)
    before = account.render(charge)
    if "metadata" in params:
        relabel(account, charge, merged(charge.metadata, params["metadata"]))
    charge.description = params.get("description", charge.description)
    charge.receipt_email = params.get("receipt_email", charge.receipt_email)
    previous = previous_attributes(before, account.render(charge))
    if previous:
        account.emit("charge.updated", charge, previous)
    return charge


def capture(call: Call) -> Charge:
    """Refused: a PaymentIntent's charge is captured through its PaymentIntent."""
    charge = retrieve(call)
    intent = call.account.require(call.account.payment_intents, charge.payment_intent, None)
    if intent.cancellation_reason == EXPIRED:
        raise StripeError(
            400,
            "The charge cannot be captured as the authorization has expired.",
            code="charge_expired_for_capture",
        )
    if charge.captured:
        raise StripeError(
            400,
            f"Charge {charge.id} has already been captured.",
            code="charge_already_captured",
        )
    raise StripeError(
        400,
        f"This uncaptured Charge was created by a PaymentIntent ({charge.payment_intent}). You "
        "must capture the PaymentIntent instead. For more information, see "
        "https://stripe.com/docs/payments/place-a-hold-on-a-payment-method",
    )


def list_all(call: Call) -> Page:
    """Charges, newest first. The sandbox has no transfer groups."""
    account, params = call.account, call.params
    customer = params.get("customer")
    rows: Sequence[Charge] | None = None
    if "transfer_group" in params:
        rows = ()
    elif "payment_intent" in params:
        intent = account.require(
            account.payment_intents, params["payment_intent"], "payment_intent", status=400
        )
        rows = account.charges.some(intent.charges)
    elif customer is not None:
        rows = account.charges.where("customer", customer)
    return page(
        account.charges,
        params,
        "/v1/charges",
        rows=rows,
        keep=None if customer is None else lambda charge: charge.customer == customer,
    )


ENDPOINTS = (
    Endpoint("GET", "/v1/charges", list_all, LIST, "charge", many=True),
    Endpoint("GET", "/v1/charges/{id}", retrieve, RETRIEVE, "charge"),
    Endpoint("POST", "/v1/charges/{id}", update, UPDATE, "charge"),
    Endpoint("POST", "/v1/charges/{id}/capture", capture, CAPTURE, "charge"),
)
