"""Refunds: money given back, in the order of Stripe's checks."""

from collections.abc import Mapping, Sequence
from typing import Any

from sandbox.account import Account, Json
from sandbox.actions.refunding import refund
from sandbox.changes import previous_attributes
from sandbox.currencies import CURRENCIES
from sandbox.endpoint import Call, Endpoint
from sandbox.errors import ParameterError, StripeError, below_one
from sandbox.expansion import ALWAYS_NULL, Rule, to
from sandbox.ids import derived
from sandbox.lists import Page, list_form, page
from sandbox.params import form, integer, merged, metadata, one_of, text
from sandbox.records import Charge, Dispute, PaymentIntent, Refund
from sandbox.states import DisputeStatus, IntentStatus, RefundStatus

EXPANDABLE: dict[str, Rule] = {
    "balance_transaction": to("balance_transaction"),
    "charge": to("charge"),
    "customer": to("customer"),
    "failure_balance_transaction": to("balance_transaction"),
    "payment_intent": to("payment_intent"),
    "payment_method": to("payment_method"),
    "source_transfer_reversal": ALWAYS_NULL,
    "transfer_reversal": ALWAYS_NULL,
}

REASONS = ("duplicate", "fraudulent", "requested_by_customer")
CREATE = form(charge=text, payment_intent=text, amount=integer, reason=text, metadata=metadata)
UPDATE = form(metadata=metadata)
RETRIEVE = form()
LIST = list_form(charge=text, payment_intent=text)

read_reason = one_of(*REASONS)


def render(account: Account, given: Refund) -> Json:
    """Stripe's refund."""
    charge = account.charges.get(given.charge)
    answer = {
        "id": given.id,
        "object": "refund",
        "amount": given.amount,
        "balance_transaction": given.balance_transaction,
        "charge": given.charge,
        "created": given.created,
        "currency": given.currency,
        "customer": None if charge is None else charge.customer,
        "customer_account": None,
        "destination_details": {
            "card": {
                "reference": f"{derived(given.id) % 10**10:010d}",
                "reference_status": "available",
                "reference_type": "acquirer_reference_number",
                "type": "refund",
            },
            "type": "card",
        },
        "metadata": given.metadata,
        "payment_intent": given.payment_intent,
        "payment_method": None if charge is None else charge.payment_method,
        "reason": given.reason,
        "receipt_number": None,
        "source_transfer_reversal": None,
        "status": given.status,
        "transfer_reversal": None,
    }
    if given.status is RefundStatus.FAILED:
        answer["failure_balance_transaction"] = given.failure_balance_transaction
        answer["failure_reason"] = given.failure_reason
    return answer


def create(call: Call) -> Refund:
    """Give back all that is left, or an amount."""
    account, params = call.account, call.params
    charge = _charge_to_refund(account, params)
    _check_captured(account, charge)
    _check_not_contested(account, charge)
    if "reason" in params:
        read_reason("reason", params["reason"])
    left = charge.amount_captured - charge.amount_refunded
    if left == 0:
        raise StripeError(
            400,
            f"Charge {charge.id} has already been refunded.",
            code="charge_already_refunded",
        )
    amount = params.get("amount", left)
    if amount <= 0:
        raise below_one("amount")
    if amount > left:
        printed = CURRENCIES[charge.currency].printed
        raise StripeError(
            400,
            f"Refund amount ({printed(amount)}) is greater than unrefunded amount on charge "
            f"({printed(left)})",
            param="amount",
        )
    note = merged({}, params.get("metadata"))
    return refund(account, charge, amount, params.get("reason"), note)


def retrieve(call: Call) -> Refund:
    """One refund."""
    return call.account.require(call.account.refunds, call.path["refund"], "refund")


def update(call: Call) -> Refund:
    """Change the metadata."""
    account = call.account
    given = retrieve(call)
    before = account.render(given)
    if "metadata" in call.params:
        given.metadata = merged(given.metadata, call.params["metadata"])
    previous = previous_attributes(before, account.render(given))
    if previous:
        account.emit("refund.updated", given, previous)
        account.emit("charge.refund.updated", given, previous)
    return given


def cancel(call: Call) -> Refund:
    """A refund to a card can't be taken back."""
    retrieve(call)
    raise StripeError(400, "Canceling this refund is unsupported.")


def list_all(call: Call) -> Page:
    """Refunds, newest first."""
    account, params = call.account, call.params
    rows: Sequence[Refund] | None = None
    if "charge" in params:
        charge = account.require(account.charges, params["charge"], "charge", status=400)
        rows = account.refunds.some(charge.refunds)
    elif "payment_intent" in params:
        intent = account.require(
            account.payment_intents, params["payment_intent"], "payment_intent", status=400
        )
        rows = account.refunds.some(_refunds_of(account, intent))
    return _counted(call, page(account.refunds, params, "/v1/refunds", rows=rows))


def list_of_charge(call: Call) -> Page:
    """The refunds of one charge, under its own path."""
    account = call.account
    charge = account.require(account.charges, call.path["id"], "id")
    rows = account.refunds.some(charge.refunds)
    return page(account.refunds, call.params, f"/v1/charges/{charge.id}/refunds", rows=rows)


def _counted(call: Call, found: Page) -> Page:
    if "charge" not in call.params:
        return found
    count = {"count": len(found.records)}  # undocumented, but Stripe was seen to send it
    return Page(found.records, found.has_more, found.url, count)


def _refunds_of(account: Account, intent: PaymentIntent) -> list[str]:
    charges = account.charges.some(intent.charges)
    return [id for charge in charges for id in charge.refunds]


def _charge_to_refund(account: Account, params: Mapping[str, Any]) -> Charge:
    if "charge" in params:
        return account.require(account.charges, params["charge"], "id")
    if "payment_intent" not in params:
        raise ParameterError(
            "One of the following params should be provided for this request: payment_intent or "
            "charge.",
            None,
        )
    intents = account.payment_intents
    intent = account.require(intents, params["payment_intent"], "payment_intent")
    charge = account.charges.get(intent.charges[-1]) if intent.charges else None
    refundable = (IntentStatus.SUCCEEDED, IntentStatus.REQUIRES_CAPTURE)
    if charge is None or intent.status not in refundable:
        raise _nothing_to_refund(intent.id)
    return charge


def _check_captured(account: Account, charge: Charge) -> None:
    intent = account.require(account.payment_intents, charge.payment_intent, None)
    if charge.decline is not None or intent.status is IntentStatus.CANCELED:
        raise _nothing_to_refund(charge.payment_intent)
    if not charge.captured:
        raise StripeError(
            400,
            "This uncaptured Charge was created by a PaymentIntent "
            f"({charge.payment_intent}). You must cancel the PaymentIntent to reverse the "
            "authorization instead of refunding the Charge directly. For more information, see "
            "https://stripe.com/docs/payments/place-a-hold-on-a-payment-method",
        )


def _check_not_contested(account: Account, charge: Charge) -> None:
    dispute = None if charge.dispute is None else account.disputes.get(charge.dispute)
    if dispute is not None and not _leaves_refundable(dispute):
        raise StripeError(
            400,
            f"Charge {charge.id} has been charged back; cannot issue a refund.",
            code="charge_disputed",
        )


def _leaves_refundable(dispute: Dispute) -> bool:
    return dispute.inquiry or dispute.status is DisputeStatus.WON


def _nothing_to_refund(intent: str) -> StripeError:
    return StripeError(
        400, f"This PaymentIntent ({intent}) does not have a successful charge to refund."
    )


_ONE = "/v1/refunds/{refund}"
ENDPOINTS = (
    Endpoint("POST", "/v1/refunds", create, CREATE, "refund"),
    Endpoint("GET", "/v1/refunds", list_all, LIST, "refund", many=True),
    Endpoint("GET", _ONE, retrieve, RETRIEVE, "refund"),
    Endpoint("POST", _ONE, update, UPDATE, "refund"),
    Endpoint("POST", f"{_ONE}/cancel", cancel, RETRIEVE, "refund"),
    Endpoint("GET", "/v1/charges/{id}/refunds", list_of_charge, list_form(), "refund", many=True),
)
