"""Cards on file: attached to a customer, detached, looked up for use."""

import msgspec

from sandbox.account import Account
from sandbox.actions.card_entry import named_card, new_method
from sandbox.cards import BY_NAME
from sandbox.changes import previous_attributes
from sandbox.errors import StripeError
from sandbox.failures import decline_members
from sandbox.records import BillingDetails, Customer, PaymentMethod


def find_method(
    account: Account, id: str, param: str = "payment_method", *, status: int = 400
) -> PaymentMethod:
    """The card of that id; one of Stripe's test names such as ``pm_card_visa`` makes a new one."""
    if id.startswith("pm_card_") and id in BY_NAME:
        return new_method(account, named_card(account, id, param), BillingDetails(), {})
    return account.require(account.payment_methods, id, param, status=status)


def check_usable(method: PaymentMethod, customer_id: str | None, intent: str) -> None:
    """Refuse a card that is another customer's, or that was used up or detached.

    ``intent`` is what the card is to be used on: ``PaymentIntent`` or ``SetupIntent``.
    """
    if method.spent:
        raise used_up()
    if method.customer is None or method.customer == customer_id:
        return
    if customer_id is None:
        raise StripeError(
            400,
            f"The `payment_method` parameter supplied {method.id} belongs to the Customer "
            f"{method.customer}. Please include the Customer in the `customer` parameter on the "
            f"{intent}.",
            code="parameter_missing",
            param="source",
        )
    raise StripeError(
        400,
        f"The PaymentMethod {method.id} does not belong to the Customer you supplied "
        f"{customer_id}. Please use this PaymentMethod with the Customer that it belongs to "
        "instead.",
        param="payment_method",
    )


def check_attachable(method: PaymentMethod) -> None:
    """Refuse a card that was used up or that the bank declines; nothing is changed."""
    if method.spent:
        raise used_up()
    decline = method.details.card.refusal(method.details.cvc_check is not None)
    if decline is not None:
        raise StripeError(
            402,
            decline.message,
            type="card_error",
            param=decline.param or "",
            **decline_members(decline),
        )


def attach(account: Account, method: PaymentMethod, customer: Customer) -> None:
    """Put the card on file with ``customer``; once more for the same customer changes nothing."""
    if method.customer == customer.id:
        return
    if method.customer is not None:
        raise StripeError(
            400, "The payment method you provided has already been attached to a customer."
        )
    check_attachable(method)
    keep(account, method, customer)


def keep(account: Account, method: PaymentMethod, customer: Customer) -> None:
    """Attach a card that the bank has agreed to, its CVC seen."""
    mark_checked(method)
    account.payment_methods.change(method, "customer", customer.id)
    account.emit("payment_method.attached", method)


def mark_checked(method: PaymentMethod) -> None:
    """The bank has seen the CVC, if one was given."""
    if method.details.cvc_check == "unchecked":
        method.details = msgspec.structs.replace(method.details, cvc_check="pass")


def detach(account: Account, method: PaymentMethod) -> None:
    """Take the card off file, for good; a default card stops being one."""
    if method.customer is None:
        raise StripeError(
            400,
            "The payment method you provided is not attached to a customer so detachment is "
            "impossible.",
        )
    customer = account.customers.get(method.customer)
    previous = {"customer": method.customer}
    _forget(account, method)
    account.emit("payment_method.detached", method, previous)
    if customer is not None and customer.default_payment_method == method.id:
        before = account.render(customer)
        customer.default_payment_method = None
        account.emit(
            "customer.updated", customer, previous_attributes(before, account.render(customer))
        )


def forget_cards(account: Account, customer: Customer) -> None:
    """Take every card of a customer who is being deleted off file."""
    for method in tuple(account.payment_methods.where("customer", customer.id)):
        _forget(account, method)


def not_on_file(id: str) -> StripeError:
    """A default card must be one of the customer's own."""
    return StripeError(
        400,
        f"The customer does not have a payment method with the ID {id}. The payment method must "
        "be attached to the customer.",
        code="resource_missing",
        param="invoice_settings[default_payment_method]",
    )


def used_up() -> StripeError:
    """A card that was used without being attached, or that was detached, is of no more use."""
    return StripeError(
        400,
        "The provided PaymentMethod was previously used with a PaymentIntent without Customer "
        "attachment, shared with a connected account without Customer attachment, or was "
        "detached from a Customer. It may not be used again. To use a PaymentMethod multiple "
        "times, you must attach it to a Customer first.",
    )


def _forget(account: Account, method: PaymentMethod) -> None:
    account.payment_methods.change(method, "customer", None)
    method.spent = True
