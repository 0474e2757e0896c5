"""The letters of the shop, one function each. Pure.

Names, e-mail addresses and descriptions are as Stripe keeps them, amounts integer minor units
(cents) of `currency`, times unix seconds in UTC. The name under which each letter is sent once
stands in its docstring.
"""

from zoneinfo import ZoneInfo

from shop.mail.letter import Letter, Link, write
from shop.mail.wording import moment, one_line, typed
from shop.rules.decline_reasons import Remedy
from shop.rules.email import Mailbox
from shop.rules.wording import price

NOTHING_CHARGED = "Nothing has been charged."


def welcome(*, name: str | None, email: str, lesson_text: str | None, account_url: str) -> Letter:
    """`welcome:<customer>`: the student's first card is saved.

    Args:
        lesson_text: the lesson's date and time as the student chose it, `01 Dec 3:00 p.m.`.
    """
    lesson = typed(lesson_text)
    asked = f"You have asked for a lesson on {lesson}" if lesson else "You have asked for a lesson"
    return write(
        _to(name, email),
        "Welcome to Ipsum Street",
        [
            _hello(name),
            f"Welcome to Ipsum Street! {asked}, and your card is saved. {NOTHING_CHARGED}",
            "We will confirm your lesson within 24 hours. A few days before it we put a hold on "
            "your card, and we charge it on the day of the lesson.",
            "You can change your name, your e-mail address or your card at any time.",
            Link("Your account page", account_url),
            "See you soon!",
        ],
    )


def account_link(*, name: str | None, email: str, account_url: str) -> Letter:
    """`account-link:<customer>:<time>`: somebody asked for the way to the account page."""
    return write(
        _to(name, email),
        "Your account page at Ipsum Street",
        [
            _hello(name),
            "Here is the way to your account page, where you can change your name, your e-mail "
            "address or your card. The link works for a week.",
            Link("Your account page", account_url),
            "If it wasn't you who asked for this letter, you need not do anything.",
        ],
    )


def hold_placed(
    *,
    name: str | None,
    email: str,
    amount: int,
    currency: str,
    description: str | None,
    last4: str | None,
    capture_before: int | None,
    zone: ZoneInfo,
) -> Letter:
    """`hold-placed:<payment>`: the amount is reserved on the card.

    Args:
        capture_before: when the hold lapses, where Stripe told.
        zone: in which the student reads that time, the shop's.
    """
    held = price(amount, currency)
    lapses = f" by {moment(capture_before, zone)} at the latest" if capture_before else ""
    return write(
        _to(name, email),
        f"We have put a hold of {held} on your card",
        [
            _hello(name),
            f"Your lesson is coming up, so we have put a hold of {held} on {_card(last4)}"
            f"{_for(description)}.",
            f"A hold only reserves the amount. {NOTHING_CHARGED} We charge it on the day of the "
            f"lesson; if we don't, the hold ends by itself{lapses}.",
        ],
    )


def charged(
    *,
    name: str | None,
    email: str,
    amount: int,
    released: int,
    currency: str,
    description: str | None,
    last4: str | None,
) -> Letter:
    """`charged:<payment>`: all or part of the hold was captured.

    Args:
        amount: what was captured.
        released: what was held beyond that and is free again; 0 where all was captured.
    """
    paid = price(amount, currency)
    rest = (
        f" The rest of the hold, {price(released, currency)}, is yours again." if released else ""
    )
    return write(
        _to(name, email),
        f"Your payment of {paid}",
        [
            _hello(name),
            f"We have charged {paid} to {_card(last4)}{_for(description)}.{rest}",
            "Thank you, and keep playing!",
        ],
    )


def refunded(
    *,
    name: str | None,
    email: str,
    amount: int,
    currency: str,
    description: str | None,
    status: str | None,
    last4: str | None = None,
) -> Letter:
    """`refunded:<refund>`: money goes back to the card.

    Args:
        status: the refund's: succeeded, or pending while its bank works on it.
    """
    given = price(amount, currency)
    done = (
        f"We have refunded {given}"
        if status == "succeeded"
        else f"A refund of {given} is on its way"
    )
    return write(
        _to(name, email),
        f"Your refund of {given}",
        [
            _hello(name),
            f"{done} to {_card(last4)}{_for(description)}.",
            "Banks usually take five to ten days until it shows on your statement.",
        ],
    )


def payment_failed(
    *,
    name: str | None,
    email: str,
    amount: int,
    currency: str,
    description: str | None,
    remedy: Remedy,
    account_url: str,
    confirmation_url: str | None,
) -> Letter:
    """`payment-failed:<payment>`: the card was refused, or its bank wants a confirmation.

    Args:
        remedy: what helps; see `shop.rules.decline_reasons`.
        confirmation_url: where the student can confirm the payment, where there is such a page.
    """
    to, due = _to(name, email), price(amount, currency)
    payment = f"the payment of {due}{_for(description)}"
    if remedy is Remedy.AUTHENTICATION and confirmation_url:
        return write(
            to,
            f"Please confirm your lesson payment of {due}",
            [
                _hello(name),
                f"Your bank wants you to confirm {payment}. {NOTHING_CHARGED}",
                "It takes a minute: the page asks your bank, and your bank asks you.",
                Link("Confirm the payment", confirmation_url),
            ],
        )
    return write(
        to,
        f"Your lesson payment of {due} did not go through",
        [
            _hello(name),
            f"Your bank did not accept {payment}. {NOTHING_CHARGED}",
            _what_helps(remedy),
            Link("Your account page", account_url),
        ],
    )


def _what_helps(remedy: Remedy) -> str:
    if remedy is Remedy.TRY_AGAIN:
        return (
            "This often passes by itself, and we will try again. If you would rather use another "
            "card, you can put it down on your account page."
        )
    return "Please put down another card on your account page, and we will try again with that."


def _to(name: str | None, email: str) -> Mailbox:
    """Mail programs show the name before anything else of the letter."""
    return Mailbox(typed(name), email)


def _hello(name: str | None) -> str:
    known = typed(name)
    return f"Hello {known}," if known else "Hello,"


def _card(last4: str | None) -> str:
    return f"your card ending in {last4}" if last4 else "your card"


def _for(description: str | None) -> str:
    words = one_line(description)
    return f' for "{words}"' if words else ""
