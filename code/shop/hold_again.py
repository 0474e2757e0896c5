"""A new hold in an old one's place: it lapses soon, has lapsed, or its card was declined.

The new hold comes first, so that a declined card leaves the old one as it is. Then the others of
its line (`shop.replacements`) are called off, also those that were declined or wait for the
student: confirmed later, they would be a second hold. A new hold that waits for its student itself
does the same once it is confirmed.
"""

from contextlib import nullcontext
from dataclasses import dataclass

from shop.attempts import MADE_BY, digest_of, made_by, outcome_of
from shop.errors import AlreadyHeldAgain, BadRequest, StripeRefused
from shop.locks import one_at_a_time
from shop.payments import authorize, released
from shop.replacements import IN_PLACE_OF, STANDS, Line, line_of
from shop.rules.lesson_ledger import is_lesson
from shop.storage import Storage
from shop.stripe_gateway import StripeGateway
from shop.stripe_gateway.payments import CURRENCY, PaymentIntent

UNEXPECTED_STATE = "payment_intent_unexpected_state"


@dataclass(frozen=True)
class HeldAgain:
    """The new hold; `released` is the old payment, None where it was over already."""

    payment: PaymentIntent
    released: PaymentIntent | None


async def hold_again(
    storage: Storage, gateway: StripeGateway, payment_intent_id: str, *, attempt: str
) -> HeldAgain:
    """Hold the same amount for the same student and lesson, then call off what it replaces.

    Raises:
        AlreadyHeldAgain: another payment has taken this one's place.
        BadRequest: it was captured, is no lesson payment or not in `CURRENCY`, or the student has
            no card (NoCard).
        UnknownCustomer: the student was deleted.
        StripeRefused: the card was declined; the old hold stands, the error names the new payment.
    """
    await storage.redis.ping()  # the student to lock must be read first, and that may take a while
    student = _student_of(await gateway.payments.get(payment_intent_id))
    key = f"{attempt}-hold-again"
    async with (
        one_at_a_time(storage, "student", student),
        one_at_a_time(storage, "payment", payment_intent_id),
    ):
        old = await gateway.payments.get(payment_intent_id)
        line = await line_of(gateway, old)
        made = made_by(key, line.newer)
        if made is not None and made.status in STANDS:
            payment = await _made_before(storage, gateway, old, line, made.id, attempt=attempt)
        else:
            payment = await _placed(storage, gateway, old, line, attempt=key)
        lapsed = made is None and old.status == "canceled"
        to_call_off = [*([] if lapsed else [old.id]), *line.to_call_off, *line.waiting]
        let_go = {
            name: await _let_go(storage, gateway, name, attempt=attempt, locked=name == old.id)
            for name in dict.fromkeys(to_call_off if payment.status in STANDS else ())
            if name != payment.id
        }
    return HeldAgain(payment, let_go.get(old.id))


async def call_off_replaced(
    storage: Storage, gateway: StripeGateway, payment_intent_id: str
) -> bool:
    """Call off what a hold has replaced; for events, which may come late or twice.

    Its student has confirmed it by now, or whoever placed it did not come so far; by now it may be
    captured. Where one that it was to replace was captured first, the lesson is paid, and the hold
    itself is called off.

    Returns:
        Whether it still stands.
    """
    payment = await gateway.payments.get(payment_intent_id)
    if IN_PLACE_OF not in payment.metadata:
        return True
    async with one_at_a_time(storage, "student", _student_of(payment)):
        payment = await gateway.payments.get(payment_intent_id)
        if payment.status not in STANDS:
            return False
        line = await line_of(gateway, payment)
        comes_too_late = payment.status == "requires_capture" and bool(line.captured)
        for name in [payment.id] if comes_too_late else line.to_call_off:
            await _let_go(storage, gateway, name, attempt=f"replaced-by-{payment.id}")
    return not comes_too_late


def _student_of(payment: PaymentIntent) -> str:
    if payment.customer is None or not is_lesson(payment.metadata):
        raise BadRequest("This is not the payment of a lesson.")
    return payment.customer


async def _placed(
    storage: Storage, gateway: StripeGateway, old: PaymentIntent, line: Line, *, attempt: str
) -> PaymentIntent:
    """A hold in the old one's place, where none stands there."""
    _refuse_another_currency(old)
    _refuse_a_second(old, line)
    return await authorize(
        storage,
        gateway,
        customer_id=_student_of(old),
        amount=old.amount,
        description=old.description,
        metadata=old.metadata | {IN_PLACE_OF: line.first, MADE_BY: digest_of(attempt)},
        attempt=attempt,
    )


async def _made_before(
    storage: Storage,
    gateway: StripeGateway,
    old: PaymentIntent,
    line: Line,
    name: str,
    *,
    attempt: str,
) -> PaymentIntent:
    """The payment `name` that this attempt has made; called off where the old one was captured."""
    payment = await outcome_of(storage, gateway, name)
    if old.status == "succeeded":
        await _let_go(storage, gateway, name, attempt=attempt)
        _refuse_a_second(old, line)
    return payment


def _refuse_another_currency(old: PaymentIntent) -> None:
    """Somebody made it at Stripe by hand; the same number of cents is another amount."""
    if old.currency != CURRENCY:
        raise BadRequest(f"This payment is in {old.currency}, and holds are in {CURRENCY}.")


def _refuse_a_second(old: PaymentIntent, line: Line) -> None:
    if old.status == "succeeded":
        raise BadRequest("This payment was captured already.", code=UNEXPECTED_STATE)
    if line.in_its_place is not None:
        raise AlreadyHeldAgain(line.in_its_place.id)


async def _let_go(
    storage: Storage, gateway: StripeGateway, name: str, *, attempt: str, locked: bool = False
) -> PaymentIntent | None:
    """The payment `name`, called off; None where it was over a moment ago."""
    lock = nullcontext() if locked else one_at_a_time(storage, "payment", name)
    async with lock:
        try:
            return await released(storage, gateway, name, attempt=f"{attempt}-release-{name}")
        except StripeRefused as error:
            if error.code != UNEXPECTED_STATE:
                raise
            return None
