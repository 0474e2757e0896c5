"""Saving a card with a SetupIntent: the bank's yes, no, or "let me ask the student first"."""

from sandbox import declines
from sandbox.account import Account
from sandbox.actions.saving import keep, mark_checked
from sandbox.cards import Challenge
from sandbox.declines import Decline
from sandbox.records import Failure, NextAction, PaymentMethod, SetupAttempt, SetupIntent
from sandbox.states import IntentStatus, SetupAttemptStatus

CHALLENGED = (Challenge.UNTIL_SET_UP, Challenge.ALWAYS, Challenge.SAYS_THE_BANK)


def confirm(
    account: Account,
    intent: SetupIntent,
    method: PaymentMethod,
    challenge: NextAction | None = None,
) -> None:
    """Ask the bank. Afterwards the intent has succeeded, requires action, or has failed.

    ``challenge`` is what the student is to do if the bank wants to ask them.
    """
    intent.payment_method = method.id
    intent.last_error = None
    intent.latest_attempt = _begin(account, intent, method).id
    if method.details.card.challenge in CHALLENGED:
        intent.status = IntentStatus.REQUIRES_ACTION
        intent.next_action = challenge
        account.emit("setup_intent.requires_action", intent)
        return
    _conclude(account, intent, method)


def finish_challenge(account: Account, intent: SetupIntent, *, passed: bool) -> None:
    """The student has completed or failed the challenge."""
    method = account.require(account.payment_methods, intent.payment_method or "", None)
    if not passed:
        _fail(account, intent, method, declines.AUTHENTICATION_FAILED)
        return
    method.set_up = True
    _conclude(account, intent, method)


def cancel(account: Account, intent: SetupIntent, reason: str | None) -> None:
    """Give the set-up up."""
    if intent.status is IntentStatus.REQUIRES_ACTION:
        _attempt(account, intent).status = SetupAttemptStatus.ABANDONED
    intent.status = IntentStatus.CANCELED
    intent.cancellation_reason = reason
    intent.next_action = None
    account.emit("setup_intent.canceled", intent)


def _conclude(account: Account, intent: SetupIntent, method: PaymentMethod) -> None:
    details = method.details
    decline = details.card.refusal(details.cvc_check is not None)
    if decline is not None:
        _fail(account, intent, method, decline)
        return
    customer = None if intent.customer is None else account.live_customer(intent.customer)
    if customer is None:
        mark_checked(method)
    elif method.customer != customer.id:
        keep(account, method, customer)
    intent.status = IntentStatus.SUCCEEDED
    intent.next_action = None
    _attempt(account, intent).status = SetupAttemptStatus.SUCCEEDED
    account.emit("setup_intent.succeeded", intent)


def _fail(account: Account, intent: SetupIntent, method: PaymentMethod, decline: Decline) -> None:
    intent.status = IntentStatus.REQUIRES_PAYMENT_METHOD
    intent.payment_method = None
    intent.next_action = None
    intent.last_error = Failure(decline=decline, payment_method=method.id)
    attempt = _attempt(account, intent)
    attempt.status, attempt.error = SetupAttemptStatus.FAILED, intent.last_error
    account.emit("setup_intent.setup_failed", intent)


def _begin(account: Account, intent: SetupIntent, method: PaymentMethod) -> SetupAttempt:
    attempt = SetupAttempt(
        **account.stamp("setatt"),
        setup_intent=intent.id,
        customer=intent.customer,
        payment_method=method.id,
        status=SetupAttemptStatus.REQUIRES_ACTION,
        usage=intent.usage,
    )
    account.setup_attempts.add(attempt)
    return attempt


def _attempt(account: Account, intent: SetupIntent) -> SetupAttempt:
    return account.require(account.setup_attempts, intent.latest_attempt or "", None)
