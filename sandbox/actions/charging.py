"""Asking the bank for money: a hold, a payment, a challenge or a refusal."""

from sandbox import declines
from sandbox.account import Account
from sandbox.actions import capturing
from sandbox.actions.saving import keep, mark_checked
from sandbox.cards import Challenge
from sandbox.declines import Decline
from sandbox.money import DAY
from sandbox.records import Charge, Failure, NextAction, PaymentIntent, PaymentMethod
from sandbox.states import IntentStatus
from sandbox.truth import FailedAttempt, is_lesson

HOLD_LASTS = 7 * DAY
VISA_HOLD_LASTS_OFF_SESSION = 4 * DAY + 18 * 3_600
"""Visa's window for payments the shop makes on its own; shorter than the five days before a
lesson, which is why ``capture_before`` has to be read and not assumed."""


def confirm(
    account: Account,
    intent: PaymentIntent,
    method: PaymentMethod,
    *,
    off_session: bool,
    challenge: NextAction | None = None,
) -> None:
    """Ask the bank. Afterwards the intent is held, succeeded, requires action, or has failed."""
    intent.payment_method = method.id
    intent.off_session = off_session
    intent.last_error = None
    intent.next_action = None
    if intent.customer is not None and is_lesson(intent.metadata):
        account.truth.attempted(intent.customer, intent.created, intent.seq)
    if not off_session and method.details.card.challenge is not Challenge.NEVER:
        intent.status = IntentStatus.REQUIRES_ACTION
        intent.next_action = challenge
        account.emit("payment_intent.requires_action", intent)
    elif off_session and method.details.card.challenge is Challenge.SAYS_THE_BANK:
        _refuse(account, intent, method, declines.AUTHENTICATION_REQUIRED)
    elif off_session and _unauthenticated(method):
        _fail(account, intent, method, declines.AUTHENTICATION_REQUIRED, charge=None)
    else:
        _charge(account, intent, method, authenticated=False)


def finish_challenge(account: Account, intent: PaymentIntent, *, passed: bool) -> None:
    """The student has completed or failed the challenge."""
    method = account.require(account.payment_methods, intent.payment_method or "", None)
    intent.next_action = None
    if passed:
        _charge(account, intent, method, authenticated=True)
    else:
        _fail(account, intent, method, declines.AUTHENTICATION_FAILED, charge=None)


def _unauthenticated(method: PaymentMethod) -> bool:
    challenge = method.details.card.challenge
    if challenge is Challenge.UNTIL_SET_UP:
        return not method.set_up
    return challenge is Challenge.ALWAYS


def _charge(
    account: Account, intent: PaymentIntent, method: PaymentMethod, *, authenticated: bool
) -> None:
    card, details = method.details.card, method.details
    decline = card.at_charge or card.refusal(details.cvc_check is not None)
    if decline is not None:
        _refuse(account, intent, method, decline, authenticated=authenticated)
        return
    mark_checked(method)
    charge = _new_charge(account, intent, method, None, authenticated)
    _remember_card(account, intent, method)
    account.truth.succeeded(intent.id)
    if intent.capture_method == "manual":
        intent.status = IntentStatus.REQUIRES_CAPTURE
        account.emit("charge.succeeded", charge)
        account.emit("payment_intent.amount_capturable_updated", intent)
    else:
        capturing.take(account, intent, charge)


def _refuse(
    account: Account,
    intent: PaymentIntent,
    method: PaymentMethod,
    decline: Decline,
    *,
    authenticated: bool = False,
) -> None:
    """The bank says no, which leaves a failed charge."""
    charge = _new_charge(account, intent, method, decline, authenticated)
    account.emit("charge.failed", charge)
    _fail(account, intent, method, decline, charge=charge.id)


def _new_charge(
    account: Account,
    intent: PaymentIntent,
    method: PaymentMethod,
    decline: Decline | None,
    authenticated: bool,
) -> Charge:
    charge = Charge(
        **account.stamp("ch"),
        payment_intent=intent.id,
        customer=intent.customer,
        payment_method=method.id,
        details=method.details,
        billing=method.billing,
        amount=intent.amount,
        currency=intent.currency,
        description=intent.description,
        metadata=intent.metadata,
        receipt_email=intent.receipt_email,
        shipping=intent.shipping,
        statement_descriptor_suffix=intent.statement_descriptor_suffix,
        decline=decline,
        authenticated=authenticated,
    )
    if decline is None and intent.capture_method == "manual":
        visa_rule = intent.off_session and method.details.card.brand == "visa"
        lasts = VISA_HOLD_LASTS_OFF_SESSION if visa_rule else HOLD_LASTS
        charge.capture_before = charge.created + lasts
        account.timers.schedule(charge.capture_before, "expire_hold", intent.id)
    account.charges.add(charge)
    intent.charges = (*intent.charges, charge.id)
    return charge


def _remember_card(account: Account, intent: PaymentIntent, method: PaymentMethod) -> None:
    if method.customer is not None:
        return
    customer = None if intent.customer is None else account.customers.get(intent.customer)
    if customer is not None and intent.setup_future_usage is not None:
        keep(account, method, customer)
    else:
        method.spent = True


def _fail(
    account: Account,
    intent: PaymentIntent,
    method: PaymentMethod,
    decline: Decline,
    *,
    charge: str | None,
) -> None:
    intent.status = IntentStatus.REQUIRES_PAYMENT_METHOD
    intent.payment_method = None
    intent.last_error = Failure(decline=decline, payment_method=method.id, charge=charge)
    if intent.customer is not None and is_lesson(intent.metadata):
        account.truth.failed(
            FailedAttempt(intent.created, intent.seq, intent.id, intent.customer, method.id)
        )
    account.emit("payment_intent.payment_failed", intent)
